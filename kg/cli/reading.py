"""Read what a user names: a file, or standard input."""

import sys
from pathlib import Path

from kg.errors import KgError


def read_input(name: str, most: int, refusal: type[KgError]) -> bytes:
    """Bytes of a file, or of standard input for ``-``.

    Args:
        name: A path, or ``-``.
        most: How many bytes are of use; one more is read, so that the caller can tell that there are too many.
        refusal: What to raise.

    Raises:
        KgError: Of the class ``refusal``: the file cannot be read.
    """
    if name == "-":
        return sys.stdin.buffer.read(most + 1)
    try:
        with Path(name).open("rb") as file:
            return file.read(most + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise refusal(f"{name!r} cannot be read: {reason}") from error
