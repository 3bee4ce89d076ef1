"""Files of a folder that nobody vouches for: within limits, without links, text only."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from kg.errors import ImportSourceError

MAX_FILES: Final = 20_000
MAX_DEPTH: Final = 12
MAX_FILE: Final = 1_000_000
MAX_TOTAL: Final = 60_000_000
# O_NOFOLLOW: a file that became a link since it was listed is not opened. O_NONBLOCK: a pipe does not hang.
_FLAGS: Final = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


class Folder:
    """The plain files below a folder.

    Args:
        root: The folder.

    Attributes:
        files: Paths relative to the root with ``/``, and sizes in bytes; sorted. No links, nothing below ``.git``.

    Raises:
        ImportSourceError: It cannot be listed, or has more files than can be read.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files = dict(sorted(self._walk(root, "", 0)))
        self._read = 0

    def _walk(self, folder: Path, prefix: str, depth: int) -> Iterator[tuple[str, int]]:
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            raise ImportSourceError(f"{str(folder)!r} cannot be listed: {error.strerror}") from error
        if len(entries) > MAX_FILES:
            raise ImportSourceError(f"a folder has more than {MAX_FILES} files")
        count = 0
        for entry in entries:
            if entry.name == ".git" or not entry.name.isprintable() or entry.is_symlink():
                continue
            if entry.is_dir(follow_symlinks=False) and depth < MAX_DEPTH:
                for found in self._walk(Path(entry.path), f"{prefix}{entry.name}/", depth + 1):
                    count += 1
                    self._limit(count)
                    yield found
            elif entry.is_file(follow_symlinks=False):
                count += 1
                self._limit(count)
                yield prefix + entry.name, entry.stat(follow_symlinks=False).st_size

    @staticmethod
    def _limit(count: int) -> None:
        if count > MAX_FILES:
            raise ImportSourceError(f"the folder has more than {MAX_FILES} files")

    def text(self, path: str) -> str:
        """Text of a file, or ``""`` when it is too large, no UTF-8 text, or the limit of all is reached."""
        size = self.files.get(path, MAX_FILE + 1)
        if size > MAX_FILE or self._read + size > MAX_TOTAL:
            return ""
        self._read += size
        content = read_plain(self.root / path, MAX_FILE)
        if content is None or b"\0" in content:
            return ""
        try:
            return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            return content.decode("latin-1").replace("\r\n", "\n").replace("\r", "\n")

    def named(self, *names: str) -> list[str]:
        """Files at the top of the folder with one of these names, without regard to case, in the order of the names."""
        top = {path.lower(): path for path in self.files if "/" not in path}
        return [top[name] for name in names if name in top]


def read_plain(path: Path, limit: int) -> bytes | None:
    """Up to ``limit`` bytes of a plain file; None when it is none, is a link, or cannot be read."""
    try:
        handle = os.open(path, _FLAGS)
    except (OSError, ValueError):
        return None
    with os.fdopen(handle, "rb") as file:
        try:
            return file.read(limit)
        except OSError:
            return None
