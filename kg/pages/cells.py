"""Rows of answers as cells that a template can show: text, where it links to, how it is aligned."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kg.iris import BASE, compact, fold, parse_record_iri, record_iri
from kg.pages.links import Links
from kg.queries.definition import Column
from kg.view.links import short_name

if TYPE_CHECKING:
    from kg.service import KnowledgeGraph

# Columns that hold labels of records, and the kind of these.
_LABELS: Final = {
    "tasks": "task",
    "frameworks": "framework",
    "languages": "language",
    "datasets": "dataset",
    "technologies": "technology",
    "licences": "license",
    "methods": "method",
    "task": "task",
    "framework": "framework",
    "venue": "venue",
    "broader": "task",
}
_IDENTIFIERS: Final = {"doi": "https://doi.org/", "orcid": "https://orcid.org/"}
_REFERENCES: Final = ("evidence",)
_LONGEST: Final = 12
_LONG: Final = 60


class Entry(NamedTuple):
    """One value of a cell.

    Attributes:
        text: What stands there.
        href: Where it leads, or None.
        local: Whether that is a page of this site.
    """

    text: str
    href: str | None = None
    local: bool = False


class Cell(NamedTuple):
    """One cell.

    Attributes:
        entries: Its values, none when nothing is known.
        more: How many more values there are that are not shown.
    """

    entries: Sequence[Entry]
    more: int = 0


class Head(NamedTuple):
    """One column.

    Attributes:
        name: What stands over it.
        about: Explanation.
        numeric: Whether it is aligned as numbers are.
        wide: Whether its texts are long.
    """

    name: str
    about: str = ""
    numeric: bool = False
    wide: bool = False


class Table(NamedTuple):
    """A table.

    Attributes:
        heads: Columns.
        rows: Cells of each row; the first one names it.
    """

    heads: Sequence[Head]
    rows: Sequence[Sequence[Cell]]


def entry(graph: "KnowledgeGraph", links: Links, value: str, label: str | None = None) -> Entry:
    """A text or IRI as a value; IRIs of records show their label."""
    href = links.to(value) if value.startswith(("https://", "http://")) else None
    if href is None:
        return Entry(label or value)
    if not links.is_local(href):
        return Entry(label or short_name(value), href)
    known = graph.label(value)
    text = label or (known if known != value else compact(value).removeprefix(BASE))
    return Entry(text, href, local=True)


def _labelled(graph: "KnowledgeGraph", links: Links, kind: str, text: str) -> Entry:
    """A label as a link to the one record that has it."""
    slugs = graph.index(kind).names.get(fold(text), ())
    return entry(graph, links, record_iri(kind, slugs[0]), text) if len(slugs) == 1 else Entry(text)


def _reference(graph: "KnowledgeGraph", links: Links, text: str) -> Entry:
    """A reference such as ``owner/name:README.md:43`` as a link to the page of its source."""
    index = graph.index("source")
    name = text.partition(":")[0]
    slugs = [name] if name in index.labels else index.names.get(fold(name), ())
    return Entry(text, links.to(record_iri("source", slugs[0])), local=True) if slugs else Entry(text)


def _entry(graph: "KnowledgeGraph", links: Links, column: Column, value: Any) -> Entry:
    if isinstance(value, bool):
        return Entry("yes" if value else "no")
    if isinstance(value, int | float):
        # Years are numbers too, and nobody writes 2,024.
        grouped = "year" not in column.name
        return Entry(f"{value:,}" if grouped else str(value))
    text = str(value)
    if column.name in _IDENTIFIERS and text:
        return Entry(text, links.to(text if "://" in text else _IDENTIFIERS[column.name] + text))
    if column.name in _REFERENCES:
        return _reference(graph, links, text)
    if column.name in _LABELS and parse_record_iri(text) is None:
        return _labelled(graph, links, _LABELS[column.name], text)
    return entry(graph, links, text)


def _cell(graph: "KnowledgeGraph", links: Links, column: Column, value: Any) -> Cell:
    if value is None or value == "":
        return Cell(())
    values = value if isinstance(value, list) else [value]
    shown = tuple(_entry(graph, links, column, item) for item in values[:_LONGEST])
    return Cell(shown, max(0, len(values) - _LONGEST))


def _names_another(column: Column, names: Sequence[str]) -> bool:
    """Whether a column only repeats the label of an IRI beside it, which is shown by its label already."""
    if column.name in {"label", "title"}:
        return names[0] != column.name
    return column.name.endswith("_label") and column.name.removesuffix("_label") in names


def answer_table(
    graph: "KnowledgeGraph",
    links: Links,
    rows: Sequence[Mapping[str, Any]],
    columns: Sequence[Column],
    without: Sequence[str] = (),
) -> Table:
    """Rows of a stored query as a table.

    Args:
        graph: The graph, for labels.
        links: Addresses on the site.
        rows: Part of an answer.
        columns: Of the query's definition.
        without: Names of columns to leave out.
    """
    names = [column.name for column in columns]
    first_is_record = bool(columns) and columns[0].type == "iri"
    kept = [
        column
        for column in columns
        if column.name not in without and not (first_is_record and _names_another(column, names))
    ]
    heads = [
        Head(
            column.name.replace("_", " "), column.description, column.type in {"integer", "number"} and not column.many
        )
        for column in kept
    ]
    return table_of(heads, [[_cell(graph, links, column, row.get(column.name)) for column in kept] for row in rows])


def table_of(heads: Sequence[Head], rows: Sequence[Sequence[Cell]]) -> Table:
    """A table whose columns with long texts are marked."""
    lengths = [[sum(len(part.text) for part in row[place].entries) for row in rows] for place in range(len(heads))]
    wide = [max(column, default=0) > _LONG for column in lengths]
    return Table([head._replace(wide=flag) for head, flag in zip(heads, wide, strict=True)], rows)
