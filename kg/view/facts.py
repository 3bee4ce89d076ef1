"""What is told about each node in table and detail panel: the same columns for both, with links where safe."""

from dataclasses import dataclass

from kg.view.figure import Figure, Mark
from kg.view.links import short_name, web_address

# A text, or a text with the address it links to.
Entry = str | tuple[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table and one line of the detail panel.

    Attributes:
        label: Heading.
        numeric: Whether it holds numbers.
        facet: Position of the filter it shows, or ``None``.
        in_table: Whether the table shows it too; the panel shows all.
    """

    label: str
    numeric: bool = False
    facet: int | None = None
    in_table: bool = True


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter: its values, and for each mark the positions of its values.

    Attributes:
        label: Heading.
        values: What can be chosen.
        of_mark: For each mark the positions in ``values``; never empty.
    """

    label: str
    values: tuple[str, ...]
    of_mark: tuple[tuple[int, ...], ...]


UNKNOWN = "not recorded"


def facets(drawing: Figure) -> list[Facet]:
    """Filters by year, task and framework; what has no value gets the value "not recorded"."""
    years = []
    for mark in drawing.marks:
        data = drawing.graph.nodes[mark.node]
        found = data.get("years") if drawing.kind == "coauthors" else [data.get("year")]
        years.append([str(year) for year in found or () if year is not None])
    label = "Year of a paper" if drawing.kind == "coauthors" else "Year"
    return [
        _facet(label, years),
        _facet("Task", [drawing.graph.nodes[mark.node].get("tasks") or [] for mark in drawing.marks]),
        _facet("Framework", [drawing.graph.nodes[mark.node].get("frameworks") or [] for mark in drawing.marks]),
    ]


def _facet(label: str, of_mark: list[list[str]]) -> Facet:
    values = sorted({value for found in of_mark for value in found}, key=lambda value: (value.casefold(), value))
    if any(not found for found in of_mark):
        values.append(UNKNOWN)
    index = {value: number for number, value in enumerate(values)}
    return Facet(label, tuple(values), tuple(tuple(index[v] for v in found or [UNKNOWN]) for found in of_mark))


def columns(drawing: Figure) -> list[Column]:
    """Columns in the order of :func:`cells`, the name of the node excluded."""
    if drawing.kind == "coauthors":
        return [
            Column("Papers", numeric=True),
            Column("Co-authors", numeric=True),
            Column("First year", numeric=True),
            Column("Last year", numeric=True),
            Column("Methods"),
            Column("Tasks", facet=1),
            Column("Frameworks", facet=2, in_table=False),
            Column("Paper records", in_table=False),
            Column("ORCID", in_table=False),
            Column("Community", numeric=True),
            Column("Betweenness", numeric=True, in_table=False),
            Column("Component size", numeric=True, in_table=False),
        ]
    return [
        Column("Year", numeric=True),
        Column("Tasks", facet=1),
        Column("Frameworks", facet=2),
        Column("Languages", in_table=False),
        Column("Derived from"),
        Column("Descendants", numeric=True),
        Column("Ancestors", numeric=True, in_table=False),
        Column("Generation", numeric=True, in_table=False),
        Column("Paper"),
        Column("Code"),
    ]


def cells(drawing: Figure, mark: Mark, component_sizes: dict[int, int]) -> list[object]:
    """Values of one mark; columns that show a filter hold ``None``."""
    data = drawing.graph.nodes[mark.node]
    if drawing.kind == "coauthors":
        orcid = data.get("orcid")
        bare = str(orcid).rsplit("/", 1)[-1] if orcid else None
        return [
            data.get("papers"),
            drawing.graph.degree[mark.node],
            data.get("first_year"),
            data.get("last_year"),
            _named(data.get("methods") or [], data.get("method_iris") or []),
            None,
            None,
            [_linked(iri) for iri in data.get("paper_iris") or ()],
            [_linked(f"https://orcid.org/{bare}", bare)] if bare else [],
            data.get("community"),
            data.get("betweenness"),
            component_sizes.get(data.get("component", 0)),
        ]
    parents = [drawing.graph.nodes[parent].get("label") or parent for parent in _parents(drawing, mark)]
    return [
        data.get("year"),
        None,
        None,
        list(data.get("languages") or ()),
        [str(parent) for parent in parents],
        data.get("descendants"),
        data.get("ancestors"),
        data.get("generation"),
        [_linked(data["paper"])] if data.get("paper") else [],
        [_linked(data["repository"])] if data.get("repository") else [],
    ]


def _parents(drawing: Figure, mark: Mark) -> list[str]:
    return sorted(drawing.graph.predecessors(mark.node), key=str)


def _named(names: list[str], addresses: list[str]) -> list[Entry]:
    if len(names) != len(addresses):
        return list(names)
    return [_linked(address, name) for name, address in zip(names, addresses, strict=True)]


def _linked(address: str, name: str | None = None) -> Entry:
    """Text with its address, or the text alone when the address may not become a link."""
    safe = web_address(address)
    if safe is None:
        return name or address
    return (name or short_name(safe), safe)
