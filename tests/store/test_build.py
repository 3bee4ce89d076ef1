"""The cache of built stores: found again, rebuilt when anything changed, never half."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg import KnowledgeGraph
from kg.build import build_store, ensure_build, find_build
from kg.errors import CatalogError, StoreError


@pytest.fixture
def data(tmp_path: Path, toy_root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the toy catalog, old enough for its times to be trusted, and an empty cache."""
    monkeypatch.setenv("STKG_CACHE_DIR", str(tmp_path / "cache"))
    copy = tmp_path / "data"
    shutil.copytree(toy_root, copy)
    time.sleep(0.1)
    return copy


def test_a_build_is_found_again(data: Path) -> None:
    assert find_build(data) is None
    place = ensure_build(data)
    assert find_build(data) == place
    assert ensure_build(data) == place
    assert json.loads((place / "manifest.json").read_text())["methods"] == 5


def test_an_edit_gives_another_build(data: Path) -> None:
    first = ensure_build(data)
    path = data / "papers" / "stagate-2022.yaml"
    path.write_text(path.read_text().replace("year: 2022", "year: 2021"))  # same size
    assert find_build(data) is None
    second = ensure_build(data)
    assert second != first
    years = {row["label"]: row["year"] for row in KnowledgeGraph(second).query("methods")}
    assert years["STAGATE"] == 2021


def test_an_edit_with_its_old_times_is_seen(data: Path) -> None:
    ensure_build(data)
    path = data / "papers" / "stagate-2022.yaml"
    before = path.stat()
    path.write_text(path.read_text().replace("year: 2022", "year: 2021"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert find_build(data) is None


def test_the_same_content_elsewhere_is_the_same_build(data: Path, tmp_path: Path) -> None:
    first = ensure_build(data)
    copy = tmp_path / "elsewhere"
    shutil.copytree(data, copy)
    assert ensure_build(copy) == first


def test_a_file_that_changed_just_now_is_not_trusted(data: Path) -> None:
    path = data / "papers" / "stagate-2022.yaml"
    for year in ("2021", "2022", "2021"):
        text = path.read_text()
        path.write_text(text.replace("year: 2022", "year: X").replace("year: 2021", "year: X").replace("X", year))
        rows = {row["label"]: row["year"] for row in KnowledgeGraph.open(data).query("methods")}
        assert rows["STAGATE"] == int(year)


def test_a_bad_catalog_is_not_built(data: Path) -> None:
    (data / "methods" / "bad.yaml").write_text("id: bad\n")
    with pytest.raises(CatalogError) as caught:
        ensure_build(data)
    assert any(problem.path == f"{data}/methods/bad.yaml" for problem in caught.value.problems)
    assert find_build(data) is None


def test_a_killed_build_leaves_nothing_that_counts(data: Path, tmp_path: Path) -> None:
    """Killed at many moments, the cache holds a whole build or none, and the next build is right."""
    code = f"from pathlib import Path; from kg.build import ensure_build; ensure_build(Path({str(data)!r}))"
    for delay in (0.15, 0.3, 0.45, 0.6):
        process = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL)
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
        for place in (tmp_path / "cache" / "builds").glob("[!.]*"):
            assert len(KnowledgeGraph(place).query("methods")) == 4
    assert len(KnowledgeGraph.open(data).query("methods")) == 4


def test_two_builders_at_once_agree(data: Path) -> None:
    code = f"from pathlib import Path; from kg.build import ensure_build; print(ensure_build(Path({str(data)!r})))"
    processes = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        for _ in range(3)
    ]
    places = {process.communicate()[0] for process in processes}
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert len(places) == 1


def test_a_forced_build_replaces_the_old_one_under_an_open_reader(data: Path) -> None:
    reader = KnowledgeGraph.open(data)
    before = reader.query("methods")
    place = build_store(data, force=True)
    assert reader.query("methods") == before
    assert KnowledgeGraph(place).query("methods") == before


def test_old_builds_are_removed(data: Path, tmp_path: Path) -> None:
    path = data / "papers" / "stagate-2022.yaml"
    text = path.read_text()
    for year in range(2010, 2018):
        path.write_text(text.replace("year: 2022", f"year: {year}"))
        ensure_build(data)
    assert len(list((tmp_path / "cache" / "builds").iterdir())) == 4


def test_a_cache_that_cannot_be_written_is_explained(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("STKG_CACHE_DIR", str(blocked / "cache"))
    with pytest.raises(StoreError, match="STKG_CACHE_DIR"):
        ensure_build(data)


def test_a_damaged_store_is_explained(data: Path) -> None:
    place = ensure_build(data)
    shutil.rmtree(place / "store")
    with pytest.raises(StoreError, match="stkg build"):
        KnowledgeGraph(place).query("methods")
