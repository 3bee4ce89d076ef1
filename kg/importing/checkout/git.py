"""Commit and days of a git repository, read from its object files; git is not called and no setting is obeyed."""

import contextlib
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from kg.errors import ImportSourceError
from kg.importing.checkout.folder import read_plain
from kg.importing.text import repository_of

_MAX_COMMITS: Final = 50_000
_MAX_OBJECT: Final = 2_000_000
_MAX_PACKS: Final = 1_000_000_000
_HASH: Final = re.compile(r"[0-9a-f]{40}")
_REFERENCE: Final = re.compile(r"refs/[A-Za-z0-9._/-]{1,200}")
_EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC).timestamp()


class History(NamedTuple):
    """What the history says.

    Attributes:
        commit: Hash that is checked out.
        first: Day of the oldest commit, UTC; ``""`` when the history is cut (a shallow clone) or unreadable.
        last: Day of the newest commit.
        repository: ``owner/name`` of the remote ``origin``, or ``""``.
        cut: Why a day is missing, or ``""``.
    """

    commit: str
    first: str = ""
    last: str = ""
    repository: str = ""
    cut: str = ""


def read_history(root: Path) -> History | None:
    """Read the history of a checkout.

    Args:
        root: The folder that holds ``.git``.

    Returns:
        None when there is no ``.git``.

    Raises:
        ImportSourceError: ``.git`` leads out of the folder, or cannot be read.
    """
    git = root / ".git"
    if not git.exists() and not git.is_symlink():
        return None
    _stays_inside(git)
    commit = _head(git)
    first, last, cut = _days(git, commit)
    return History(commit, first, last, _origin(git), cut)


def _stays_inside(git: Path) -> None:
    """Refuse a repository whose parts lie elsewhere: a work tree's pointer, alternates, links."""
    cure = "clone it again as a plain repository"
    if git.is_symlink() or not git.is_dir():
        raise ImportSourceError(f".git is not a folder: {cure}")
    for name in ("commondir", "objects/info/alternates", "objects/info/http-alternates"):
        if os.path.lexists(git / name):
            raise ImportSourceError(f".git/{name} leads to another repository: {cure}")
    size = 0
    for folder in (git, git / "objects", git / "objects" / "pack", git / "refs"):
        try:
            entries = list(os.scandir(folder))
        except OSError as error:
            raise ImportSourceError(f".git/{folder.name} cannot be read: {error.strerror}") from error
        if any(entry.is_symlink() for entry in entries):
            raise ImportSourceError(f".git/{folder.name} holds links: {cure}")
        if folder.name == "pack":
            size = sum(e.stat(follow_symlinks=False).st_size for e in entries)
            irregular = any(not e.is_file(follow_symlinks=False) for e in entries)
            if irregular or size > _MAX_PACKS:
                raise ImportSourceError(f".git/objects/pack is too large or irregular: {cure}")


def _head(git: Path) -> str:
    text = (read_plain(git / "HEAD", 500) or b"").decode("ascii", "replace").strip()
    name = text.removeprefix("ref: ")
    if text != name:
        if not _REFERENCE.fullmatch(name) or ".." in name or any((git / p).is_symlink() for p in _above(name)):
            raise ImportSourceError(".git/HEAD is not a reference")
        text = (read_plain(git / name, 100) or b"").decode("ascii", "replace").strip()
        text = text or _packed(git, name)
    if not _HASH.fullmatch(text):
        raise ImportSourceError(".git/HEAD names no commit")
    return text


def _above(name: str) -> list[str]:
    parts = name.split("/")
    return ["/".join(parts[:n]) for n in range(1, len(parts))]


def _packed(git: Path, name: str) -> str:
    text = (read_plain(git / "packed-refs", 5_000_000) or b"").decode("ascii", "replace")
    return next((line[:40] for line in text.splitlines() if line[41:] == name), "")


def _origin(git: Path) -> str:
    """``owner/name`` of the remote ``origin``; the file is only searched, none of its settings is obeyed."""
    text = (read_plain(git / "config", 200_000) or b"").decode("utf-8", "replace")
    match = re.search(r'^\[remote "origin"\][^\[]*?^\s*url\s*=\s*(\S{1,300})', text, re.MULTILINE)
    address = re.sub(r"^(?:ssh://)?git@([\w.]+)[:/]", r"https://\1/", match.group(1)) if match else ""
    return repository_of(address) or ""


def _days(git: Path, head: str) -> tuple[str, str, str]:
    """Days of the oldest and newest commit, and why one is missing."""
    try:
        from dulwich.object_store import DiskObjectStore
        from dulwich.objects import Commit, ObjectID
    except ImportError:
        return "", "", "the history needs dulwich: pip install 'stkg[import]'"
    shallow = os.path.lexists(git / "shallow")
    times: list[int] = []
    first = ObjectID(head.encode())
    seen, waiting = {first}, [first]
    try:
        store = DiskObjectStore(git / "objects", loose_object_size_limit=_MAX_OBJECT, alternates=())
        with contextlib.closing(store):
            while waiting and len(seen) < _MAX_COMMITS:
                found = store[waiting.pop()]
                if not isinstance(found, Commit):
                    break
                times.append(int(found.commit_time))
                new = [parent for parent in found.parents if parent not in seen] if not shallow else []
                seen.update(new)
                waiting += new
    except Exception as error:  # noqa: BLE001  a broken repository can raise anything; all of it means the same
        return "", "", f"the history cannot be read: {type(error).__name__}"
    good = [time for time in times if _EARLIEST < time < 2**33]
    if not good:
        return "", "", "no commit has a day"
    if shallow or waiting:
        return "", _day(max(good)), "the history is cut: clone it without --depth"
    return _day(min(good)), _day(max(good)), ""


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()
