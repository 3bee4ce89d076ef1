"""How well lists are imported: rows recognised, and errors found by rule beside those recorded by hand.

Real lists stay where they are: give the path of each after the id of its source.

    python benchmarks/import_lists.py [SOURCE PATH]...

An error counts as found when a finding of the same family stands at the same line. What the lists print in later
versions only, and what is said of a list as a whole, is not asked for. The second part asks for 500 rows of our own
records, disturbed, and 500 rows that are made up, of which half bear the name of one of our methods.
"""

import random
import re
import sys
import time
from collections import Counter
from pathlib import Path

from kg.catalog import load_catalog
from kg.importing import make_plan, read_source
from kg.importing.categories import Vocabulary
from kg.importing.checkout.needs import requirement
from kg.importing.plan import Plan
from kg.model import Catalog
from kg.resources import resource_root

# Kinds of error that one rule of the importer, or one of ours and one of the hand-made lists, call differently.
FAMILIES = {
    "title-variant": "title",
    "title-truncated": "title",
    "title-of-another-paper": "title",
    "wrong-doi": "wrong-link",
    "other-doi": "wrong-link",
    "other-repository": "repository",
    "moved-repository": "repository",
    "companion-repository": "repository",
    "venue-spelling": "venue",
    "abbreviated-venue": "venue",
    "wrong-venue": "venue",
    "other-authors": "authors-swapped",
    "language-left-out": "wrong-language",
}
# Judgements and spelling of prose, which no rule of the importer claims to make.
NOT_ASKED = {"out-of-scope", "category", "spelling", "names-missing", "empty-section", "duplicate-across-lists"}


def family(kind: str) -> str:
    """The family of a kind of error."""
    return FAMILIES.get(kind, kind)


def by_hand(catalog: Catalog, source: str) -> dict[tuple[int, str], str]:
    """Errors recorded by hand, at the lines of this version."""
    found = {}
    for entry in catalog.listings[source].entries:
        place = re.fullmatch(r"line (\d+)(?: \(.*\))?", entry.position)
        for correction in entry.corrections if place else ():
            if correction.kind not in NOT_ASKED and place:
                found[int(place.group(1)), family(correction.kind)] = correction.kind
    return found


def by_rule(plan: Plan) -> dict[tuple[int, str], str]:
    """Errors found by rule."""
    found = {(int(i["line"]), family(i["rule"])): str(i["rule"]) for i in plan.contradicts}
    for item in (*plan.new, *plan.not_understood):
        found |= {(int(w["line"]), family(w["rule"])): str(w["rule"]) for w in item.get("warnings", ())}
    found |= {(int(place["line"]), "mojibake"): "mojibake" for place in plan.mended}
    return found


def _report_requirements(catalog: Catalog, source: str, plan: Plan) -> None:
    """Print how many of the requirements that a README prints were read; it is one row, not a list of entries."""
    entries = catalog.listings[source].entries
    wanted = {e.position for e in entries if re.fullmatch(r"line \d+", e.position) and requirement(e.listed)}
    read = {f.place for d in plan.decisions for f in d.entry.row.facts if f.field == "requirements"}
    records = ", ".join(str(item["record"]) for item in plan.known)
    print(f"{source}: one row, {records}; {len(wanted & read)} of {len(wanted)} requirements read")


def report_list(catalog: Catalog, source: str, path: Path) -> None:
    """Print rows, hits, misses and false alarms of one list."""
    mapping = catalog.mappings.get(source)
    kind = mapping.format if mapping else "auto"
    plan = make_plan(read_source(path.read_bytes(), kind=kind, words=Vocabulary(catalog)), catalog, mapping)
    wanted = {
        int(match.group(1)): f"method/{entry.method}" if entry.method else f"paper/{entry.paper}"
        for entry in catalog.listings[source].entries
        if (match := re.fullmatch(r"line (\d+)", entry.position)) and (entry.method or entry.paper)
    }
    known = {int(item["line"]): str(item["record"]) for item in plan.known}
    if kind == "readme":
        _report_requirements(catalog, source, plan)
    right = sum(known.get(line) == record for line, record in wanted.items())
    wrong = sum(line in known and known[line] != record for line, record in wanted.items())
    if kind != "readme":
        print(f"{source}: {plan.rows_read} rows; {right} of {len(wanted)} entries recognised, {wrong} wrongly")
    hand, rule = by_hand(catalog, source), by_rule(plan)
    hits = hand.keys() & rule.keys()
    print(f"  errors by hand {len(hand)}, by rule {len(rule)}, both {len(hits)}")
    print(f"  recall {len(hits) / len(hand):.2f}, precision {len(hits) / len(rule):.2f}")
    print(
        "  missed:", ", ".join(f"line {line} {hand[line, kind]}" for line, kind in sorted(hand.keys() - hits)) or "none"
    )
    extra = ", ".join(f"line {line} {rule[line, kind]}" for line, kind in sorted(rule.keys() - hits)) or "none"
    print("  not recorded by hand:", extra)


def disturbed(catalog: Catalog, dice: random.Random) -> tuple[list[str], list[str]]:
    """Rows of our own records with what lists do to them, and the record that each means."""
    rows, wanted = [], []
    methods = [m for m in catalog.methods.values() if m.papers and m.status == "current"]
    for number in range(500):
        method = methods[dice.randrange(len(methods))]
        paper = catalog.papers[method.papers[0].paper]
        title = dice.choice([paper.title, paper.title.lower(), paper.title.replace("tion", "t- ion"), paper.title[:70]])
        name = dice.choice([method.name, method.name.upper(), method.name.lower()])
        doi = paper.doi or ""
        repository = method.repository.url if method.repository else ""
        cells = [
            [name, title, "", ""],
            [name, "", doi, ""],
            ["", title, doi, ""],
            [name, title, "", repository],
            [name, "", "", repository],
        ][number % 5]
        rows.append("\t".join(cells))
        wanted.append(method.id)
    return rows, wanted


def made_up(catalog: Catalog, dice: random.Random) -> list[str]:
    """Rows that no record means: words of our titles in another order, and names of our methods on other papers."""
    words = sorted({word for paper in catalog.papers.values() for word in paper.title.lower().split()})
    methods = list(catalog.methods.values())
    rows = []
    for number in range(500):
        name = dice.choice(methods).name if number % 2 else f"Unheard{number}"
        title = " ".join(dice.sample(words, dice.randint(6, 14)))
        doi, repository = f"10.1000/unheard.{number}", f"https://github.com/unheard{number}/{name.replace(' ', '')}"
        cells = [[name, title, "", ""], [name, title, doi, ""], [name, "", doi, ""], [name, "", "", repository]]
        rows.append("\t".join(cells[number // 2 % 4]))
    return rows


def report_matching(catalog: Catalog) -> None:
    """Print precision and recall of matching."""
    dice = random.Random(20261120)  # the same rows each time
    known, wanted = disturbed(catalog, dice)
    text = "\n".join(["name\ttitle\tdoi\trepository", *known, *made_up(catalog, dice)])
    started = time.perf_counter()
    plan = make_plan(read_source(text.encode(), kind="tsv"), catalog)
    seconds = time.perf_counter() - started
    matched = {int(item["line"]) - 2: str(item["record"]).partition("/")[2] for item in plan.known}
    right = sum(matched.get(index) == record for index, record in enumerate(wanted))
    false = Counter("made up" if index >= len(wanted) else "other record" for index in matched)
    false["other record"] -= right
    print(f"matching: {plan.rows_read} rows in {seconds:.1f} s; {len(matched)} matched, {right} rightly")
    print(f"  precision {right / max(1, len(matched)):.3f}, recall {right / len(wanted):.3f}; wrong: {dict(false)}")


def main() -> None:
    """Print all reports."""
    catalog = load_catalog(resource_root("data"))
    words = sys.argv[1:]
    for source, path in zip(words[::2], words[1::2], strict=True):
        report_list(catalog, source, Path(path))
    report_matching(catalog)


if __name__ == "__main__":
    main()
