"""Write files so that a reader finds the old text or the new one, never a half."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from kg.errors import OutputError


@contextlib.contextmanager
def atomic_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file for writing that takes its place only when all went well.

    Args:
        path: Where the file shall stand; its folder is made when missing.

    Yields:
        A binary file next to ``path``; it is flushed to disk and renamed at the end, and removed on any error.

    Raises:
        OutputError: The folder or file cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = temporary.open("xb")
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}") from error
    try:
        with handle:
            yield handle
            handle.flush()
            os.fsync(handle.fileno())
        temporary.replace(path)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}") from error
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    r"""Write UTF-8 text with ``\n`` line ends, atomically.

    Raises:
        OutputError: The file cannot be written; what stood there is untouched.
    """
    with atomic_file(path) as handle:
        handle.write(text.encode("utf-8"))
