"""Start-up of a stored query against its floor, in one run.

The floor is a bare Python process that opens the same store read-only with pyoxigraph and runs the same SPARQL. Both
are run in turn; the figure is the ratio of the medians, of wall time and of CPU time.

    python benchmarks/startup.py [RUNS]
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

from kg import KnowledgeGraph
from kg.build import ensure_build
from kg.queries.binding import bind
from kg.resources import resource_root

QUESTION = {"task": "deconvolution", "framework": "PyTorch", "since": "2022"}
FLOOR = """\
import sys, pyoxigraph
store = pyoxigraph.Store.read_only(sys.argv[1])
rows = list(store.query(open(sys.argv[2]).read(), use_default_graph_as_union=True))
print(len(rows))
"""


def measure(command: list[str]) -> tuple[float, float]:
    """Wall and CPU seconds of one process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(runs: int) -> None:
    """Run both in turn and print a table."""
    place = ensure_build(resource_root("data").absolute())
    graph = KnowledgeGraph(place)
    query = place / "benchmark.rq"
    query.write_text(bind(graph.stored_query("methods"), QUESTION, graph.index), encoding="utf-8")
    words = [word for name, value in QUESTION.items() for word in (f"--{name}", value)]
    stkg = Path(sys.executable).with_name("stkg")
    commands = {
        "floor: bare pyoxigraph": [sys.executable, "-c", FLOOR, os.fspath(place / "store"), os.fspath(query)],
        "stkg query --format json": [os.fspath(stkg), "query", "methods", *words, "--format", "json"],
        "stkg query (table)": [os.fspath(stkg), "query", "methods", *words],
        "stkg query --engine rdflib": [os.fspath(stkg), "query", "methods", *words, "--engine", "rdflib"],
    }
    slow = "stkg query --engine rdflib"
    figures: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for number in range(runs + 1):
        for name, command in commands.items():
            if name == slow and number > 1:
                continue
            once = measure(command)
            if number:  # the first round warms the caches
                figures[name].append(once)
    query.unlink()
    base = [statistics.median(column) for column in zip(*figures["floor: bare pyoxigraph"], strict=True)]
    print(f"{runs} runs in turn; store of {json.loads((place / 'manifest.json').read_text())['quads']:,} statements")
    print(f"{'':28} {'wall ms':>9} {'ratio':>7} {'cpu ms':>9} {'ratio':>7}")
    for name, found in figures.items():
        wall, cpu = (statistics.median(column) for column in zip(*found, strict=True))
        print(f"{name:28} {wall * 1e3:9.1f} {wall / base[0]:7.2f} {cpu * 1e3:9.1f} {cpu / base[1]:7.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
