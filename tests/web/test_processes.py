"""Processes come and go as they should, and nothing is left over."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.web.running import Running, children, command, lives, until

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes in /proc")


def test_killed_workers_are_replaced_and_a_killed_server_leaves_nothing(toy_root: Path) -> None:
    running = Running(command(toy_root, "--timeout", "5", "--workers", "2"))
    own = running.process.pid
    assert until(lambda: len(children(own)) == 4)
    workers = children(own)
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    assert until(lambda: len(set(children(own)) - set(workers)) == 4)
    assert until(lambda: 'idle{pool="sparql"} 2' in running.get("/metrics").text)
    assert running.get("/healthz").status == 200
    assert running.sparql("ASK {}").status == 200
    workers = children(own)
    os.kill(own, signal.SIGKILL)
    assert running.stop() == -signal.SIGKILL
    assert until(lambda: not any(map(lives, workers)))


def test_workers_are_more_modest_than_the_server(toy_root: Path) -> None:
    running = Running(command(toy_root, "--workers", "2"))
    own = running.process.pid
    try:
        assert until(lambda: len(children(own)) == 4)
        priorities = sorted(os.getpriority(os.PRIO_PROCESS, worker) for worker in children(own))
        # Between sessions Linux may share a processor alike, and priorities would say nothing.
        assert {os.getsid(worker) for worker in children(own)} == {os.getsid(own)}
        assert all(os.getpgid(worker) == worker for worker in children(own))
    finally:
        running.stop()
    server = os.getpriority(os.PRIO_PROCESS, 0)
    assert priorities == sorted(min(19, server + step) for step in (5, 5, 10, 10))


def test_workers_that_are_killed_from_outside_cost_no_answer(toy_root: Path) -> None:
    running = Running(command(toy_root, "--timeout", "5", "--workers", "2"))
    own, seen = running.process.pid, []
    try:
        for _ in range(5):
            assert until(lambda: len(children(own)) == 4)
            assert until(running.is_whole)
            for worker in children(own):
                os.kill(worker, signal.SIGKILL)
            seen += [running.sparql("ASK {}").status, running.get("/query/methods").status]
    finally:
        assert running.stop() == 0
    assert seen == [200] * 10


def test_a_stop_lets_the_answer_under_way_finish(toy_root: Path) -> None:
    running = Running(command(toy_root, "--timeout", "5", "--workers", "1"))
    workers = children(running.process.pid)
    found: list[int] = []
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }"
    thread = threading.Thread(target=lambda: found.append(running.sparql(slow).status))
    thread.start()
    time.sleep(0.15)
    assert running.stop() == 0
    thread.join()
    assert found == [200]
    assert until(lambda: not any(map(lives, workers)))


def test_workers_are_confined(server: Running) -> None:
    assert until(server.is_whole)
    for worker in children(server.process.pid):
        limits = Path(f"/proc/{worker}/limits").read_text()
        found = {line[:25].strip(): line[25:].split()[0] for line in limits.splitlines()}
        assert found["Max file size"] == found["Max core file size"] == "0"
        assert found["Max address space"] != "unlimited"
        assert int(Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()[16]) >= 5


def test_a_port_in_use_is_an_error_of_one_line(server: Running, toy_root: Path) -> None:
    words = [*command(toy_root), "--port", str(server.port)]
    done = subprocess.run(words, check=False, capture_output=True, text=True, timeout=30)
    assert done.returncode == 3
    assert done.stderr.startswith("stkg: cannot listen on 127.0.0.1")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words", [["--timeout", "0"], ["--workers", "many"], ["--port", "99999"], ["--root-path", "x"]]
)
def test_wrong_options_are_refused(toy_root: Path, words: list[str]) -> None:
    done = subprocess.run([*command(toy_root), *words], check=False, capture_output=True, text=True, timeout=30)
    assert done.returncode == 2


def test_a_missing_library_is_named(toy_root: Path) -> None:
    code = (
        "import sys; sys.modules['uvicorn'] = None; sys.modules['starlette'] = None; from kg.cli.app import main; "
        f"sys.exit(main(['serve', '--port', '0', '--data', {str(toy_root)!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=30)
    assert done.returncode == 3
    assert "pip install 'stkg[serve]'" in done.stderr
