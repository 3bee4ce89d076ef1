"""Made-up rows like those of the stored queries: papers of a few groups, many small teams, and lines of descent."""

import random
from collections import Counter
from itertools import combinations
from typing import Any

BASE = "https://w3id.org/stkg/"
TASKS = ["Spatial domain identification", "Deconvolution", "Histology to expression", "Cell segmentation", "Simulation"]
FRAMEWORKS = ["PyTorch", "Scanpy", "Seurat", "scikit-learn"]


def author_rows(papers: int = 60, groups: int = 4, seed: int = 3) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows of pairs and rows of authors.

    Two thirds of the papers come from a few groups that share people, the others from teams of their own; one author
    stands alone.
    """
    chance = random.Random(seed)
    pools = [[f"g{group}-{number}" for number in range(14)] for group in range(groups)]
    authors: dict[str, dict[str, Any]] = {}
    pairs: Counter[tuple[str, str]] = Counter()
    for paper in range(papers):
        year = 2017 + paper % 9
        if paper % 3:
            group = chance.randrange(groups)
            team = chance.sample(pools[group], chance.randint(2, 7))
            if chance.random() < 0.3:
                team.append(chance.choice(pools[(group + 1) % groups]))
        else:
            team = [f"team{paper}-{number}" for number in range(chance.randint(2, 9))]
        _sign(authors, team, paper, year)
        pairs.update(combinations(sorted(team), 2))
    _sign(authors, ["alone-0"], papers, 2020)
    for row in authors.values():
        row.update(first_year=min(row["years"]), last_year=max(row["years"]), years=sorted(row["years"]))
    rows = [{"author_a": _author(a), "author_b": _author(b), "papers": n} for (a, b), n in sorted(pairs.items())]
    return rows, [authors[name] for name in sorted(authors)]


def _author(name: str) -> str:
    return f"{BASE}author/{name}"


def _sign(authors: dict[str, dict[str, Any]], team: list[str], paper: int, year: int) -> None:
    for name in team:
        row = authors.setdefault(
            name,
            {
                "author": _author(name),
                "label": f"Author {name.title()}",
                "papers": 0,
                "methods": [],
                "method_iris": [],
                "tasks": [],
                "frameworks": [],
                "years": set(),
                "orcid": None,
            },
        )
        row["papers"] += 1
        row["years"].add(year)
        row["methods"].append(f"Method{paper}")
        row["method_iris"].append(f"{BASE}method/method{paper}")
        row["tasks"].append(TASKS[paper % len(TASKS)])
        row["frameworks"].append(FRAMEWORKS[paper % len(FRAMEWORKS)])


def lineage_rows(methods: int = 40, seed: int = 5) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows of edges and rows of methods; every tenth method has no year, every seventh no relatives."""
    chance = random.Random(seed)
    rows = [
        {
            "method": f"{BASE}method/m{number:02d}",
            "label": f"Method{number:02d}",
            "year": None if number % 10 == 9 else 2016 + number // 5,
            "tasks": [TASKS[number % len(TASKS)]] if number % 6 else [],
            "frameworks": [FRAMEWORKS[number % len(FRAMEWORKS)]],
            "languages": ["Python"],
            "repository": f"https://github.com/example/m{number:02d}",
            "paper": f"https://doi.org/10.1000/m{number:02d}",
        }
        for number in range(methods)
    ]
    relations = ["extends", "reuses code of", "reimplements", "supersedes"]
    edges = [
        {
            "child": rows[child]["method"],
            "parent": rows[chance.randrange(child)]["method"],
            "relation": relations[child % 4],
            "evidence": [f"example/m{child:02d}:README.md:1"],
        }
        for child in range(1, methods)
        if child % 7
    ]
    return edges, rows


def hostile_authors() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """A few authors whose names and methods try to become markup, script or a dangerous link."""
    names = [
        "</script><script>window.harmed=1</script>",
        "<img src=x onerror=window.harmed=2>",
        'Quote " onmouseover="window.harmed=3" <a href="https://example.org">href</a>',
        "&lt;b&gt; \u2028 \u2029 <!-- --> ${window.harmed=4}",
    ]
    authors = [
        {
            "author": f"{BASE}author/h{number}",
            "label": name,
            "papers": 2,
            "first_year": 2020,
            "last_year": 2021,
            "methods": [name],
            "method_iris": ["javascript:window.harmed=5"],
            "tasks": [name],
            "frameworks": ["]]><script>window.harmed=6</script>"],
            "orcid": '0000-0001" onclick="window.harmed=7',
        }
        for number, name in enumerate(names)
    ]
    pairs = [{"author_a": a["author"], "author_b": b["author"], "papers": 1} for a, b in combinations(authors, 2)]
    return pairs, authors


def hostile_methods() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Two methods whose repository, paper, IRI and evidence would run script if they became links."""
    rows = [
        {
            "method": "javascript:window.harmed=8",
            "label": "<svg onload=window.harmed=9>",
            "year": 2020,
            "tasks": ["<b>bold</b>"],
            "frameworks": [],
            "languages": [],
            "repository": "javascript:window.harmed=10",
            "paper": "data:text/html,<script>window.harmed=11</script>",
        },
        {
            "method": f"{BASE}method/plain",
            "label": "Plain",
            "year": 2021,
            "tasks": [],
            "frameworks": [],
            "languages": [],
            "repository": "https://example.org/%22onclick=window.harmed",
            "paper": None,
        },
    ]
    edges = [
        {
            "child": rows[1]["method"],
            "parent": rows[0]["method"],
            "relation": "<i>extends</i>",
            "evidence": ["javascript:window.harmed=12", "</script><script>window.harmed=13</script>"],
        }
    ]
    return edges, rows
