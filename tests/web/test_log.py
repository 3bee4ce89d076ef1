"""The access log holds nobody up, and says what it lost."""

import http.client
import json
import os
import re
import subprocess
import threading
import time
from pathlib import Path

from kg.web.log import Log
from tests.web.running import command


def _read_all(file: int) -> list[str]:
    with os.fdopen(file, encoding="utf-8") as stream:
        return stream.read().splitlines()


def test_every_line_is_written_or_counted() -> None:
    reading, writing = os.pipe()
    log = Log(writing, n_max=10)
    for number in range(3000):  # a pipe takes some 600 of these
        log.write(json.dumps({"number": number, "text": "x" * 80}))
    found: list[str] = []
    reader = threading.Thread(target=lambda: found.extend(_read_all(reading)))
    reader.start()
    while log.waiting:
        time.sleep(0.01)
    log.write(json.dumps({"number": 3000}))
    log.close()
    os.close(writing)
    reader.join(10)
    lines = [json.loads(line) for line in found]
    told = sum(line.get("lost_lines", 0) for line in lines)
    assert 0 < told == log.lost
    assert sum("number" in line for line in lines) + told == 3001
    numbers = [line["number"] for line in lines if "number" in line]
    assert numbers == sorted(set(numbers))


def test_a_log_that_nobody_reads_stops_no_server(toy_root: Path) -> None:
    process = subprocess.Popen(command(toy_root, "--workers", "1"), stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        found = (re.search(r"serving on http://[^ ]*?:(\d+)/", line) for line in process.stderr)
        port = next(int(place[1]) for place in found if place is not None)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        for _ in range(1000):  # some 350 bytes of log each, and a pipe takes 64 KiB
            connection.request("GET", f"/{'x' * 200}")
            with connection.getresponse() as response:
                assert response.status == 404
                response.read()
        connection.close()
        process.terminate()
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()
        process.stderr.close()
