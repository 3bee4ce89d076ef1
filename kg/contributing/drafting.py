"""Records from checked answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from kg.catalog.checks import RULES, Finding
from kg.catalog.writer import dump_record
from kg.contributing.questions import BY_KEY, Answers, Asked, Question
from kg.errors import AnswerError
from kg.importing.matching import similarity
from kg.iris import slugify
from kg.model import Method, Paper, Record

_SAME_TITLE: Final = 0.93
# Field of a record that a rule complains of -> the question whose answer mends it.
_MENDED_BY: Final = {
    "papers": "shared_note",
    "repository": "shared_note",
    "tasks": "scope_note",
    "scope": "scope_note",
    "kind": "paper_kind",
    **{name: name for name in ("name", "synonyms", "doi", "arxiv", "title", "year", "venue", "authors")},
}
_Record = TypeVar("_Record", bound=Record)


@dataclass(frozen=True)
class Draft:
    """New records, not yet written.

    Attributes:
        records: A method and, when we did not have it, its paper.
        remarks: What a curator should look at before merging.
    """

    records: tuple[Method | Paper, ...]
    remarks: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The files as they would be."""
        return "\n".join(dump_record(record) for record in self.records)


def draft_method(answers: Answers, asked: Asked) -> Draft:
    """A method and its paper from answers.

    Ids are slugs of the name, so that nothing that was typed can become a path. A person whose id is taken gets an id
    of their own: two people are kept apart until there is evidence that they are one.

    Args:
        answers: What :mod:`kg.contributing.questions` read.
        asked: The catalog that they were read for.

    Raises:
        AnswerError: The answers do not make a valid record.
    """
    remarks: list[str] = []
    key = _free_id(slugify(str(answers["name"])), _ids(asked.catalog.methods))
    paper = asked.paper_of(answers)
    records: list[Method | Paper] = []
    if paper is None and "title" in answers:
        paper = _paper(key, answers, asked, remarks)
        records.append(paper)
    elif paper is not None:
        remarks.append(f"the paper is known: paper:{paper.id}, {paper.title}")
    for other in asked.sharing(answers):
        remarks.append(f"method:{other} shares code or paper; if it is the same method, correct that record instead")
    remarks += _likenesses(answers, asked)
    return Draft((_method(key, answers, paper), *records), tuple(remarks))


def _ids(records: Mapping[str, Method] | Mapping[str, Paper]) -> set[str]:
    """Ids that are taken: those in use, and former ones, which go on answering."""
    return {*records, *(old for record in records.values() for old in record.former_ids)}


def _free_id(wanted: str, taken: Iterable[str]) -> str:
    known = set(taken)
    number = 2
    found = wanted
    while found in known:
        found, number = f"{wanted}-{number}", number + 1
    return found


def _method(key: str, answers: Answers, paper: Paper | None) -> Method:
    sources = list(answers["sources"]) if isinstance(answers["sources"], tuple) else []

    note = {"note": answers["shared_note"]} if "shared_note" in answers else {}

    def links(field: str, name: str) -> list[dict[str, Any]]:
        given = answers.get(field, ())
        values = given if isinstance(given, tuple) else (given,)
        return [{name: value, "sources": sources} for value in values]

    plain: dict[str, Any] = {
        "id": key,
        "name": answers["name"],
        "synonyms": answers.get("synonyms"),
        "summary": answers.get("summary"),
        "evidence_level": answers["evidence_level"],
        "scope": answers["scope"],
        "scope_note": answers.get("scope_note"),
        "papers": [{"paper": paper.id, "role": "introduces", "sources": sources, **note}] if paper else None,
        "repository": {"url": answers["repository"], "sources": sources, **note} if "repository" in answers else None,
        "languages": links("languages", "language"),
        "licenses": links("license", "license"),
        "tasks": links("tasks", "task"),
    }
    plain = {name: value for name, value in plain.items() if value}
    scalars = [name for name in ("name", "synonyms", "scope_note") if name in plain]
    plain["sources"] = dict.fromkeys(scalars, sources)
    if "summary" in plain:
        plain["sources"]["summary"] = ["stkg-curation:written by the contributor in their own words"]
    return _valid(Method, plain)


def _paper(method: str, answers: Answers, asked: Asked, remarks: list[str]) -> Paper:
    sources = answers["sources"]
    wanted = f"{method}-{answers.get('year', 'paper')}"
    fields = ("title", "doi", "arxiv", "venue", "year")
    plain: dict[str, Any] = {
        "id": _free_id(wanted, _ids(asked.catalog.papers)),
        "kind": answers["paper_kind"],
        **{name: answers[name] for name in fields if name in answers},
        "sources": {name: sources for name in fields if name in answers},
    }
    if names := answers.get("authors"):
        plain["authors"] = {"complete": True, "names": _people(names, asked, remarks), "sources": sources}
    return _valid(Paper, plain)


def _people(names: Any, asked: Asked, remarks: list[str]) -> list[str | dict[str, str]]:
    """Printed names, each with an id that no other person has."""
    taken = {author: (paper, name) for paper, _, name, author in asked.catalog.printed_authors()}
    used = set(taken)
    found: list[str | dict[str, str]] = []
    for name in names:
        own = _free_id(slugify(name), used)
        used.add(own)
        found.append(name if own == slugify(name) else {"name": name, "author": own})
        if slugify(name) in taken:
            paper, _ = taken[slugify(name)]
            remarks.append(
                f"{name} was kept apart from author:{slugify(name)}, who wrote paper:{paper}; with evidence that they "
                "are one, give both that id in authors.yaml"
            )
    return found


def _valid(model: type[_Record], plain: dict[str, Any]) -> _Record:
    try:
        return model.model_validate(plain)
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        place = ".".join(map(str, detail["loc"]))
        raise AnswerError(f"the answers make no valid record: {place}: {detail['msg']}") from error


def _likenesses(answers: Answers, asked: Asked) -> list[str]:
    """Papers that may be the same work."""
    title = str(answers.get("title", ""))
    return [
        f"paper:{paper} has nearly the same title; if it is one work, give its DOI instead"
        for paper in (asked.known.near_titles(title) if title else ())
        if similarity(title, asked.catalog.papers[paper].title) >= _SAME_TITLE
    ]


def faults(draft: Draft, asked: Asked) -> list[tuple[Question, str, str]]:
    """What ``stkg check`` would say of the catalog with the new records, and which question mends it.

    Returns:
        Question, message and cure; empty when the records can be written.
    """
    methods: dict[str, Method] = dict(asked.catalog.methods)
    papers: dict[str, Paper] = dict(asked.catalog.papers)
    for record in draft.records:
        if isinstance(record, Method):
            methods[record.id] = record
        else:
            papers[record.id] = record
    catalog = replace(asked.catalog, methods=methods, papers=papers)
    before = {finding for rule in RULES for finding in rule(asked.catalog)}
    found = [finding for rule in RULES for finding in rule(catalog) if finding not in before]
    return [(BY_KEY[_MENDED_BY.get(_field_of(each), "sources")], each.message, each.hint) for each in found]


def _field_of(finding: Finding) -> str:
    steps = [step for step in finding.steps if isinstance(step, str)]
    return steps[1] if steps[:1] == ["sources"] and len(steps) > 1 else steps[0] if steps else ""


__all__ = ["Draft", "draft_method", "faults"]
