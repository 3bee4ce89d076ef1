"""Stored queries for people: the list, and for each a form with its answer."""

import json
import shlex
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kg.errors import QueryParameterError
from kg.iris import RECORD_KINDS, parse_curie, parse_record_iri
from kg.pages.cells import answer_table
from kg.pages.figures import cut
from kg.pages.memory import remember
from kg.pages.render import Head, Site, render
from kg.queries.binding import bind

if TYPE_CHECKING:
    from kg.queries.definition import Parameter, StoredQuery
    from kg.service import Answer, KnowledgeGraph

PAGE_ROWS: Final = 100
MOST_PAGE_ROWS: Final = 500
# More than these make a list that nobody scrolls through: then a text field with suggestions.
_MOST_OPTIONS: Final = 120
_MOST_SUGGESTIONS: Final = 1000
THEMES: Final = {
    "methods": ("Methods", "What exists for a task, with which framework, on which data."),
    "lineage": ("Lineage", "Which method builds on which, and which were compared."),
    "people": ("People and papers", "Who wrote what, where, and with whom."),
    "lists": ("Source lists", "What lists of methods print, and what was corrected."),
    "quality": ("Quality", "How well facts are supported, and what is missing."),
    "vocabulary": ("Vocabulary", "Tasks, data sets, frameworks and so on, with their sizes."),
}
DOWNLOADS: Final = {"JSON": "json", "CSV": "csv", "TSV": "tsv", "Markdown": "md", "BibTeX": "bib"}


class Field(NamedTuple):
    """One field of a form.

    Attributes:
        name: Of the parameter.
        about: What it means.
        control: ``select``, ``text`` or ``number``.
        value: What stands in it.
        options: Values and labels to choose from, or to suggest for ``text``.
        required: Whether it must be filled in.
        low: Smallest number.
        high: Largest number, or longest text.
        default: What counts when it is empty.
        error: What is wrong with the value.
    """

    name: str
    about: str
    control: str
    value: str
    options: Sequence[tuple[str, str]]
    required: bool
    low: int | None
    high: int | None
    default: str | None
    error: str | None


class Asked(NamedTuple):
    """A stored query with values.

    Attributes:
        query: The definition.
        values: Parameter name to what was given.
        is_sample: Whether the values are the query's own example.
        offset: First row to show.
        limit: Rows to show.
    """

    query: "StoredQuery"
    values: Mapping[str, str]
    is_sample: bool = False
    offset: int = 0
    limit: int = PAGE_ROWS


class Page(NamedTuple):
    """A page, and the HTTP status that fits it."""

    text: str
    status: int = 200


def listing_page(queries: "Mapping[str, StoredQuery]", site: Site) -> str:
    """All stored queries, by theme."""
    groups: dict[str, list[StoredQuery]] = {theme: [] for theme in THEMES}
    for query in queries.values():
        groups.setdefault(query.path.partition("/")[0], []).append(query)
    head = Head("Questions", "Stored queries on methods for spatial transcriptomics.", here=f"{site.root}/query")
    shown = [(*THEMES.get(theme, (theme.capitalize(), "")), theme, found) for theme, found in groups.items() if found]
    return render("questions", site, head, groups=shown, count=len(queries))


def _choices(graph: "KnowledgeGraph", kind: str) -> list[tuple[str, str]]:
    labels = graph.index(kind).labels
    return sorted(labels.items(), key=lambda pair: (pair[1].casefold(), pair[0]))


def _suggestions(graph: "KnowledgeGraph", kind: str) -> list[tuple[str, str]]:
    """Texts to type: the label, or the slug where several have it."""
    index = graph.index(kind)
    counts: dict[str, int] = {}
    for label in index.labels.values():
        counts[label] = counts.get(label, 0) + 1
    pairs = [(label if counts[label] == 1 else slug, cut(label, 100)) for slug, label in _choices(graph, kind)]
    return pairs[:_MOST_SUGGESTIONS]


def _slug(graph: "KnowledgeGraph", kind: str, value: str) -> str:
    """The slug that a value means, so that a list of choices can show it; the value itself when it means nothing."""
    parsed = parse_record_iri(value) or parse_curie(value)
    if parsed is not None and parsed[0] == kind:
        return parsed[1]
    try:
        return graph.index(kind).resolve(value).rpartition("/")[2]
    except QueryParameterError:
        return value


def _field(graph: "KnowledgeGraph", parameter: "Parameter", value: str, error: str | None) -> Field:
    control, options = "text", []
    low, high = parameter.minimum, parameter.maximum
    if parameter.type in RECORD_KINDS:
        kind, high = parameter.type, None
        if len(graph.index(kind).labels) <= _MOST_OPTIONS:
            control, options = "select", remember(graph, f"choices {kind}", lambda g: _choices(g, kind))
            value = _slug(graph, kind, value) if value else ""
            if value and error is not None:
                options = [(value, value), *options]
        else:
            options = remember(graph, f"suggestions {kind}", lambda g: _suggestions(g, kind))
    elif parameter.type == "choice":
        control, options = "select", [(choice, choice) for choice in parameter.choices]
    elif parameter.type == "integer":
        control = "number" if not value or value.lstrip("+-").isdecimal() else "text"
    return Field(
        parameter.name,
        parameter.description,
        control,
        value,
        options,
        parameter.required,
        low,
        high,
        parameter.default,
        error,
    )


def _plain(error: QueryParameterError) -> str:
    """The message for people who see the field: without the words of the command line."""
    text = error.summary.replace("stkg query ", "/query/")
    if error.field is not None:
        text = text.removeprefix(f"--{error.field}: ").replace(f"--{error.field} ", "this ")
    text = text.replace("--", "").partition(" ('/query/")[0]
    return text[:1].upper() + text[1:] + ("" if text.endswith(("?", ".")) else ".")


def _faults(graph: "KnowledgeGraph", asked: Asked) -> dict[str, str]:
    """What is wrong with each value, by parameter."""
    values, faults = dict(asked.values), dict[str, str]()
    while True:
        try:
            bind(asked.query, values, graph.index)
        except QueryParameterError as error:
            name = error.field or ""
            if name in faults:  # it is missing now because its value was wrong
                break
            faults[name] = _plain(error)
            if values.pop(name, None) is None:
                break
        else:
            break
    return faults


def command_line(asked: Asked) -> str:
    """What to type for the same answer.

    The values are quoted for a shell, whatever they hold.
    """
    words = [f"--{name} {shlex.quote(value)}" for name, value in asked.values.items()]
    return " ".join(["stkg query", asked.query.name, *words])


def python_call(asked: Asked) -> str:
    """What to run for the same answer."""
    values = []
    for name, value in asked.values.items():
        parameter = asked.query.parameter(name)
        number = parameter is not None and parameter.type == "integer" and value.isascii() and value.isdigit()
        values.append(f"{name}={value if number else json.dumps(value, ensure_ascii=False)}")
    call = ", ".join([json.dumps(asked.query.name), *values])
    return f"from kg import KnowledgeGraph\n\nrows = KnowledgeGraph.open().query({call})"


def question_page(graph: "KnowledgeGraph", asked: Asked, site: Site) -> Page:
    """The page of a stored query: form, answer, downloads, and how to ask the same elsewhere.

    Args:
        graph: The graph.
        asked: The query and its values.
        site: Where the page stands.

    Returns:
        The page; its status is 422 when a value does not fit.
    """
    query, faults = asked.query, _faults(graph, asked)
    is_open = False
    if faults and asked.is_sample:  # the catalog does not have what the example names
        asked = asked._replace(values={}, is_sample=False)
        is_open, faults = bool(_faults(graph, asked)), {}
    answer = None if faults or is_open else graph.query(query.name, **asked.values)
    fields = [
        _field(graph, parameter, asked.values.get(parameter.name, ""), faults.get(parameter.name))
        for parameter in query.parameters
    ]
    known = {parameter.name for parameter in query.parameters}
    elsewhere = next((text for name, text in faults.items() if name not in known), None)
    head = Head(
        f"{cut(query.summary.rstrip('.'), 90)} – question",
        query.summary,
        here=f"{site.root}/query/{query.name}",
        indexed=not asked.values or asked.is_sample,
    )
    text = render(
        "question",
        site,
        head,
        query=query,
        theme=THEMES.get(query.path.partition("/")[0], ("", ""))[0],
        fields=fields,
        asked=asked,
        elsewhere=elsewhere,
        failed=bool(faults),
        is_open=is_open,
        command=command_line(asked),
        python=python_call(asked),
        **_answered(graph, asked, site, answer),
    )
    return Page(text, 422 if faults else 200)


def _answered(graph: "KnowledgeGraph", asked: Asked, site: Site, answer: "Answer | None") -> dict[str, Any]:
    if answer is None:
        return {"table": None, "total": 0, "sparql": None, "downloads": [], "pages": {}, "first": 0, "last": 0}
    links, query, values = site.links, asked.query, dict(asked.values)
    rows = answer[asked.offset : asked.offset + asked.limit]
    has_papers = any(column.name == "paper" for column in query.columns)
    downloads = [
        (name, links.query(f"{query.name}.{suffix}", **values))
        for name, suffix in DOWNLOADS.items()
        if suffix != "bib" or has_papers
    ]
    pages = {}
    size = {"limit": asked.limit} if asked.limit != PAGE_ROWS else {}
    # An empty field keeps the address from being one without values, which shows the example.
    kept = values or dict.fromkeys([parameter.name for parameter in query.parameters[:1]], "")
    if asked.offset:
        pages["previous"] = links.query(query.name, **kept, **size, offset=max(0, asked.offset - asked.limit))
    if asked.offset + asked.limit < len(answer):
        pages["next"] = links.query(query.name, **kept, **size, offset=asked.offset + asked.limit)
    return {
        "table": answer_table(graph, links, rows, query.columns),
        "total": len(answer),
        "sparql": answer.sparql,
        "downloads": downloads,
        "pages": pages,
        "first": asked.offset + 1,
        "last": asked.offset + len(rows),
    }
