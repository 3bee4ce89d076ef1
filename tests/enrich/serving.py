"""A local server that speaks as Crossref, DataCite, Europe PMC, OpenAlex and GitHub do, faults included.

All people, works and identifiers are made up; 10.5555 is the prefix that registrars keep for examples.
"""

import json
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from kg.enrich.client import Client, Settings, open_client
from kg.model.vocabularies import orcid_check_digit

DOI: Final = "10.5555/example.1"
PREPRINT: Final = "10.48550/arxiv.2305.00001"
TITLE: Final = "ExampleST: spatial domains from graphs of spots"
NAMES: Final = ("Ada Example", "Berta Probe", "Chen Muster")


def orcid(number: int) -> str:
    """A made-up ORCID with a right check digit."""
    base = f"{number:015d}"
    digits = base + orcid_check_digit(base)
    return "-".join(digits[start : start + 4] for start in range(0, 16, 4))


@dataclass
class Reply:
    """One answer.

    Attributes:
        cut: Announce this many bytes more than are sent.
        write: Sends the body in a way of its own.
    """

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int = 0
    write: Callable[[BaseHTTPRequestHandler], None] | None = None

    def content(self) -> bytes:
        """The body as bytes; JSON unless it is bytes already."""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass
class Services:
    """What the server answers, and what it was asked.

    Attributes:
        replies: Path with query to the replies in order; the last one is repeated.
        asked: Method, path and headers of each request.
    """

    replies: dict[str, list[Reply]] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    base: str = ""
    _used: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    def on(self, path: str, *replies: Reply) -> None:
        """Set what a path answers."""
        self.replies[path] = list(replies)
        self._used[path] = 0

    def next(self, path: str) -> Reply:
        """The next answer of a path; 404 for one that is not set."""
        found = self.replies.get(path)
        if not found:
            return Reply({"message": "Not Found"}, 404)
        self._used[path] += 1
        return found[min(self._used[path], len(found)) - 1]

    @property
    def paths(self) -> list[str]:
        """Paths in the order they were asked for."""
        return [path for _, path, _ in self.asked]

    def endpoints(self) -> dict[str, str]:
        """Addresses for ``Settings``."""
        return {name: f"{self.base}/{name}" for name in ("crossref", "datacite", "europepmc", "openalex", "github")}

    def client(self, folder: Path, clock: "FakeClock | None" = None, **settings: Any) -> Client:
        """A client that asks this server and never really waits."""
        chosen = {"email": "curator@example.org", "endpoints": self.endpoints(), **settings}
        return open_client(folder, Settings(**chosen), clock=clock or FakeClock())


@dataclass
class FakeClock:
    """Time that passes only by sleeping, and by ``tick`` at each look."""

    now: float = 0.0
    tick: float = 0.0
    day: date = date(2026, 11, 20)
    slept: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        """Seconds since the beginning."""
        self.now += self.tick
        return self.now

    def sleep(self, seconds: float) -> None:
        """Pass the time."""
        self.slept.append(seconds)
        self.now += seconds

    def today(self) -> date:
        """The day."""
        return self.day


@contextmanager
def running() -> Iterator[Services]:
    """Serve on a free port of this machine until the end of the block."""
    services = Services()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            services.asked.append((self.command, self.path, headers))
            reply = services.next(self.path)
            etag = reply.headers.get("ETag")
            if etag and headers.get("if-none-match") == etag:
                reply = Reply(b"", 304, {"ETag": etag})
            content = reply.content()
            self.send_response(reply.status)
            for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                self.send_header(name, value)
            if reply.write is None:
                self.send_header("Content-Length", str(len(content) + reply.cut))
            self.end_headers()
            if self.command == "HEAD":
                return
            if reply.write is not None:
                self.close_connection = True
                reply.write(self)
                return
            self.wfile.write(content)
            self.close_connection = bool(reply.cut)

        def do_HEAD(self) -> None:
            self.do_GET()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that left in the middle is what some tests are about."""

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    services.base = f"http://127.0.0.1:{server.server_port}"
    try:
        yield services
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def crossref_work(**changes: Any) -> dict[str, Any]:
    """A ``/works/{doi}`` answer in Crossref's form."""
    message: dict[str, Any] = {
        "DOI": DOI.upper(),
        "type": "journal-article",
        "title": ["<i>ExampleST</i>: spatial domains   from graphs of spots"],
        "container-title": ["Journal of Examples"],
        "published-online": {"date-parts": [[2024, 2, 1]]},
        "published-print": {"date-parts": [[2024, 6]]},
        "issued": {"date-parts": [[2024, 2, 1]]},
        "author": [
            {"given": "Ada", "family": "Example", "sequence": "first", "ORCID": f"http://orcid.org/{orcid(11)}"},
            {"given": "Berta", "family": "Probe", "sequence": "additional", "affiliation": []},
            {"given": "Chen", "family": "Muster", "sequence": "additional"},
        ],
        "relation": {"has-preprint": [{"id-type": "doi", "id": PREPRINT, "asserted-by": "object"}]},
    }
    return {"status": "ok", "message-type": "work", "message": {**message, **changes}}


def europepmc_search(**changes: Any) -> dict[str, Any]:
    """A ``/search`` answer in Europe PMC's form."""
    result: dict[str, Any] = {
        "id": "12345678",
        "source": "MED",
        "pmid": "12345678",
        "doi": DOI,
        "title": f"{TITLE}.",
        "authorList": {
            "author": [
                {"fullName": "Example A", "firstName": "Ada", "lastName": "Example", "initials": "A"},
                {
                    "fullName": "Probe B",
                    "firstName": "Berta",
                    "lastName": "Probe",
                    "authorId": {"type": "ORCID", "value": orcid(22)},
                },
                {"fullName": "Muster C", "firstName": "Chen", "lastName": "Muster"},
            ]
        },
        "journalInfo": {"journal": {"title": "Journal of examples"}},
        "pubYear": "2024",
        "firstPublicationDate": "2024-02-01",
    }
    return {"version": "6.9", "hitCount": 1, "resultList": {"result": [{**result, **changes}]}}


def openalex_work(**changes: Any) -> dict[str, Any]:
    """A ``/works/doi:…`` answer in OpenAlex's form."""
    work: dict[str, Any] = {
        "id": "https://openalex.org/W1",
        "doi": f"https://doi.org/{DOI}",
        "title": TITLE,
        "publication_year": 2024,
        "type": "article",
        "ids": {"openalex": "https://openalex.org/W1", "pmid": "https://pubmed.ncbi.nlm.nih.gov/12345678"},
        "primary_location": {"source": {"display_name": "Journal of Examples"}},
        "authorships": [
            {"author_position": "first", "author": {"id": "https://openalex.org/A1", "display_name": name}}
            for name in NAMES
        ],
    }
    return {**work, **changes}


def datacite_doi(**changes: Any) -> dict[str, Any]:
    """A ``/dois/{doi}`` answer in DataCite's form."""
    attributes: dict[str, Any] = {
        "doi": PREPRINT,
        "titles": [{"title": TITLE}],
        "creators": [
            {
                "name": "Example, Ada",
                "nameType": "Personal",
                "givenName": "Ada",
                "familyName": "Example",
                "nameIdentifiers": [
                    {"nameIdentifier": f"https://orcid.org/{orcid(11)}", "nameIdentifierScheme": "ORCID"}
                ],
            },
            {"name": "Probe, Berta", "nameIdentifiers": []},
        ],
        "publisher": "arXiv",
        "publicationYear": 2023,
        "dates": [
            {"date": "2023-05-01T10:00:00Z", "dateType": "Submitted"},
            {"date": "2023-05", "dateType": "Available"},
        ],
        "types": {"resourceTypeGeneral": "Preprint"},
        "relatedIdentifiers": [
            {"relationType": "IsVersionOf", "relatedIdentifierType": "DOI", "relatedIdentifier": DOI}
        ],
    }
    return {"data": {"id": attributes["doi"], "type": "dois", "attributes": {**attributes, **changes}}}


def github_repository(**changes: Any) -> dict[str, Any]:
    """A ``/repos/{owner}/{repo}`` answer in GitHub's form."""
    found: dict[str, Any] = {
        "id": 1,
        "full_name": "example-lab/ExampleST",
        "private": False,
        "fork": False,
        "archived": False,
        "created_at": "2023-04-01T00:00:00Z",
        "pushed_at": "2024-11-30T12:00:00Z",
        "license": {"key": "mit", "name": "MIT License", "spdx_id": "MIT"},
    }
    return {**found, **changes}


def github_commits(day: str) -> list[dict[str, Any]]:
    """A ``/commits`` answer with one commit."""
    return [{"sha": "0" * 40, "commit": {"committer": {"name": "x", "date": f"{day}T12:00:00Z"}}}]
