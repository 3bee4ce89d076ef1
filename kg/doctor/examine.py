"""Run all examinations, rank what they find by use, and say at which file and line it stands."""

import difflib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Final

from kg.catalog.loader import read_text
from kg.catalog.yaml_text import Place
from kg.doctor.advice import FINDINGS, GROUPS, Advice, Examination, Patient
from kg.doctor.age import ageing
from kg.doctor.balance import balance_of_tasks, weak_facts
from kg.doctor.contradictions import contradictions
from kg.doctor.evidence import own_decisions, places_of_datasets, titles_of_readmes, unplaced_datasets
from kg.doctor.headings import listed_tasks
from kg.doctor.missing import missing_of_methods, missing_of_papers
from kg.doctor.people import doubles_of_people
from kg.doctor.printed import names_of_authors, titles_of_lists
from kg.doctor.suspicion import (
    copied_code,
    doubts_of_scope,
    names_of_methods,
    starmap_calls,
    titles_as_tasks,
    titles_of_preprints,
    years_of_papers,
)
from kg.doctor.twins import twins_of_methods, twins_of_papers
from kg.doctor.upstream import list_errors, reportable
from kg.doctor.use import Use, uses
from kg.errors import QueryParameterError
from kg.model import Catalog

EXAMINATIONS: Final[tuple[Callable[[Patient], Examination], ...]] = (
    missing_of_methods,
    missing_of_papers,
    twins_of_methods,
    twins_of_papers,
    doubles_of_people,
    contradictions,
    ageing,
    balance_of_tasks,
    weak_facts,
    titles_as_tasks,
    copied_code,
    starmap_calls,
    years_of_papers,
    titles_of_preprints,
    doubts_of_scope,
    names_of_methods,
    listed_tasks,
    own_decisions,
    places_of_datasets,
    unplaced_datasets,
    titles_of_readmes,
    titles_of_lists,
    names_of_authors,
    list_errors,
)


def reading_day(catalog: Catalog) -> date:
    """The last day on which a source was read: the day that the catalog's dates are about.

    Ages are counted to this day and not to the clock, so that the same files always give the same advice, and so that
    nobody is called idle for the time since we looked.
    """
    days = [source.retrieved_on for source in catalog.sources.values() if source.retrieved_on]
    return max(days, default=date(2000, 1, 1))


def examine(
    catalog: Catalog,
    *,
    only: Collection[str] = (),
    records: Collection[tuple[str, str]] = (),
    today: date | None = None,
    more: Iterable[Advice] = (),
) -> list[Advice]:
    """Everything that a curator could do, what is used most first.

    Args:
        catalog: All records.
        only: Codes or groups of findings; all when empty.
        records: Only advice for these (kind, id); all when empty. A method brings its papers.
        today: Day that ages are counted to; :func:`reading_day` when None.
        more: Advice from elsewhere to rank with the rest, such as :func:`kg.doctor.online.broken_links`.

    Returns:
        Advice by falling score. ``path`` and ``line`` are not set; :func:`located` does that.

    Raises:
        QueryParameterError: ``only`` names no finding.
    """
    wanted = _codes(only)
    patient = Patient.of(catalog, today or reading_day(catalog))
    known = uses(catalog)
    asked = with_papers(catalog, records)
    found = []
    for advice in chain(*(examination(patient) for examination in EXAMINATIONS), more):
        if advice.code in wanted and (not asked or (advice.kind, advice.key) in asked):
            use = known.get((advice.kind, advice.key), Use())
            if advice.kind == "listing":
                use = Use(errors=len(reportable(catalog.listings[advice.key].entries)))
            found.append(replace(advice, use=use))
    return sorted(found, key=lambda a: (-a.score, a.code, a.kind, a.key, a.steps == (), str(a.steps), a.message))


def _codes(only: Collection[str]) -> set[str]:
    found: set[str] = set()
    for word in only:
        codes = {code for code, finding in FINDINGS.items() if word in {code, finding.group}}
        if not codes:
            near = difflib.get_close_matches(word, [*FINDINGS, *GROUPS], n=1)
            hint = f"did you mean {near[0]}?" if near else f"write one of {', '.join(GROUPS)}, or a code of --help"
            raise QueryParameterError(f"there is no finding {word!r}: {hint}")
        found |= codes
    return found or set(FINDINGS)


def with_papers(catalog: Catalog, records: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Records, and the papers of the methods among them."""
    found = set(records)
    for kind, key in records:
        if kind == "method" and key in catalog.methods:
            found |= {("paper", link.paper) for link in catalog.methods[key].papers}
    return found


def located(advice: Sequence[Advice], catalog: Catalog, root: Path) -> list[Advice]:
    """The same advice with file and line; each file is read once.

    Args:
        advice: What :func:`examine` found in ``catalog``.
        catalog: The records.
        root: The data folder that they were read from.
    """
    files: dict[str, Place] = {}
    found = []
    for each in advice:
        path, index = catalog.places[each.kind, each.key]
        if path not in files:
            files[path] = Place(read_text(root, path), path)
        steps = each.steps if index < 0 else (index, *each.steps)
        found.append(replace(each, path=path, line=files[path].line(steps)))
    return found
