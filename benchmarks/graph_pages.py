"""Our graph page with 5,000 nodes against pyvis's own page with 200, in one run of headless Chromium.

Run it from the checkout with ``python benchmarks/graph_pages.py``; it needs Chromium and takes about two minutes. The
graph is made up from a fixed seed: papers of two to eight authors, most of them from one group. Wall time is counted
from navigation to the first pixels on the canvas, asked in the same way for both. CPU is that of the renderer
processes, read from ``/proc``, so it says the same on a busy machine.
"""

import argparse
import os
import random
import shutil
import tempfile
import time
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Page, sync_playwright
from pyvis.network import Network

from kg.network import coauthor_graph
from kg.view import render_page

if TYPE_CHECKING:
    import networkx as nx

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",
]
BASE = "https://example.org/author/"
MOST_SECONDS = 2.0
MOST_CPU_RATIO = 0.1
MOVE_VIEW = """async () => {
  const start = performance.now();
  for (let step = 0; step < 40; step++) {
    network.moveTo({ position: { x: step * 10, y: 0 }, scale: network.getScale(), animation: false });
    await new Promise(requestAnimationFrame);
  }
  return (performance.now() - start) / 40;
}"""
CANVAS_IS_PAINTED = """() => {
  const canvas = document.querySelector('canvas');
  if (!canvas) return false;
  const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  return pixels.some((value) => value);
}"""


def synthetic_graph(authors: int, links: int, seed: int = 7) -> "nx.Graph":
    """A co-authorship graph of this many authors and about as many links."""
    chance = random.Random(seed)
    groups = max(1, authors // 60)
    group_of = [chance.randrange(groups) for _ in range(authors)]
    members: dict[int, list[int]] = {group: [] for group in range(groups)}
    for author, group in enumerate(group_of):
        members[group].append(author)
    pairs: Counter[tuple[int, int]] = Counter()
    papers: Counter[int] = Counter()
    while len(pairs) < links:
        group = chance.randrange(groups)
        pool = members[group] if len(members[group]) > 8 else range(authors)
        team = set(chance.sample(pool, chance.randint(2, 8)))
        if chance.random() < 0.15:
            team.add(chance.randrange(authors))
        papers.update(team)
        pairs.update(combinations(sorted(team), 2))
    rows = [
        {
            "author": f"{BASE}a{number:05d}",
            "label": f"Author {number}",
            "papers": papers[number],
            "first_year": 2016 + number % 9,
            "last_year": 2018 + number % 9,
            "methods": [f"Method {number % 800}"],
            "tasks": [f"Task {group_of[number] % 20}"],
            "frameworks": [f"Framework {number % 12}"],
        }
        for number in range(authors)
    ]
    joined = [
        {"author_a": f"{BASE}a{a:05d}", "author_b": f"{BASE}a{b:05d}", "papers": count}
        for (a, b), count in pairs.items()
    ]
    return coauthor_graph(joined, rows)


def pyvis_page(graph: "nx.Graph") -> str:
    """The page pyvis itself writes, everything inside that it can put inside."""
    net = Network(cdn_resources="in_line")
    for node, label in graph.nodes(data="label"):
        net.add_node(node, label=label)
    for left, right in graph.edges():
        net.add_edge(left, right)
    return str(net.generate_html(notebook=False))


def renderer_cpu(root: int) -> float:
    """CPU seconds of all renderer processes that descend from a process."""
    parents: dict[int, int] = {}
    spent: dict[int, float] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
                command = (entry / "cmdline").read_bytes()
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue
            parents[int(entry.name)] = int(fields[1])
            if b"--type=renderer" in command:
                spent[int(entry.name)] = (int(fields[11]) + int(fields[12])) / 100
    total = 0.0
    for process, seconds in spent.items():
        ancestor = process
        while ancestor > 1 and ancestor != root:
            ancestor = parents.get(ancestor, 0)
        total += seconds if ancestor == root else 0.0
    return total


def wait_until(page: Page, condition: str, seconds: float = 300.0) -> None:
    """Ask the page until a condition holds; a busy page answers late."""
    end = time.perf_counter() + seconds
    while not page.evaluate(condition):
        if time.perf_counter() > end:
            raise TimeoutError(condition)
        time.sleep(0.02)


def measure(path: Path, *, own: bool) -> dict[str, float]:
    """First draw and renderer CPU of one page in a browser of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        page: Page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.goto("about:blank")
        before = renderer_cpu(os.getpid())
        start = time.perf_counter()
        page.goto(path.as_uri(), wait_until="commit")
        wait_until(page, CANVAS_IS_PAINTED)
        wall = time.perf_counter() - start
        cpu = renderer_cpu(os.getpid()) - before
        result = {"wall": wall, "cpu": cpu}
        if own:
            wait_until(page, "document.documentElement.dataset.ready === 'true'")
            result["ready"] = time.perf_counter() - start
            result["cpu_ready"] = renderer_cpu(os.getpid()) - before
            result["frame"] = page.evaluate(MOVE_VIEW)
        browser.close()
    return result


def main() -> int:
    """Print the figures; the exit status says whether both limits hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=5_000)
    parser.add_argument("--edges", type=int, default=13_000)
    chosen = parser.parse_args()
    start = time.perf_counter()
    graph = synthetic_graph(chosen.nodes, chosen.edges)
    built = time.perf_counter()
    words: Any = {"title": "Benchmark", "subtitle": "Synthetic.", "version": "0", "source_query": "none"}
    text = render_page(graph, "coauthors", **words)
    rendered = time.perf_counter()
    print(f"graph: {graph.number_of_nodes():,} nodes, {graph.number_of_edges():,} edges in {built - start:.1f} s")
    print(f"page: {len(text.encode()) / 1000:,.0f} kB in {rendered - built:.1f} s, layout included")
    with tempfile.TemporaryDirectory() as folder:
        own_path, pyvis_path = Path(folder, "own.html"), Path(folder, "pyvis.html")
        own_path.write_text(text, encoding="utf-8", newline="\n")
        pyvis_path.write_text(pyvis_page(synthetic_graph(200, 527)), encoding="utf-8", newline="\n")
        own = measure(own_path, own=True)
        theirs = measure(pyvis_path, own=False)
    print(f"ours, first draw: {own['wall']:.2f} s wall, {own['cpu']:.2f} s CPU")
    print(f"ours, filters, table and panel ready: {own['ready']:.2f} s wall, {own['cpu_ready']:.2f} s CPU")
    print(f"ours, one frame while the view moves, edges shown: {own['frame']:.0f} ms")
    print(f"pyvis, 200 nodes, first draw: {theirs['wall']:.2f} s wall, {theirs['cpu']:.2f} s CPU")
    ratio = own["cpu"] / theirs["cpu"]
    print(f"CPU ratio ours/pyvis: {ratio:.3f} (limit {MOST_CPU_RATIO}); wall ratio {own['wall'] / theirs['wall']:.3f}")
    held = own["wall"] <= MOST_SECONDS and ratio <= MOST_CPU_RATIO
    print("limits hold" if held else "limits broken")
    return 0 if held else 1


if __name__ == "__main__":
    raise SystemExit(main())
