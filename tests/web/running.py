"""A server of the toy catalog in a process of its own, as users start it; and a plain client."""

import http.client
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

ROOT = Path(__file__).parents[2]
SECONDS = 2.0
ROWS = 8_000


class Reply(NamedTuple):
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def text(self) -> str:
        return self.body.decode()


class Running:
    """A server process and what it wrote to standard error."""

    def __init__(self, command: Sequence[str]) -> None:
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
        self.lines: list[str] = []
        self.port = 0
        came_up = threading.Event()
        self._reader = threading.Thread(target=self._read, args=(came_up,), daemon=True)
        self._reader.start()
        if not came_up.wait(60) or not self.port:
            self.stop()
            raise AssertionError("".join(self.lines))

    def _read(self, came_up: threading.Event) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line)
            if found := re.search(r"serving on http://[^ ]*?:(\d+)/", line):
                self.port = int(found[1])
                came_up.set()
        came_up.set()

    def ask(
        self,
        path: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = 20,
    ) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, dict(headers or {}))
            response = connection.getresponse()
            content = response.read()
            return Reply(response.status, {k.lower(): v for k, v in response.getheaders()}, content)
        finally:
            connection.close()

    def get(self, path: str, accept: str | None = None) -> Reply:
        return self.ask(path, headers={"Accept": accept} if accept is not None else {})

    def sparql(self, query: str, accept: str | None = None, more: str = "") -> Reply:
        return self.get(f"/sparql?query={quote(query)}{more}", accept)

    def is_whole(self) -> bool:
        """Whether every worker has come up and none is at work."""
        found = dict(re.findall(r'^stkg_workers_(\w+\{pool="\w+"\}) (\d+)$', self.get("/metrics").text, re.MULTILINE))
        sizes = {name.removeprefix("size"): value for name, value in found.items() if name.startswith("size")}
        return all(found[f"{state}{pool}"] == value for pool, value in sizes.items() for state in ("alive", "idle"))

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.terminate()
        try:
            status = self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        self._reader.join(5)
        if self.process.stderr is not None:
            self.process.stderr.close()
        return status


def command(toy_root: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "kg.cli", "serve", "--port", "0", "--data", str(toy_root), *words]


def children(parent: int) -> list[int]:
    found = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = place.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent and fields[0] != "Z":
            found.append(int(place.parent.name))
    return found


def lives(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def until(condition: object, seconds: float = 30) -> bool:
    assert callable(condition)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False
