"""SIGHUP takes up a new build: no request fails, no answer mixes two builds, and a bad state is left alone."""

import json
import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.build import build_store, ensure_build
from tests.web.reloading import reload_under_load
from tests.web.running import Running, children, command, until


def test_requests_over_reloads_get_whole_answers_of_one_build(toy_root: Path, tmp_path: Path) -> None:
    load, running = reload_under_load(toy_root, tmp_path, requests=1000, reloads=4)
    try:
        assert load.wrong == []
        assert set(load.statuses) == {200}
        assert load.statuses[200] >= 1000
        assert len(load.years) == 5
        assert all(len(years) == 1 for years in load.years.values())
        assert len({min(years) for years in load.years.values()}) == len(load.years)
        assert until(lambda: len(children(running.process.pid)) == 4)
    finally:
        assert running.stop() == 0


@pytest.fixture
def changing(toy_root: Path, tmp_path: Path) -> Iterator[tuple[Running, Path]]:
    """A server of a catalog of its own, and the folder."""
    data = tmp_path / "data"
    shutil.copytree(toy_root, data)
    tasks = data / "tasks.yaml"
    tasks.write_text(f"# {data}\n{tasks.read_text(encoding='utf-8')}", encoding="utf-8")
    running = Running(command(data, "--workers", "1"))
    yield running, data
    running.stop()


def _reloads(running: Running) -> dict[str, int]:
    found: dict[str, int] = json.loads(running.get("/healthz").body)["reloads"]
    return found


def test_a_state_with_faults_is_not_taken_up(changing: tuple[Running, Path]) -> None:
    running, data = changing
    before = running.get("/healthz").headers["stkg-build"]
    record = data / "papers" / "stagate-2022.yaml"
    text = record.read_text(encoding="utf-8")
    record.write_text("kind: {", encoding="utf-8")
    running.process.send_signal(signal.SIGHUP)
    assert until(lambda: _reloads(running) == {"failed": 1})
    assert running.get("/healthz").headers["stkg-build"] == before
    assert any("stagate-2022.yaml:" in line for line in running.lines)
    record.write_text(text.replace("year: 2022", "year: 1999"), encoding="utf-8")
    running.process.send_signal(signal.SIGHUP)
    assert until(lambda: _reloads(running) == {"failed": 1, "done": 1})
    assert running.get("/healthz").headers["stkg-build"] != before


def test_signals_that_come_together_are_one_reload(changing: tuple[Running, Path]) -> None:
    running, data = changing
    record = data / "papers" / "stagate-2022.yaml"
    record.write_text(record.read_text(encoding="utf-8").replace("year: 2022", "year: 1999"), encoding="utf-8")
    for _ in range(20):
        running.process.send_signal(signal.SIGHUP)
        time.sleep(0.01)
    # One for the first signal, and one more for what may have changed while that was under way.
    assert until(lambda: sum(_reloads(running).values()) == 2)
    time.sleep(1)
    assert _reloads(running) == {"done": 1, "unchanged": 1}
    assert len(children(running.process.pid)) == 3


def test_a_build_that_is_served_stays_until_the_server_lets_go(changing: tuple[Running, Path]) -> None:
    running, data = changing
    record = data / "papers" / "stagate-2022.yaml"
    text = record.read_text(encoding="utf-8")
    place = ensure_build(data)
    for year in range(1990, 1996):
        record.write_text(text.replace("year: 2022", f"year: {year}"), encoding="utf-8")
        ensure_build(data)
    assert (place / "manifest.json").is_file()
    for worker in children(running.process.pid):
        os.kill(worker, signal.SIGKILL)
    assert running.get("/paper/stagate-2022.ttl").status == 200
    running.process.kill()
    running.stop()
    build_store(data, force=True)
    assert not place.exists()


def test_a_server_that_is_killed_while_it_builds_leaves_nothing(changing: tuple[Running, Path]) -> None:
    running, data = changing
    record = data / "papers" / "stagate-2022.yaml"
    record.write_text(record.read_text(encoding="utf-8").replace("year: 2022", "year: 1999"), encoding="utf-8")
    running.process.send_signal(signal.SIGHUP)
    assert until(lambda: len(children(running.process.pid)) == 4)
    left = children(running.process.pid)
    running.process.kill()
    running.stop()
    assert until(lambda: not any(Path(f"/proc/{child}").exists() for child in left))
