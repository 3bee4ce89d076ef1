"""Small drawings for pages, as places: the neighbourhood of a method or person, and bars over years.

The templates draw them as SVG inside the page. Colours come from the style sheet, so that a drawing follows light and
dark; marks and names are links.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

_COLUMN: Final = 226
_BOX: Final = 168
_ROW: Final = 40
_LEVELS: Final = 2
_MOST_IN_COLUMN: Final = 10
_LETTERS: Final = 21
_MOST_PEOPLE: Final = 22


class Step(NamedTuple):
    """A method that builds on another.

    Attributes:
        child: The newer method.
        parent: The older one.
        relation: How, in words.
    """

    child: str
    parent: str
    relation: str


class Box(NamedTuple):
    """A method in the drawing."""

    node: str
    label: str
    note: str
    x: float
    y: float
    here: bool


class Arrow(NamedTuple):
    """A line from the older to the newer method, as an SVG path, and how it is drawn."""

    path: str
    relation: str
    style: str


class LineageFigure(NamedTuple):
    """Neighbourhood of a method.

    Attributes:
        width: Of the drawing.
        height: Of the drawing.
        box: Width of a box; boxes are placed by their left edge and middle.
        boxes: Methods.
        arrows: What builds on what.
        relations: Words and styles that occur, for the legend.
        left_out: Methods that there was no room for.
        steps: The same in words.
    """

    width: int
    height: int
    box: int
    boxes: Sequence[Box]
    arrows: Sequence[Arrow]
    relations: Sequence[tuple[str, str]]
    left_out: int
    steps: Sequence[Step]


_STYLES: Final = {"extends": "solid", "reuses code of": "dashed", "reimplements": "dotted", "supersedes": "thick"}


def _levels(start: str, steps: Iterable[Step]) -> dict[str, int]:
    """How many steps away each method is: older ones below zero, newer ones above."""
    older: dict[str, list[str]] = {}
    newer: dict[str, list[str]] = {}
    for step in steps:
        older.setdefault(step.child, []).append(step.parent)
        newer.setdefault(step.parent, []).append(step.child)
    found = {start: 0}
    for way, nearby in ((-1, older), (1, newer)):
        edge = [start]
        for distance in range(1, _LEVELS + 1):
            edge = sorted({other for node in edge for other in nearby.get(node, ())} - found.keys())
            found.update((node, way * distance) for node in edge)
    return found


def cut(text: str, length: int) -> str:
    """A text that fits.

    >>> cut("deconvolution", 8)
    'deconvo…'
    """
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def lineage_figure(
    start: str, steps: Sequence[Step], labels: Mapping[str, str], years: Mapping[str, int]
) -> LineageFigure | None:
    """Place the methods around one method in columns: what it builds on to the left, what builds on it to the right.

    Args:
        start: The method.
        steps: All steps of the graph.
        labels: Method to name.
        years: Method to year, where it is known.

    Returns:
        The drawing, or None when the method has no lineage.
    """
    levels = _levels(start, steps)
    if len(levels) == 1:
        return None
    columns: dict[int, list[str]] = {}
    for node, level in sorted(levels.items(), key=lambda pair: (years.get(pair[0], 9999), labels.get(pair[0], ""))):
        columns.setdefault(level, []).append(node)
    left_out = sum(max(0, len(nodes) - _MOST_IN_COLUMN) for nodes in columns.values())
    kept = {level: nodes[:_MOST_IN_COLUMN] for level, nodes in sorted(columns.items())}
    height = max(len(nodes) for nodes in kept.values()) * _ROW + 16
    places: dict[str, tuple[float, float]] = {}
    for number, nodes in enumerate(kept.values()):
        top = (height - len(nodes) * _ROW) / 2 + _ROW / 2
        places.update((node, (4 + number * _COLUMN, top + place * _ROW)) for place, node in enumerate(nodes))
    drawn = [step for step in steps if step.child in places and step.parent in places]
    boxes = [
        Box(node, cut(labels.get(node, node), _LETTERS), str(years.get(node, "")), x, y, node == start)
        for node, (x, y) in places.items()
    ]
    arrows = [_arrow(places[step.parent], places[step.child], step.relation) for step in drawn]
    relations = [(name, style) for name, style in _STYLES.items() if any(step.relation == name for step in drawn)]
    width = 4 + (len(kept) - 1) * _COLUMN + _BOX + 4
    return LineageFigure(width, height, _BOX, boxes, arrows, relations, left_out, drawn)


def _arrow(older: tuple[float, float], newer: tuple[float, float], relation: str) -> Arrow:
    x1, y1 = older[0] + _BOX, older[1]
    x2, y2 = newer[0] - 7, newer[1]
    if x2 <= x1:  # both stand in one column
        x1, x2 = older[0] + _BOX / 2, newer[0] + _BOX / 2
        y1, y2 = (y1 + 15, y2 - 22) if y2 > y1 else (y1 - 15, y2 + 22)
        return Arrow(f"M{x1:g} {y1:g}L{x2:g} {y2:g}", relation, _STYLES.get(relation, "dotted"))
    bend = (x2 - x1) / 2
    path = f"M{x1:g} {y1:g}C{x1 + bend:g} {y1:g} {x2 - bend:g} {y2:g} {x2:g} {y2:g}"
    return Arrow(path, relation, _STYLES.get(relation, "dotted"))


class Person(NamedTuple):
    """A co-author in the drawing; ``side`` is where the name stands: ``start`` is right of the mark."""

    node: str
    label: str
    papers: int
    x: float
    y: float
    size: float
    side: str


class Tie(NamedTuple):
    """Papers that two people share."""

    x1: float
    y1: float
    x2: float
    y2: float
    papers: int
    own: bool


class PeopleFigure(NamedTuple):
    """Co-authors of a person.

    Attributes:
        width: Of the drawing.
        height: Of the drawing.
        centre: The person.
        people: Co-authors, those with most papers together first.
        ties: Who shares papers.
        left_out: Co-authors that there was no room for.
    """

    width: int
    height: int
    centre: Person
    people: Sequence[Person]
    ties: Sequence[Tie]
    left_out: int


def people_figure(start: str, papers: Mapping[str, Sequence[str]], labels: Mapping[str, str]) -> PeopleFigure | None:
    """Place the co-authors of a person around them.

    Args:
        start: The person.
        papers: Each of the person's papers with its authors.
        labels: Person to name.

    Returns:
        The drawing, or None when nobody wrote with them.
    """
    shared: dict[str, int] = {}
    first: dict[str, str] = {}
    for paper, people in sorted(papers.items()):
        for person in people:
            if person != start:
                shared[person] = shared.get(person, 0) + 1
                first.setdefault(person, paper)
    if not shared:
        return None
    ranked = sorted(shared, key=lambda person: (-shared[person], labels.get(person, ""), person))
    # People of one paper stand side by side.
    kept = sorted(ranked[:_MOST_PEOPLE], key=lambda person: (first[person], labels.get(person, ""), person))
    rows = math.ceil(len(kept) / 2)
    width, height = 760, max(150, rows * 34 + 40)
    middle = (width / 2, height / 2)
    spots = {start: middle}
    for number, person in enumerate(kept):
        right = number < rows
        place = number if right else len(kept) - 1 - number
        count = rows if right else len(kept) - rows
        y = middle[1] + (place - (count - 1) / 2) * 34
        reach = math.sqrt(max(0.0, 1 - ((y - middle[1]) / (height / 2)) ** 2))
        spots[person] = (round(middle[0] + (1 if right else -1) * (50 + 100 * reach), 1), round(y, 1))
    ties = _ties(start, papers, spots)
    found = [
        Person(
            node, cut(labels.get(node, node), 27), shared[node], *spots[node], 5 + min(6.0, 1.5 * shared[node]), side
        )
        for node in kept
        for side in ("start" if spots[node][0] > middle[0] else "end",)
    ]
    centre = Person(start, labels.get(start, start), len(papers), *middle, 11, "middle")
    return PeopleFigure(width, height, centre, found, ties, len(ranked) - len(kept))


def _ties(start: str, papers: Mapping[str, Sequence[str]], spots: Mapping[str, tuple[float, float]]) -> list[Tie]:
    pairs: dict[tuple[str, str], int] = {}
    for people in papers.values():
        drawn = sorted({person for person in people if person in spots})
        for number, one in enumerate(drawn):
            for other in drawn[number + 1 :]:
                pairs[one, other] = pairs.get((one, other), 0) + 1
    return [
        Tie(*spots[one], *spots[other], count, start in {one, other}) for (one, other), count in sorted(pairs.items())
    ]


class Bar(NamedTuple):
    """One year."""

    year: int
    amount: int
    x: float
    y: float
    height: float


class BarFigure(NamedTuple):
    """Numbers over years.

    Attributes:
        width: Of the drawing.
        height: Of the drawing, with the years underneath.
        step: Width of a year.
        bars: The years without a gap, also those with nothing.
        earlier: How many lie before the first bar.
    """

    width: int
    height: int
    step: int
    bars: Sequence[Bar]
    earlier: int


def bar_figure(years: Iterable[int]) -> BarFigure | None:
    """Bars for how often each year occurs; None for fewer than two different years."""
    counts: dict[int, int] = {}
    for year in years:
        counts[year] = counts.get(year, 0) + 1
    if len(counts) < 2:
        return None
    last = max(counts)
    start = max(min(counts), last - 14)
    most = max(counts.values())
    step, tall = 46, 92
    bars = []
    for number, year in enumerate(range(start, last + 1)):
        count = counts.get(year, 0)
        high = round(count / most * tall, 1)
        bars.append(Bar(year, count, number * step, 18 + tall - high, high))
    earlier = sum(count for year, count in counts.items() if year < start)
    return BarFigure(len(bars) * step, tall + 40, step, bars, earlier)
