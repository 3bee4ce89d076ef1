"""What is asked about a new method, and what an answer may be.

The terminal and the issue form ask the same questions. Choices come from the models and the vocabularies, checks from
the fields of the models, so that no second definition of a good value can drift.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args, get_type_hints

from pydantic import TypeAdapter, ValidationError

from kg.errors import AnswerError, QueryParameterError
from kg.importing.known import Known
from kg.importing.people import split_authors
from kg.importing.text import arxiv_of, clean_doi, repository_of
from kg.iris import fold, parse_record_iri, slugify
from kg.model import COLLECTIONS, Catalog, Method, Paper, parse_reference
from kg.model.base import Scope, Url
from kg.model.method import EvidenceLevel
from kg.model.paper import PaperKind
from kg.names import NameIndex, build_indexes, shown

# Last part of a form: no answer, but the end of the one before it.
CONSENT: Final = "Your contribution"
Value = str | int | tuple[str, ...]
Answers = dict[str, Value]
_MAX_NAME: Final = 80
_MAX_LINE: Final = 500
_MAX_TEXT: Final = 20_000


class Asked:
    """What the checks of answers need to know.

    Attributes:
        catalog: All records.
        indexes: Names of the records, by kind.
        known: The records, indexed by what identifies them.
    """

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.known = Known(catalog)
        self.indexes: Mapping[str, NameIndex] = build_indexes(catalog)

    def paper_of(self, answers: Answers) -> Paper | None:
        """The paper that we have already under the given DOI or arXiv id."""
        wanted = {str(answers[name]) for name in ("doi", "arxiv") if name in answers}
        for paper in self.catalog.papers.values():
            own = [paper.doi, paper.arxiv, *(i for v in paper.versions for i in (v.doi, v.arxiv))]
            if wanted & set(own) and paper.status == "current":
                return paper
        return None

    def sharing(self, answers: Answers) -> list[str]:
        """Ids of methods that have the same repository, or that the same paper introduces."""
        repository = repository_of(str(answers.get("repository", ""))) or ""
        paper = self.paper_of(answers)
        found = set(self.known.by_repository.get(repository.lower(), ()))
        for key in self.known.methods_of.get(paper.id, ()) if paper else ():
            links = self.catalog.methods[key].papers
            found |= {key for link in links if paper and link.paper == paper.id and link.role == "introduces"}
        return sorted(found)


Reader = Callable[[str, Asked], Value]


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Attributes:
        key: Name of the answer.
        label: As printed in the form and asked in the terminal.
        help: What to write, for people.
        read: Turns the text into a value, or raises :class:`~kg.errors.AnswerError` with the cure.
        required: Whether there must be an answer.
        form: What the form shows: a line, several lines, one choice, or choices.
        kind: Kind of the records that are the choices.
        choices: Other choices.
        about_paper: Asked only when we do not have the paper yet.
    """

    key: str
    label: str
    help: str
    read: Reader
    required: bool = False
    form: Literal["input", "textarea", "dropdown", "dropdown-many"] = "input"
    kind: str = ""
    choices: tuple[str, ...] = ()
    about_paper: bool = False

    def options(self, catalog: Catalog) -> list[str]:
        """What can be chosen, as people read it."""
        if self.kind:
            return sorted((record.label for record in catalog.of_kind(self.kind).values()), key=str.casefold)
        return list(self.choices)


def value_of(question: Question, text: str, asked: Asked, answers: Answers) -> Value:
    """Read one answer.

    Args:
        question: The question.
        text: What was written.
        asked: The catalog that the answer is about.
        answers: Those before it, which it has to fit.

    Raises:
        AnswerError: The text is no good answer; the message has the cure.
    """
    limit = _MAX_TEXT if question.form == "textarea" else _MAX_LINE
    if len(text) > limit:
        raise AnswerError(f"is longer than {limit} characters: shorten it")
    if any(ord(c) < 32 and c not in "\n\r\t" for c in text):
        raise AnswerError("holds a control character: type it again")
    value = question.read(text.strip(), asked)
    _refuse_contradiction(question.key, value, answers, asked)
    return value


def _refuse_contradiction(key: str, value: Value, answers: Answers, asked: Asked) -> None:
    """Refuse at once what ``stkg check`` would refuse in the end: a venue, kind or year that the DOI speaks against."""
    doi = str(answers.get("doi", ""))
    identified = bool({"doi", "arxiv"} & set(answers))
    if key == "paper_kind" and identified and (value == "preprint") != _is_preprint(doi):
        what = "is" if _is_preprint(doi) else "is not"
        raise AnswerError(f"the DOI or arXiv id {what} that of a preprint: write the kind of the version it leads to")
    if key == "venue" and doi:
        venue = asked.catalog.venues[str(value)]
        if venue.doi_prefixes and not doi.startswith(venue.doi_prefixes):
            raise AnswerError(f"{doi} is not a DOI of {venue.label}: write the venue that the DOI belongs to")
    if (
        key == "year"
        and (dated := re.fullmatch(r"10\.1101/(\d{4})\.\d{2}\.\d{2}\.\d+", doi))
        and int(dated[1]) != value
    ):
        raise AnswerError(f"{value} does not fit the DOI: a preprint has the year of its first version, {dated[1]}")


def _is_preprint(doi: str) -> bool:
    """Whether a work with this DOI, or without one and with an arXiv id only, is a preprint."""
    return (
        not doi
        or re.match(r"10\.1101/(?:\d{4}\.\d\d\.\d\d\.)?\d{6,}$|10\.(?:48550|64898|21203|20944)/", doi) is not None
    )


def _field(model: type[Method | Paper], name: str) -> Callable[[str], Any]:
    """A check by the field of a model."""
    adapter: TypeAdapter[Any] = TypeAdapter(get_type_hints(model, include_extras=True)[name])
    return lambda text: _checked(adapter, text)


def _checked(adapter: TypeAdapter[Any], text: str) -> Any:
    try:
        return adapter.validate_python(text)
    except ValidationError as error:
        reason = error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
        raise AnswerError(f"{shown(text)} cannot be used: {reason}") from error


def _line(model: type[Method | Paper], name: str) -> Reader:
    check = _field(model, name)

    def read(text: str, asked: Asked) -> Value:  # noqa: ARG001
        found: Value = check(" ".join(text.split()))
        return found

    return read


def _name(text: str, asked: Asked) -> Value:
    name = " ".join(text.split())
    if len(name) > _MAX_NAME:
        raise AnswerError(f"is longer than {_MAX_NAME} characters: write the name only, the rest into the summary")
    if not slugify(name):
        raise AnswerError("has no letter or digit: write the name as its authors do")
    known = asked.indexes["method"].names.get(fold(name), [])
    if known or slugify(name) in asked.catalog.methods:
        other = (known or [slugify(name)])[0]
        raise AnswerError(
            f"is the name of method:{other} already: if it is another method, add what tells them apart in brackets, "
            "such as 'NAME (laboratory)'"
        )
    return str(_field(Method, "name")(name))


def _many_names(text: str, asked: Asked) -> Value:  # noqa: ARG001
    names = [" ".join(part.split()) for part in re.split(r"[;\n]", text)]
    return tuple(str(_field(Method, "name")(name)) for name in dict.fromkeys(names) if name)


def _one_of(*choices: str) -> Reader:
    def read(text: str, asked: Asked) -> Value:  # noqa: ARG001
        found = next((choice for choice in choices if fold(choice) == fold(text)), None)
        if found is None:
            raise AnswerError(f"{shown(text)} is no choice: write one of {', '.join(choices)}")
        return found

    return read


def _record(kind: str) -> Reader:
    return lambda text, asked: _slug(kind, text, asked)


def _slug(kind: str, text: str, asked: Asked) -> str:
    try:
        found = parse_record_iri(asked.indexes[kind].resolve(text))
    except QueryParameterError as error:
        hint = "" if ": " in error.summary else f": see the choices in data/{COLLECTIONS[kind]}.yaml"
        raise AnswerError(f"{error.summary}{hint}") from error
    if found is None:
        raise AnswerError(f"there is no {kind} {shown(text)}")
    return found[1]


def _records(kind: str) -> Reader:
    def read(text: str, asked: Asked) -> Value:
        names = [part.strip() for part in re.split(r"[,;\n]", text)]
        return tuple(dict.fromkeys(_slug(kind, name, asked) for name in names if name))

    return read


def _repository(text: str, asked: Asked) -> Value:  # noqa: ARG001
    url = text if re.match(r"https?://", text) else f"https://{text}"
    found = str(_checked(TypeAdapter(Url), url.removesuffix("/").removesuffix(".git")))
    if not re.fullmatch(r"https?://[^/]+\.[^/]+/[^/?#]+/.+", found):
        raise AnswerError(f"{shown(text)} is no repository: write https://github.com/OWNER/NAME")
    return found


def _doi(text: str, asked: Asked) -> Value:  # noqa: ARG001
    doi = clean_doi(text)
    if doi is None:
        raise AnswerError(f"{shown(text)} holds no DOI: write 10.…/…")
    return str(_field(Paper, "doi")(doi))


def _arxiv(text: str, asked: Asked) -> Value:  # noqa: ARG001
    return str(_field(Paper, "arxiv")(arxiv_of(text) or re.sub(r"v\d+$", "", text)))


def _year(text: str, asked: Asked) -> Value:  # noqa: ARG001
    if not re.fullmatch(r"[0-9]{4}", text):
        raise AnswerError(f"{shown(text)} is no year: write four digits")
    return int(_field(Paper, "year")(text))


def _authors(text: str, asked: Asked) -> Value:  # noqa: ARG001
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    names = lines if len(lines) > 1 else split_authors(text)
    for name in names:
        if len(name) > _MAX_NAME or not slugify(name):
            raise AnswerError(f"{shown(name)} is no name of a person: write one author a line, or separate them by ';'")
    return tuple(str(_field(Method, "name")(" ".join(name.split()))) for name in names)


def _sources(text: str, asked: Asked) -> Value:
    words = (part.strip() for part in re.split(r"[\n;]|,\s", text))
    return tuple(dict.fromkeys(_source(word, asked) for word in words if word))


def _source(text: str, asked: Asked) -> str:
    parts = parse_reference(text)
    if parts is None or re.match(r"https?://(?:dx\.)?doi\.org/", text):
        doi = clean_doi(text)
        if doi is None or parse_reference(f"doi:{doi}") is None:
            raise AnswerError(f"{shown(text)} is no reference: write doi:10.…, https://… or source-id:place")
        return f"doi:{doi}"
    if "source" in parts and parts["source"] not in asked.catalog.sources:
        raise AnswerError(f"there is no source {shown(parts['source'])}: write doi:10.… or https://…")
    if "repository" in parts and not _is_registered(parts["repository"], asked.catalog):
        return f"https://github.com/{parts['repository']}"  # a place in it counts only at a known commit
    return text


def _is_registered(repository: str, catalog: Catalog) -> bool:
    names = {name.lower() for name in catalog.repositories} | set(catalog.described_repositories())
    return repository.lower() in names


QUESTIONS: Final[Sequence[Question]] = (
    Question("name", "Name", "As its authors write it.", _name, required=True),
    Question("synonyms", "Other names", "Separated by semicolons.", _many_names),
    Question("doi", "DOI", "Of the paper that introduces the method; the journal's, if there is one.", _doi),
    Question("arxiv", "arXiv id", "Such as 2401.01234.", _arxiv),
    Question(
        "title",
        "Title of the paper",
        "Of the version that the DOI belongs to.",
        _line(Paper, "title"),
        about_paper=True,
    ),
    Question(
        "paper_kind",
        "Kind of paper",
        "What the DOI leads to.",
        _one_of(*get_args(PaperKind)),
        form="dropdown",
        choices=get_args(PaperKind),
        about_paper=True,
    ),
    Question("year", "Year", "Of the same version.", _year, about_paper=True),
    Question(
        "venue",
        "Journal, conference or preprint server",
        "Its name.",
        _record("venue"),
        about_paper=True,
    ),
    Question(
        "authors",
        "Authors",
        "All of them, in printed order, one a line or separated by semicolons. Leave it empty if you cannot see all.",
        _authors,
        form="textarea",
        about_paper=True,
    ),
    Question("repository", "Source code", "Address of the repository.", _repository),
    Question(
        "tasks",
        "Tasks",
        "What the method solves.",
        _records("task"),
        required=True,
        form="dropdown-many",
        kind="task",
    ),
    Question(
        "languages",
        "Languages",
        "What the method itself is written in; code of baselines does not count.",
        _records("language"),
        form="dropdown-many",
        kind="language",
    ),
    Question("license", "Licence", "Of the source code.", _record("license"), form="dropdown", kind="license"),
    Question("summary", "Summary", "What it does, in one sentence of your own.", _line(Method, "summary")),
    Question(
        "evidence_level",
        "What did you read?",
        "The best of these places: the code itself, its README, a catalog that names a DOI, or a catalog only.",
        _one_of(*get_args(EvidenceLevel)),
        required=True,
        form="dropdown",
        choices=get_args(EvidenceLevel),
    ),
    Question(
        "scope",
        "Scope",
        "Is it for spatial omics? If not, say below why it should be listed.",
        _one_of(*get_args(Scope)),
        required=True,
        form="dropdown",
        choices=get_args(Scope),
    ),
    Question(
        "scope_note",
        "Why it is listed",
        "What is spatial about it, where name and title do not show it; for another scope, why it should be here.",
        _line(Method, "scope_note"),
    ),
    Question(
        "shared_note",
        "Shared code or paper",
        "Only where another method has the same repository or paper: how the two hang together.",
        _line(Method, "scope_note"),
    ),
    Question(
        "sources",
        "Sources",
        "Where you read this, one a line: doi:10.…, https://…, or a source of the catalog such as museumst:row 12.",
        _sources,
        required=True,
        form="textarea",
    ),
)
BY_KEY: Final = {question.key: question for question in QUESTIONS}


def is_asked(question: Question, answers: Answers, asked: Asked) -> bool:
    """Whether a question makes sense after the answers so far."""
    if question.about_paper:
        if asked.paper_of(answers) is not None:
            return False
        if question.key != "title":
            return "title" in answers
    if question.key == "shared_note":
        return bool(asked.sharing(answers))
    if question.key in {"languages", "license"}:
        return "repository" in answers
    return True


def is_needed(question: Question, answers: Answers) -> bool:
    """Whether an empty answer is refused."""
    if question.key == "title":
        return bool({"doi", "arxiv"} & set(answers))
    if question.key == "scope_note":
        return answers.get("scope", "spatial") != "spatial"
    return question.required or question.key in {"paper_kind", "shared_note"}


def guess(question: Question, answers: Answers) -> str:
    """What an empty answer in the terminal stands for, or ``""``."""
    if question.key == "scope":
        return "spatial"
    if question.key == "evidence_level":
        return "repository" if "repository" in answers else "catalog-with-doi" if "doi" in answers else ""
    if question.key == "paper_kind":
        if not {"doi", "arxiv"} & set(answers):
            return ""
        return "preprint" if _is_preprint(str(answers.get("doi", ""))) else "article"
    if question.key == "sources":
        found = [f"doi:{answers['doi']}"] if "doi" in answers else []
        found += [f"https://arxiv.org/abs/{answers['arxiv']}"] if "arxiv" in answers and not found else []
        return "; ".join([*found, *([str(answers["repository"])] if "repository" in answers else [])])
    return ""
