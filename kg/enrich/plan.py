"""The plan of a run: which records are asked about, what was answered, what they lack and what differs."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from kg.enrich import papers, repositories
from kg.enrich.client import Client
from kg.enrich.openalex import openalex_id
from kg.enrich.people import Identities
from kg.enrich.proposals import Proposal, Verdict
from kg.enrich.records import tried
from kg.enrich.services import SERVICES, openalex_author_path
from kg.enrich.telling import Asked, tellings
from kg.enrich.works import text_at
from kg.errors import EnrichError
from kg.importing.known import Known
from kg.importing.people import agreement
from kg.importing.report import escaped
from kg.model import Author, Catalog

FIELDS: Final = tuple(dict.fromkeys((*papers.FIELDS, *repositories.FIELDS)))


@dataclass
class EnrichPlan:
    """What a run found. ``questions = len(known) + len(not_understood)``.

    Attributes:
        questions: How many questions were put, to services or to saved answers.
        known: Answers that are about their record, with the evidence.
        not_understood: Questions without a usable answer, with the reason.
        proposals: Facts that records lack; their numbers begin at 1.
        contradicts: Values that differ from ours: listed, ours, who is right and why.
    """

    questions: int = 0
    known: list[dict[str, Any]] = field(default_factory=list)
    not_understood: list[dict[str, Any]] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    contradicts: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The plan as plain values, with the lists that the plan of an import has."""
        return {
            "kind": "enrich",
            "rows_read": self.questions,
            "new": [],
            "known": self.known,
            "adds_facts": [proposal.as_item(number) for number, proposal in enumerate(self.proposals, start=1)],
            "contradicts": self.contradicts,
            "not_understood": self.not_understood,
        }


@dataclass(frozen=True, slots=True)
class Choice:
    """What to ask.

    Attributes:
        records: ``kind/id`` of records; empty for all that lack something.
        fields: Fields that may be filled.
        services: Names of services.
        after: ``kind/id``; only records behind it in order are taken.
        limit: How many records at most.
    """

    records: tuple[str, ...] = ()
    fields: frozenset[str] = frozenset(FIELDS)
    services: frozenset[str] = frozenset(SERVICES)
    after: str = ""
    limit: int | None = None


def targets(catalog: Catalog, choice: Choice) -> list[tuple[str, str]]:
    """Records to ask about as (kind, id), in order.

    Named records are taken whatever they have; of the others, those that are current, lack one of the fields and have
    an identifier to ask by.

    Raises:
        EnrichError: A named record does not exist, or is of a kind that nobody can be asked about.
    """
    named = [_named(catalog, name) for name in choice.records]
    found = list(dict.fromkeys(named)) or list(_lacking(catalog, choice))
    if choice.after:
        kind, key = _named(catalog, choice.after)
        found = [target for target in found if target > (kind, key)]
    return found[: choice.limit]


def _named(catalog: Catalog, name: str) -> tuple[str, str]:
    kind, _, key = name.rpartition("/")
    kinds = [kind] if kind else ["method", "paper", "author"]
    fitting = [(k, key) for k in kinds if k in {"method", "paper", "author"} and key in catalog.of_kind(k)]
    if len(fitting) != 1:
        hint = "write method/ID, paper/ID or author/ID" if not kind or fitting else "see 'stkg query papers'"
        raise EnrichError(f"there is no single record {name[:80]!r}: {hint}")
    return fitting[0]


def _lacking(catalog: Catalog, choice: Choice) -> Iterator[tuple[str, str]]:
    if "external" in choice.fields and "openalex" in choice.services:
        yield from _people_to_ask(catalog)
    if "github" in choice.services:
        for key, method in sorted(catalog.methods.items()):
            wanted = repositories.lacks(method) & choice.fields
            if method.status == "current" and method.scope == "spatial" and wanted and repositories.github_name(method):
                yield "method", key
    if choice.services - {"github"}:
        yield from _papers_to_ask(catalog, choice)


def _people_to_ask(catalog: Catalog) -> Iterator[tuple[str, str]]:
    linked = {link.record for link in catalog.externals.values()}
    for key, author in sorted(catalog.authors.items()):
        if author.orcid and f"author/{key}" not in linked:
            yield "author", key


def _papers_to_ask(catalog: Catalog, choice: Choice) -> Iterator[tuple[str, str]]:
    linked = {link.record for link in catalog.externals.values()}
    wanted = choice.fields - ({"external"} if "openalex" not in choice.services else set())
    whatever = bool(wanted) and wanted <= {"orcid", "versions"}  # nobody knows how many there are
    for key, paper in sorted(catalog.papers.items()):
        askable = paper.doi or paper.arxiv or paper.pmid
        in_scope = paper.status == "current" and paper.scope == "spatial"
        if askable and in_scope and (whatever or papers.lacks(paper, linked) & wanted):
            yield "paper", key


def make_plan(
    catalog: Catalog,
    choice: Choice,
    client: Client,
    progress: Callable[[Sequence[tuple[str, str]]], Iterable[tuple[str, str]]] = iter,
) -> EnrichPlan:
    """Ask, read, compare.

    Args:
        catalog: Our records.
        choice: What to ask.
        client: Asks, or replays.
        progress: Wraps the records, to show how far the run is.

    Returns:
        The plan; nothing is written. The same answers give the same plan.
    """
    asked = Asked(client)
    known, identities = Known(catalog), Identities(catalog)
    plan = EnrichPlan()
    for kind, key in progress(targets(catalog, choice)):
        verdict = _verdict(kind, key, choice, asked, known, identities)
        plan.proposals += [p for p in verdict.proposals if _field(p) in choice.fields]
        strangers = asked.strangers[:1]
        asked.strangers = []
        plan.contradicts += strangers + [item.as_item() for item in verdict.disagreements]
    plan.proposals = tried(catalog, plan.proposals)
    plan.questions, plan.known, plan.not_understood = asked.questions, asked.known, asked.not_understood
    return plan


def _field(proposal: Proposal) -> str:
    return proposal.field.removeprefix("repository.")


def _verdict(kind: str, key: str, choice: Choice, asked: Asked, known: Known, identities: Identities) -> Verdict:
    catalog = known.catalog
    before = asked.questions
    verdict = Verdict([], [])
    if kind == "paper":
        paper = catalog.papers[key]
        verdict = papers.judge_paper(paper, tellings(paper, choice.services, asked), known, identities)
    elif kind == "method" and "github" in choice.services:
        verdict = repositories.judge_repository(catalog.methods[key], choice.fields, asked, catalog)
    elif kind == "author" and "openalex" in choice.services:
        verdict.proposals.extend(_author(catalog.authors[key], asked, catalog))
    if asked.questions == before:
        asked.questions += 1
        asked.refuse(f"{kind}/{key}", "", "it has no identifier that these services can be asked by")
    return verdict


def _author(author: Author, asked: Asked, catalog: Catalog) -> Iterator[Proposal]:
    record, orcid = f"author/{author.id}", author.orcid
    if orcid is None:
        return
    got = asked.ask(record, "openalex", lambda: openalex_author_path(orcid))
    if got is None:
        return
    content, answer = got
    iri, name = openalex_id(content, "A"), text_at(content, "display_name")
    if not iri or not text_at(content, "orcid").endswith(orcid):
        return asked.refuse(record, "openalex", "the answer is not about this ORCID")
    if max(agreement([name], [ours]) for ours in (author.name, *author.synonyms)) < 1.0:
        return asked.refuse(record, "openalex", f"its name is another: {name[:80]!r}")
    asked.accept(record, "openalex", answer, [f"ORCID {orcid}", f"name {name}"], 0.99)
    if iri not in catalog.externals:
        value = {"iri": iri, "seen_on": answer.fetched_on.isoformat()}
        yield Proposal(
            asked.questions, "author", author.id, "external", value, (answer.url,), (SERVICES["openalex"].label,)
        )


def plan_json(plan: EnrichPlan) -> str:
    """The plan as one JSON object; characters that a terminal may obey are escaped."""
    return escaped(json.dumps(plan.as_json(), ensure_ascii=False, indent=2))
