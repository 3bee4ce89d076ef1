"""The client is patient and polite, keeps what it got, and trusts nothing that it is sent."""

import gzip
import json
import socket
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from kg.enrich.addresses import is_public, public_addresses
from kg.enrich.client import MAX_BYTES, Settings, open_client
from kg.enrich.polite import LONGEST_WAIT, TRIES
from kg.enrich.services import (
    SERVICES,
    crossref_path,
    datacite_path,
    endpoint,
    europepmc_doi_path,
    europepmc_pmid_path,
    github_path,
    openalex_author_path,
    openalex_work_path,
)
from kg.errors import EnrichError, FetchError
from tests.enrich.serving import DOI, FakeClock, Reply, Services, crossref_work

PATH = crossref_path(DOI)
AT = f"/crossref{PATH}"


def test_an_answer_is_asked_for_once_and_kept(services: Services, tmp_path: Path) -> None:
    services.on(AT, Reply(crossref_work()))
    content, answer = services.client(tmp_path).get("crossref", PATH)
    assert content["message"]["DOI"] == DOI.upper()
    assert answer.url == f"https://api.crossref.org{PATH}"  # that of the service, not of the endpoint
    again, kept = services.client(tmp_path).get("crossref", PATH)
    assert (again, kept) == (content, answer)
    assert services.paths == [AT]


def test_the_user_agent_says_who_asks(services: Services, tmp_path: Path) -> None:
    services.on(AT, Reply(crossref_work()))
    services.client(tmp_path).get("crossref", PATH)
    headers = services.asked[0][2]
    assert headers["user-agent"].endswith("; mailto:curator@example.org)")
    assert headers["host"] == services.base.removeprefix("http://")
    assert "authorization" not in headers


@pytest.mark.parametrize("email", ["x", "a@b", "a@b.c\r\nX-Evil: 1", "a b@c.de", "a@b.c;d"])
def test_an_address_that_could_break_a_header_is_refused(email: str) -> None:
    with pytest.raises(EnrichError, match="not an e-mail address"):
        Settings(email=email)


def test_an_old_answer_is_asked_for_only_if_it_changed(services: Services, tmp_path: Path) -> None:
    services.on(AT, Reply(crossref_work(), headers={"ETag": '"1"', "Last-Modified": "Fri, 20 Nov 2026 10:00:00 GMT"}))
    first = services.client(tmp_path).get("crossref", PATH)[1]
    later = FakeClock(day=first.fetched_on.replace(month=12))
    client = services.client(tmp_path, later)
    second = client.get("crossref", PATH)[1]
    sent = services.asked[1][2]
    assert (sent["if-none-match"], sent["if-modified-since"]) == ('"1"', "Fri, 20 Nov 2026 10:00:00 GMT")
    assert (second.body, second.fetched_on) == (first.body, later.day)
    assert (client.unchanged, client.polite.counts.by_status) == (1, {304: 1})
    assert services.client(tmp_path, later).get("crossref", PATH)[1] == second  # the new day was kept


def test_an_old_answer_that_changed_is_replaced(services: Services, tmp_path: Path) -> None:
    services.on(AT, Reply(crossref_work()), Reply(crossref_work(title=["Another"])))
    services.client(tmp_path).get("crossref", PATH)
    later = FakeClock(day=FakeClock.day.replace(month=12))
    content, _ = services.client(tmp_path, later).get("crossref", PATH)
    assert content["message"]["title"] == ["Another"]


def test_requests_to_one_host_keep_apart(services: Services, tmp_path: Path) -> None:
    clock = FakeClock()
    client = services.client(tmp_path, clock)
    for number in range(3):
        path = crossref_path(f"10.5555/{number}")
        services.on(f"/crossref{path}", Reply(crossref_work()))
        client.get("crossref", path)
    assert clock.slept == [SERVICES["crossref"].interval] * 2


def test_the_limits_that_crossref_prints_are_heeded(services: Services, tmp_path: Path) -> None:
    clock = FakeClock()
    client = services.client(tmp_path, clock)
    limits = {"X-Rate-Limit-Limit": "1", "X-Rate-Limit-Interval": "4s"}
    for number in range(3):
        path = crossref_path(f"10.5555/{number}")
        services.on(f"/crossref{path}", Reply(crossref_work(), headers=limits))
        client.get("crossref", path)
    assert clock.slept[1] == 4.0


def test_a_busy_server_is_asked_again_with_growing_pauses(services: Services, tmp_path: Path) -> None:
    services.on(AT, Reply({}, 500), Reply({}, 503), Reply(crossref_work()))
    clock = FakeClock()
    client = services.client(tmp_path, clock)
    client.get("crossref", PATH)
    pauses = [seconds for seconds in clock.slept if seconds > SERVICES["crossref"].interval]
    assert 1 <= pauses[0] < pauses[1] <= 3
    assert (len(services.asked), client.polite.counts.retries) == (3, 2)


@pytest.mark.parametrize("after", ["7", "Fri, 20 Nov 2026 00:00:00 GMT"])
def test_retry_after_is_followed(services: Services, tmp_path: Path, after: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(time, "time", lambda: 1795132793.0)  # seven seconds before that moment
    services.on(AT, Reply({}, 429, {"Retry-After": after}), Reply(crossref_work()))
    clock = FakeClock()
    services.client(tmp_path, clock).get("crossref", PATH)
    assert clock.slept[0] == 7.0


@pytest.mark.parametrize("after", ["soon", "-5", ""])
def test_a_retry_after_that_cannot_be_read_is_left(services: Services, tmp_path: Path, after: str) -> None:
    services.on(AT, Reply({}, 429, {"Retry-After": after}), Reply(crossref_work()))
    clock = FakeClock()
    services.client(tmp_path, clock).get("crossref", PATH)
    assert 0 <= clock.slept[0] <= 2


def test_a_service_that_wants_a_long_rest_gets_it(services: Services, tmp_path: Path) -> None:
    services.on(AT, Reply({}, 429, {"Retry-After": "3600"}))
    clock = FakeClock()
    client = services.client(tmp_path, clock)
    with pytest.raises(FetchError, match="left alone for 3600 s"):
        client.get("crossref", PATH)
    with pytest.raises(FetchError, match="not asked: Crossref asks"):
        client.get("crossref", crossref_path("10.5555/other"))
    assert len(services.asked) == 1
    assert sum(clock.slept) < LONGEST_WAIT


def test_github_says_when_no_more_requests_are_allowed(services: Services, tmp_path: Path) -> None:
    path = github_path("example-lab/ExampleST")
    services.on(f"/github{path}", Reply({"message": "rate limit"}, 403, {"X-RateLimit-Remaining": "0"}))
    client = services.client(tmp_path)
    with pytest.raises(FetchError, match="allows no more requests"):
        client.get("github", path)
    with pytest.raises(FetchError, match="not asked"):
        client.get("github", github_path("example-lab/other"))
    assert len(services.asked) == 1


def test_a_service_that_fails_again_and_again_is_left_alone(services: Services, tmp_path: Path) -> None:
    client = services.client(tmp_path)
    for number in range(5):
        path = crossref_path(f"10.5555/{number}")
        services.on(f"/crossref{path}", Reply({}, 502))
        with pytest.raises(FetchError):
            client.get("crossref", path)
    assert len(services.asked) == 3 * TRIES
    with pytest.raises(FetchError, match="failed 3 times in a row"):
        client.get("crossref", PATH)


def test_without_a_network_a_service_is_soon_left_alone(tmp_path: Path, monkeypatch: Any) -> None:
    looked_up = []

    def unknown(*names: Any, **_: Any) -> list[Any]:
        looked_up.append(names[0])
        raise socket.gaierror("Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    client = open_client(tmp_path, Settings(), clock=FakeClock())
    for number in range(6):
        with pytest.raises(FetchError, match=r"is not known|failed 3 times"):
            client.get("crossref", crossref_path(f"10.5555/{number}"))
    assert looked_up == ["api.crossref.org"] * 3


def drip(handler: BaseHTTPRequestHandler) -> None:
    """Send a long body byte by byte."""
    for _ in range(500):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.002)


def reset(handler: BaseHTTPRequestHandler) -> None:
    """Break the connection off."""
    handler.wfile.write(b'{"message": ')
    handler.wfile.flush()
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    handler.connection.close()


def silence(handler: BaseHTTPRequestHandler) -> None:
    """Send nothing for longer than the client waits."""
    time.sleep(0.4)


HTML = b"<!DOCTYPE html><title>Down for maintenance</title>"
FAULTS: dict[str, tuple[Reply, str]] = {
    "HTML with status 200": (Reply(HTML, headers={"Content-Type": "text/html"}), "sent 'text/html', not JSON"),
    "HTML that says it is JSON": (Reply(HTML), "JSON that is broken"),
    "half of the JSON": (Reply(b'{"message": {"DOI": '), "JSON that is broken"),
    "half of the body": (Reply(crossref_work(), cut=50), "half an answer|connection broke"),
    "connection reset": (Reply(write=reset), "did not answer"),
    "silence": (Reply(write=silence), "nothing came in time"),
    "not UTF-8": (Reply('{"message": "é"}'.encode("latin-1")), "not UTF-8"),
    "a number": (Reply(12), "neither an object nor a list"),
    "deep nesting": (Reply(b"[" * 200_000), "JSON that is broken"),
    "a gigantic number": (Reply(b'{"n": 1' + b"0" * 10_000 + b"}"), "JSON that is broken"),
    "no body": (Reply(b""), "JSON that is broken"),
    "too large": (Reply(b'{"a": "' + b"x" * MAX_BYTES + b'"}'), "larger than 5000 kB"),
    "a small bomb": (
        Reply(gzip.compress(b" " * (MAX_BYTES * 20)), headers={"Content-Encoding": "gzip"}),
        "larger than 5000 kB",
    ),
    "damaged compression": (Reply(b"not gzip", headers={"Content-Encoding": "gzip"}), "compressed answer is damaged"),
    "not known": (Reply({"message": "Resource not found."}, 404), r"does not know it \(404\)"),
    "not allowed": (Reply({}, 401), "answered 401"),
    "redirect to a file": (Reply({}, 302, {"Location": "file:///etc/passwd"}), "leads to another place, 'file:"),
    "redirect to this machine": (Reply({}, 301, {"Location": "http://127.0.0.1:1/x"}), "leads to another place"),
    "redirect to metadata": (Reply({}, 307, {"Location": "http://169.254.169.254/latest"}), "leads to another place"),
    "redirect to another scheme": (Reply({}, 302, {"Location": "https://127.0.0.1/x"}), "leads to another place"),
    "redirect to nowhere": (Reply({}, 302), "leads to another place"),
    "redirect that is no address": (Reply({}, 302, {"Location": "http://[::1"}), "leads to another place"),
    "redirect in a circle": (Reply({}, 302, {"Location": AT}), "redirects in a circle"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_faulty_answer_is_named_and_not_kept(services: Services, tmp_path: Path, name: str) -> None:
    reply, said = FAULTS[name]
    services.on(AT, reply)
    client = services.client(tmp_path)
    client.polite.transport.read_timeout = 0.2
    with pytest.raises(FetchError, match=said):
        client.get("crossref", PATH)
    kept = list(tmp_path.rglob("*.json"))
    assert len(kept) == (name == "not known")
    if not kept:
        services.on(AT, Reply(crossref_work()))
        assert services.client(tmp_path).get("crossref", PATH)[0] == crossref_work()


def test_a_server_that_drips_is_given_up(services: Services, tmp_path: Path) -> None:
    services.on(AT, Reply(write=drip))
    client = services.client(tmp_path, FakeClock(tick=10.0))
    with pytest.raises(FetchError, match="more than 120 s"):
        client.get("crossref", PATH)


def test_nobody_listens(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = Settings(endpoints={"crossref": f"http://127.0.0.1:{port}"})
    client = open_client(tmp_path, settings, clock=FakeClock())
    with pytest.raises(FetchError, match="no connection"):
        client.get("crossref", PATH)


def test_a_redirect_on_the_same_machine_is_followed(services: Services, tmp_path: Path) -> None:
    services.on(AT, Reply({}, 301, {"Location": "/crossref/v2"}))
    services.on("/crossref/v2", Reply(crossref_work()))
    content, answer = services.client(tmp_path).get("crossref", PATH)
    assert content == crossref_work()
    assert answer.url.endswith(PATH)


def test_keys_are_sent_and_never_kept_or_shown(services: Services, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "token-of-the-user")
    monkeypatch.setenv("OPENALEX_API_KEY", "key&of=user")
    path, work = github_path("a/b"), openalex_work_path(DOI)
    services.on(f"/github{path}", Reply({"full_name": "a/b"}))
    services.on(f"/openalex{work}?api_key=key%26of%3Duser", Reply({"id": "x"}))
    client = services.client(tmp_path)
    client.get("github", path)
    client.get("openalex", work)
    assert services.asked[0][2]["authorization"] == "Bearer token-of-the-user"
    assert "authorization" not in services.asked[1][2]
    kept = "".join(file.read_text() for file in tmp_path.rglob("*.json"))
    assert "full_name" in kept
    assert "token-of" not in kept
    assert "key" not in kept


@pytest.mark.parametrize("token", ["two words", "line\r\nX-Evil: 1", "é", "x" * 501])
def test_a_token_that_could_break_a_header_is_not_sent(
    services: Services, tmp_path: Path, monkeypatch: Any, token: str
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", token)
    services.on("/github/repos/a/b", Reply({"full_name": "a/b"}))
    services.client(tmp_path).get("github", "/repos/a/b")
    assert "authorization" not in services.asked[0][2]


def test_offline_asks_nobody(services: Services, tmp_path: Path) -> None:
    client = services.client(tmp_path, offline=True)
    with pytest.raises(FetchError, match="not among the saved answers"):
        client.get("crossref", PATH)
    assert services.asked == []


def test_a_damaged_file_is_fetched_again_or_named(services: Services, tmp_path: Path) -> None:
    services.on(AT, Reply(crossref_work()))
    services.client(tmp_path).get("crossref", PATH)
    (file,) = tmp_path.rglob("*.json")
    whole = file.read_text()
    for broken in (whole[:40], "[]", '{"url": 1}', whole.replace(DOI, "10.5555/x").replace("crossref.org", "x.org")):
        file.write_text(broken)
        with pytest.raises(FetchError, match=r"damaged|another question"):
            services.client(tmp_path, offline=True).get("crossref", PATH)
        assert services.client(tmp_path).get("crossref", PATH)[0] == crossref_work()
        assert json.loads(file.read_text())["url"].endswith(PATH)


def test_a_replay_leaves_its_folder_as_it_is(services: Services, tmp_path: Path) -> None:
    services.on(AT, Reply(crossref_work()))
    client = services.client(tmp_path, writable=False)
    client.get("crossref", PATH)
    assert list(tmp_path.iterdir()) == []


PRIVATE = [
    *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1"),
    *("255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"),
    *("2002:7f00:1::", "198.18.0.1"),
]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_told(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"])
def test_public_addresses_are_told(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "[::1]", "0"])
def test_private_hosts_are_refused_in_every_spelling(host: str) -> None:
    with pytest.raises(FetchError, match=r"not a public address|not known"):
        public_addresses(host.strip("[]"), 80)


def test_a_name_with_one_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def two(*_: Any, **__: Any) -> list[Any]:
        return [(2, 1, 6, "", ("1.1.1.1", 80)), (2, 1, 6, "", ("10.0.0.1", 80))]

    monkeypatch.setattr(socket, "getaddrinfo", two)
    with pytest.raises(FetchError, match=r"10\.0\.0\.1, which is not a public address"):
        public_addresses("example.org", 80)


def test_the_checked_address_is_the_one_connected_to(services: Services, tmp_path: Path) -> None:
    """The name is looked up once: a second look could give another address."""
    looked_up = []

    def resolve(host: str, port: int) -> list[str]:
        looked_up.append(host)
        return ["127.0.0.1"]

    services.on("/x", Reply({}))
    client = services.client(tmp_path)
    client.polite.transport.resolve = resolve
    port = services.base.rpartition(":")[2]
    found = client.polite.transport.send("GET", f"http://example.org:{port}/x", {}, max_bytes=1000)
    assert (found.status, looked_up) == (200, ["example.org"])
    assert services.asked[0][2]["host"] == f"example.org:{port}"


BUILDERS: list[Callable[[str], str]] = [
    *(crossref_path, datacite_path, openalex_work_path, europepmc_doi_path),
    *(europepmc_pmid_path, openalex_author_path, github_path),
]
HOSTILE = [
    *("", "x", "10.1/x", "10.5555/a b", "10.5555/a\r\nX: y", "10.5555/é", "../../etc", "a/..", "a/.", "a/b/c"),
    *("http://127.0.0.1/", "10.5555/" + "x" * 400, "0", "1 OR 1", "0000-0000-0000-000", "a/b?c", "-a/b"),
]


@pytest.mark.parametrize("build", BUILDERS, ids=lambda build: build.__name__)
@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_leads_a_request_elsewhere(build: Callable[[str], str], text: str) -> None:
    with pytest.raises(EnrichError, match="nothing was asked"):
        build(text)


@pytest.mark.parametrize("doi", ["10.5555/a/../../b", "10.5555/a?b=c#d", "10.5555/a&b", '10.5555/a"OR"', "10.5555/%2e"])
def test_a_doi_stays_one_piece_of_the_path(doi: str) -> None:
    for build in BUILDERS[:4]:
        path = build(doi)
        tail = path.rpartition("10.5555")[2].partition("&resultType=core")[0]
        assert not set(tail) & set('/?#&"')
        assert len(path.split("/")) <= 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("google=https://x.org", "no service"),
        ("crossref", "not the address"),
        ("crossref=ftp://x.org", "not the address"),
        ("crossref=file:///etc/passwd", "not the address"),
        ("crossref=http://10.0.0.1", "only for this machine"),
        ("crossref=http://api.crossref.org", "only for this machine"),
        ("crossref=https://user:pw@x.org", "not the address"),
        ("crossref=https://x.org/?q=", "not the address"),
        ("crossref=http://127.0.0.1:99999", "not an address"),
        ("crossref=http://[::1", "not an address"),
    ],
)
def test_an_endpoint_that_is_not_safe_is_refused(text: str, said: str) -> None:
    with pytest.raises(EnrichError, match=said):
        endpoint(text)


def test_without_an_endpoint_private_machines_are_out_of_reach(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("127.0.0.1", 443))])
    client = open_client(tmp_path, Settings(), clock=FakeClock())
    with pytest.raises(FetchError, match="not a public address"):
        client.get("crossref", PATH)
