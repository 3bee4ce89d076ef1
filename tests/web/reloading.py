"""Load on a server while it takes up one build after the other; every answer must be of one build wholly.

Each build has another year in one record. An answer names its build in ``STKG-Build``; what it says about the year, and
what else it names, must be of that build. ``python -m benchmarks.reload`` runs the same at full size.
"""

import http.client
import itertools
import json
import re
import shutil
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from tests.web.running import Running, command

_PAUSE_S = 0.02
PAPER = "https://w3id.org/stkg/paper/stagate-2022"
_YEAR = f"<{PAPER}> stkg:year ?y"


def _sparql(query: str) -> str:
    return f"/sparql?query={quote(query)}"


def _in_json(body: str) -> set[str]:
    return {row["y"]["value"] for row in json.loads(body)["results"]["bindings"]}


def _in_rows(body: str) -> set[str]:
    return {line.partition(",")[0] for line in body.splitlines()[1:]}


# Address, and the years or names of builds that an answer speaks of.
_QUICK: dict[str, Callable[[str], set[str]]] = {
    _sparql(f"SELECT ?y {{ {_YEAR} }}"): _in_json,
    "/paper/stagate-2022.nt": lambda body: set(
        re.findall(r'stagate-2022> <[^>]*/?year> "(\d+)"', body.replace("#", "/"))
    ),
    "/query/methods?task=spatial-domain-identification": lambda body: {
        str(row["year"]) for row in json.loads(body) if row["label"] == "STAGATE"
    },
    "/healthz": lambda body: {json.loads(body)["build"]},
    "/.well-known/void": lambda body: set(re.findall(r'identifier "([0-9a-f]{32})"', body)),
}
# An answer that comes in many pieces, and one that takes a while; asked now and then.
_SLOW: dict[str, Callable[[str], set[str]]] = {
    _sparql(f"SELECT ?y ?a ?d {{ {_YEAR} . ?a ?b ?c . ?d a ?e }} LIMIT 20000"): _in_rows,
    _sparql(f"SELECT ?y (COUNT(*) AS ?n) {{ {_YEAR} . ?a ?b ?c . ?d a ?e }} GROUP BY ?y"): _in_json,
}


class Load:
    """Requests of several clients, at least so many and until told to stop, and what was wrong with the answers.

    Attributes:
        statuses: How many answers had which status; 0 for none at all.
        years: Years that answers of each build gave.
        wrong: Answers that did not agree with their build, or were not what was asked for.
    """

    def __init__(self, port: int, number: int, clients: int) -> None:
        self._port, self._left = port, number
        self._last = threading.Event()
        self._lock = threading.Lock()
        self.statuses: Counter[int] = Counter()
        self.years: dict[str, set[str]] = {}
        self.wrong: list[str] = []
        self._threads = [threading.Thread(target=self._run, args=(place,)) for place in range(clients)]

    def start(self) -> None:
        """Begin to ask."""
        for thread in self._threads:
            thread.start()

    def finish(self) -> None:
        """Stop when there were enough requests, and wait for the last answer."""
        with self._lock:
            self._left = max(self._left, 10 * len(self._threads))  # some of the last build too
        self._last.set()
        for thread in self._threads:
            thread.join()

    def _next(self) -> bool:
        with self._lock:
            self._left -= 1
            return self._left >= 0 or not self._last.is_set()

    def _run(self, place: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        quick, slow = itertools.cycle(_QUICK), itertools.cycle(_SLOW)
        while self._next():
            place += 1
            path = next(quick) if place % 25 else next(slow)
            headers = {"Accept": "text/csv" if "LIMIT" in path else "*/*"}
            if place % 2:  # an answer that is not one of those that are kept
                headers["If-None-Match"] = '"none"'
            time.sleep(_PAUSE_S)
            try:
                connection.request("GET", path, headers=headers)
                response = connection.getresponse()
                self._judge(path, response, response.read().decode())
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                with self._lock:
                    self.statuses[0] += 1
                    self.wrong.append(f"{path}: {error!r}")
        connection.close()

    def _judge(self, path: str, response: http.client.HTTPResponse, body: str) -> None:
        build, tag = response.headers["STKG-Build"] or "", response.headers["ETag"]
        with self._lock:
            self.statuses[response.status] += 1
            if response.status != 200:
                self.wrong.append(f"{path}: {response.status} {body[:200]}")
                return
            said = (_QUICK | _SLOW)[path](body)
            if path in {"/healthz", "/.well-known/void"}:
                fits = said == {build}
            else:
                self.years.setdefault(build, set()).update(said)
                fits = len(said) == 1 and (tag is None or build in tag)
            if not fits:
                self.wrong.append(f"{path}: build {build}, tag {tag}, but {said}")


def reload_under_load(
    toy_root: Path,
    folder: Path,
    requests: int,
    reloads: int,
    clients: int = 6,
    before: Callable[[Running], None] | None = None,
) -> tuple[Load, Running]:
    """Serve a copy of the toy catalog, change it and reload, again and again, while clients ask.

    Args:
        toy_root: The toy catalog.
        folder: Where the copy is made.
        requests: How many at least.
        reloads: How many.
        clients: How many at a time.
        before: Called before each reload.

    Returns:
        What the clients saw, and the server, still running.
    """
    data = folder / "data"
    shutil.copytree(toy_root, data)
    record = data / "papers" / "stagate-2022.yaml"
    text = record.read_text(encoding="utf-8")
    running = Running(command(data, "--workers", "2", "--timeout", "20"))
    load = Load(running.port, requests, clients)
    load.start()
    for number in range(1, reloads + 1):
        if before is not None:
            before(running)
        record.write_text(text.replace("year: 2022", f"year: {1990 + number}"), encoding="utf-8")
        running.process.send_signal(signal.SIGHUP)
        wanted = f'stkg_reloads_total{{outcome="done"}} {number}\n'
        end = time.monotonic() + 60
        while wanted not in running.get("/metrics").text:
            assert time.monotonic() < end, "".join(line for line in running.lines if not line.startswith("{"))
            time.sleep(0.05)
    load.finish()
    return load, running
