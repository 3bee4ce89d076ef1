"""The catalog as an awesome list: one Markdown document, by task, that a list's maintainer can adopt as README.

Each method stands once, because readers and linters of such lists want no link twice. All words are ours or facts:
names, titles, years and our own summaries and definitions.
"""

import re
from collections import defaultdict
from typing import Final

from kg.iris import record_iri
from kg.markdown import escaped, link
from kg.model import Catalog, Method, Paper
from kg.projection.record import doi_url

TITLE: Final = "Awesome Spatial Transcriptomics Methods"
_BADGE: Final = "[![Awesome](https://awesome.re/badge.svg)](https://awesome.re)"
_OTHER: Final = "Other methods"


def awesome_list(catalog: Catalog) -> str:
    """The whole document; the same records give the same text.

    Only current methods of spatial omics are listed, under the task that most sources name.
    """
    methods = {key: m for key, m in catalog.methods.items() if m.status == "current" and m.scope == "spatial"}
    by_task = _sections(catalog, methods)
    labels = [(task, catalog.tasks[task].label if task else _OTHER) for task in by_task]
    ordered = sorted(labels, key=lambda pair: (pair[0] == "", pair[1].casefold()))
    n_papers = len({paper.id for method in methods.values() if (paper := _paper(catalog, method))})
    head = [
        f"# {TITLE} {_BADGE}",
        "",
        f"> {len(methods)} computational methods for spatial transcriptomics and near kinds of spatial omics, by the "
        "task they solve.",
        "",
        f"Made from {link('STKG', 'https://w3id.org/stkg/')}, a catalog in which every fact has its source. "
        f"{n_papers} papers are named. Within a task, the newest come first. Behind a paper stand languages, then "
        "licence, then further tasks.",
        "",
        "## Contents",
        "",
        *(f"- [{escaped(label)}](#{anchor(label)})" for _, label in ordered),
    ]
    written: set[str] = set()
    for task, label in ordered:
        head += ["", f"## {escaped(label)}", "", _about(catalog, task, len(by_task[task])), ""]
        entries = sorted(by_task[task], key=lambda method: _order(catalog, method))
        head += [_entry(catalog, method, task, written) for method in entries]
    return "\n".join([*head, ""])


def _sections(catalog: Catalog, methods: dict[str, Method]) -> dict[str, list[Method]]:
    """Methods by the one task that they are listed under; ``""`` for those without a task."""
    size = {task: sum(any(t.task == task for t in m.tasks) for m in methods.values()) for task in catalog.tasks}
    found: dict[str, list[Method]] = defaultdict(list)
    for method in methods.values():
        best = sorted(method.tasks, key=lambda t: (t.strength != "strong", -len(t.sources), -size[t.task], t.task))
        found[best[0].task if best else ""].append(method)
    return found


def _about(catalog: Catalog, task: str, n: int) -> str:
    count = "One method." if n == 1 else f"{n} methods."
    return f"{escaped(catalog.tasks[task].definition)} {count}" if task else f"Without a known task. {count}"


def anchor(heading: str) -> str:
    """What a link to a heading ends with, as code forges make it.

    >>> anchor("Cell segmentation & 3D (new)")
    'cell-segmentation--3d-new'
    """
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _paper(catalog: Catalog, method: Method) -> Paper | None:
    ranked = sorted(method.papers, key=lambda each: each.role != "introduces")
    return next((catalog.papers[each.paper] for each in ranked if each.paper in catalog.papers), None)


def _order(catalog: Catalog, method: Method) -> tuple[int, str, str]:
    paper = _paper(catalog, method)
    return -(paper.year or 0) if paper else 0, method.name.casefold(), method.id


def _pages(paper: Paper | None) -> list[str]:
    """Addresses of a paper, best first."""
    if paper is None:
        return []
    found = [doi_url(paper.doi)] if paper.doi else []
    found += [f"https://arxiv.org/abs/{paper.arxiv}"] if paper.arxiv else []
    return found + ([paper.url] if paper.url else [])


def _entry(catalog: Catalog, method: Method, task: str, written: set[str]) -> str:
    """One line; an address that stands in the document already is not linked again."""
    paper = _paper(catalog, method)
    code = [method.repository.url] if method.repository else []
    own = _first([*code, *_pages(paper), record_iri("method", method.id)], written)
    parts = [_sentence(method.summary)] if method.summary else []
    if paper is not None:
        page = _first(_pages(paper), written)
        title = link(paper.title.rstrip("."), page) if page else escaped(paper.title.rstrip("."))
        parts.append(f"{title}{_when(catalog, paper)}.")
    else:
        parts.append("No paper known.")
    if facts := _facts(catalog, method, task):
        parts.append(f"{facts}.")
    return f"- {link(method.name, own)} - {' '.join(parts)}"


def _first(addresses: list[str], written: set[str]) -> str:
    """The first address that is not in the document yet, which it is from now on; ``""`` when all are."""
    for url in addresses:
        if url.rstrip("/").lower() not in written:
            written.add(url.rstrip("/").lower())
            return url
    return ""


def _sentence(text: str) -> str:
    whole = escaped(text).strip()
    return whole if whole[-1] in ".!?" else f"{whole}."


def _when(catalog: Catalog, paper: Paper) -> str:
    venue = catalog.venues.get(paper.venue or "")
    words = [escaped(venue.label)] if venue else []
    words += [str(paper.year)] if paper.year else []
    return f", {' '.join(words)}" if words else ""


def _facts(catalog: Catalog, method: Method, task: str) -> str:
    """Languages; licence; further tasks."""
    languages = [catalog.languages[use.language].label for use in method.languages if use.language in catalog.languages]
    licences = [catalog.licenses[grant.license] for grant in method.licenses if grant.license in catalog.licenses]
    others = [link.task for link in method.tasks if link.task != task and link.strength == "strong"]
    parts = [", ".join(sorted(languages)), ", ".join(licence.spdx or licence.label for licence in licences)]
    if others:
        names = sorted(catalog.tasks[each].label for each in others if each in catalog.tasks)
        parts.append(
            "also " + ", ".join(name[:1].lower() + name[1:] if name[1:2].islower() else name for name in names)
        )
    text = "; ".join(escaped(part) for part in parts if part)
    return text[:1].upper() + text[1:]
