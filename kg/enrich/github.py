"""Read what GitHub says of a repository: https://docs.github.com/rest/repos."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from kg.enrich.works import at, day_of, text_at

_LAST: Final = re.compile(r"<[^<>]*[?&]page=(\d{1,7})[^<>]*>; rel=\"last\"")
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class RepositoryState:
    """A repository as GitHub shows it.

    Attributes:
        name: ``owner/name`` today; another than asked for when it moved.
        spdx: Licence that GitHub recognised, or ``""``.
        archived: Whether it is read-only; None when the answer does not say.
        fork: Whether its history is another repository's.
        about: Its one-line description.
        language: Main language by size.
    """

    name: str
    spdx: str = ""
    archived: bool | None = None
    fork: bool = False
    about: str = ""
    language: str = ""


def read_repository(answer: Any) -> RepositoryState | None:
    """The repository of a ``/repos/{owner}/{repo}`` answer, or None."""
    name = text_at(answer, "full_name")
    if _NAME.fullmatch(name) is None:
        return None
    archived = at(answer, "archived")
    return RepositoryState(
        name,
        read_license(answer),
        archived if isinstance(archived, bool) else None,
        at(answer, "fork") is True,
        text_at(answer, "description"),
        text_at(answer, "language"),
    )


def read_license(answer: Any) -> str:
    """SPDX identifier in an answer about a repository or its licence; ``""`` for one that GitHub did not recognise."""
    spdx = text_at(answer, "license", "spdx_id")
    return spdx if re.fullmatch(r"[A-Za-z0-9.+-]+", spdx) and spdx != "NOASSERTION" else ""


def read_commit_day(answer: Any) -> date | None:
    """Day (UTC) of the newest commit of a ``/commits`` answer."""
    return day_of(text_at(answer, 0, "commit", "committer", "date"))


def last_page(link: str) -> int | None:
    """Number of the last page in a ``Link`` header, or None.

    >>> last_page('<https://api.github.com/repositories/1/commits?per_page=1&page=212>; rel="last"')
    212
    """
    match = _LAST.search(link)
    return int(match[1]) if match else None
