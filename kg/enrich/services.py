"""The services that can be asked, and the addresses of questions to them.

An address is a fixed form with one identifier in it. The identifier is checked and percent-encoded, so that no text of
a record can lead a request anywhere else.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

from kg.errors import EnrichError

_DOI: Final = re.compile(r"10\.\d{4,9}/[!-~]{1,300}")
_PMID: Final = re.compile(r"[1-9]\d{0,8}")
_ORCID: Final = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]")
_REPOSITORY: Final = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]{0,60})/([A-Za-z0-9._-]{1,100})")


@dataclass(frozen=True, slots=True)
class Service:
    """One service.

    Attributes:
        name: As in ``--from``.
        label: For people.
        base: What every address of the service begins with.
        interval: Seconds between two requests at least, well inside what the service documents.
        secret: Environment variable with a key or token of the user, or ``""``.
    """

    name: str
    label: str
    base: str
    interval: float
    secret: str = ""


SERVICES: Final = {
    service.name: service
    for service in (
        Service("crossref", "Crossref", "https://api.crossref.org", 0.5),
        Service("datacite", "DataCite", "https://api.datacite.org", 0.7),
        Service("europepmc", "Europe PMC", "https://www.ebi.ac.uk/europepmc/webservices/rest", 0.3),
        Service("openalex", "OpenAlex", "https://api.openalex.org", 0.2, "OPENALEX_API_KEY"),
        Service("github", "GitHub", "https://api.github.com", 0.8, "GITHUB_TOKEN"),
    )
}


def _checked(pattern: re.Pattern[str], text: str, what: str) -> str:
    if pattern.fullmatch(text) is None:
        raise EnrichError(f"{text[:80]!r} is not {what}: nothing was asked")
    return text


def crossref_path(doi: str) -> str:
    """Path of a work at Crossref.

    >>> crossref_path("10.1000/a/../b?c")
    '/works/10.1000%2Fa%2F..%2Fb%3Fc'
    """
    return f"/works/{quote(_checked(_DOI, doi, 'a DOI'), safe='')}"


def datacite_path(doi: str) -> str:
    """Path of a DOI at DataCite."""
    return f"/dois/{quote(_checked(_DOI, doi, 'a DOI'), safe='')}"


def openalex_work_path(doi: str) -> str:
    """Path of a work at OpenAlex."""
    return f"/works/doi:{quote(_checked(_DOI, doi, 'a DOI'), safe='')}"


def openalex_author_path(orcid: str) -> str:
    """Path of a person at OpenAlex."""
    return f"/authors/orcid:{_checked(_ORCID, orcid, 'an ORCID')}"


def europepmc_doi_path(doi: str) -> str:
    """Path of a search for one DOI at Europe PMC."""
    return _europepmc_path(f'DOI:"{_checked(_DOI, doi, "a DOI")}"')


def europepmc_pmid_path(pmid: str) -> str:
    """Path of a search for one PubMed id at Europe PMC."""
    return _europepmc_path(f"EXT_ID:{_checked(_PMID, pmid, 'a PubMed id')} AND SRC:MED")


def _europepmc_path(query: str) -> str:
    return f"/search?query={quote(query, safe='')}&resultType=core&format=json&pageSize=5"


def github_path(repository: str, part: str = "") -> str:
    """Path of a repository at GitHub, or of a part of it.

    Args:
        repository: ``owner/name``.
        part: Fixed text, such as ``/license``.
    """
    owner, _, name = _checked(_REPOSITORY, repository, "owner/name of a repository").partition("/")
    if set(name) == {"."}:
        raise EnrichError(f"{repository!r} is not owner/name of a repository: nothing was asked")
    return f"/repos/{quote(owner, safe='')}/{quote(name, safe='')}{part}"


def endpoint(text: str) -> tuple[str, str]:
    """Read ``SERVICE=ADDRESS``, which sends the questions for a service elsewhere.

    Returns:
        Name of the service and the address without a slash at its end.

    Raises:
        EnrichError: The service is unknown, or the address is neither ``https:`` nor on this machine.

    Example:
        >>> endpoint("crossref=http://127.0.0.1:8080/")
        ('crossref', 'http://127.0.0.1:8080')
    """
    name, _, address = text.partition("=")
    if name not in SERVICES:
        raise EnrichError(f"there is no service {name!r}: choose from {', '.join(SERVICES)}")
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise EnrichError(f"{address!r} is not an address: {error}") from error
    here = host in {"127.0.0.1", "::1", "localhost"}
    if not host or parts.scheme not in {"http", "https"} or parts.username or parts.query or parts.fragment:
        raise EnrichError(f"{address!r} is not the address of a service: write https://host/path")
    if parts.scheme == "http" and not here:
        raise EnrichError(f"{address!r} is not safe: write https, http is only for this machine")
    return name, address.rstrip("/")
