"""One static SVG for papers and READMEs: title, drawing and legend; no script, no style sheet, no request."""

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from markupsafe import escape

from kg.view.figure import Figure, Mark, compose
from kg.view.links import web_address
from kg.view.palette import RELATION_LINES, THEMES, Theme

if TYPE_CHECKING:
    import networkx as nx

FONT = "system-ui, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif"
MARGIN = 28.0
HEAD = 84.0
LEGEND_STEP = 22.0
CHARACTER = 0.56
MOST_NAMES = {"coauthors": 60, "lineage": 1_000}


def render_svg(graph: "nx.Graph", kind: str, *, title: str, width: int = 1200, theme: str = "light") -> str:
    """Write the picture of a graph.

    Args:
        graph: Graph made by :mod:`kg.network`; it is not changed.
        kind: ``coauthors`` or ``lineage``.
        title: Heading; plain text.
        width: Width in pixels; the height follows from the drawing.
        theme: ``light`` or ``dark``.

    Returns:
        SVG document. Marks link to their records.
    """
    return _Picture(compose(graph, kind, max(1, len(graph))), title, float(width), THEMES[theme]).render()


class _Picture:
    """Where things go in one picture."""

    def __init__(self, drawing: Figure, title: str, width: float, colours: Theme) -> None:
        self._drawing = drawing
        self._title = title
        self._width = width
        self._colours = colours
        right_space = 150 if drawing.kind == "lineage" else 0
        xs = [edge for mark in drawing.marks for edge in (mark.x - mark.size, mark.x + mark.size + right_space)] or [0]
        ys = [edge for mark in drawing.marks for edge in (mark.y - mark.size, mark.y + mark.size + 14)] or [0]
        xs.extend(edge for column in drawing.columns for edge in (column.left, column.left + column.width))
        self._left, self._top = min(xs), min(ys)
        self._scale = min(1.6, (width - 2 * MARGIN) / max(1.0, max(xs) - min(xs)))
        self._shift = MARGIN + (width - 2 * MARGIN - (max(xs) - min(xs)) * self._scale) / 2
        self._drawn = (max(ys) - min(ys)) * self._scale
        self._across = max(1, int((width - 2 * MARGIN) // 270))

    def render(self) -> str:
        entries = len(self._drawing.styles) + len(self._drawing.relations)
        height = HEAD + self._drawn + 34 + math.ceil(entries / self._across) * LEGEND_STEP + 14
        parts = [
            self._head(height),
            f'<title id="title">{escape(self._title)}</title>',
            f'<rect width="100%" height="100%" fill="{self._colours.ground}"/>',
            self._text(MARGIN, 36, 22, self._colours.ink, self._title, weight=600),
            self._text(MARGIN, 57, 12.5, self._colours.muted, self._note()),
            *self._years(),
            *self._lines(),
            *self._marks(),
            *self._names(),
            *self._legend(HEAD + self._drawn + 34),
            "</svg>\n",
        ]
        return "\n".join(parts)

    def _head(self, height: float) -> str:
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self._width:g}" height="{height:.0f}" '
            f'viewBox="0 0 {self._width:g} {height:.0f}" role="group" aria-labelledby="title" font-family="{FONT}">'
        )

    def _x(self, x: float) -> float:
        return round((x - self._left) * self._scale + self._shift, 1)

    def _y(self, y: float) -> float:
        return round((y - self._top) * self._scale + HEAD, 1)

    def _note(self) -> str:
        graph = self._drawing.graph
        what = ("authors", "co-authorships") if self._drawing.kind == "coauthors" else ("methods", "relations")
        size = f"{len(graph):,} {what[0]}, {graph.number_of_edges():,} {what[1]}"
        return " \u00b7 ".join([size, *self._drawing.statements])

    def _text(self, x: float, y: float, size: float, fill: str, text: str, **more: str | float) -> str:
        extra = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in more.items())
        extra = extra.replace(' weight="', ' font-weight="')
        return f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{fill}"{extra}>{escape(text)}</text>'

    def _years(self) -> Iterable[str]:
        for number, column in enumerate(self._drawing.columns):
            fill = self._colours.ground if number % 2 else self._colours.band
            dash = ' stroke-dasharray="4 4"' if column.year is None else ""
            x, wide = self._x(column.left), column.width * self._scale
            yield (
                f'<rect x="{x:g}" y="{HEAD - 18:g}" width="{wide:.1f}" height="{self._drawn + 30:.1f}" fill="{fill}" '
                f'stroke="{self._colours.rule}"{dash}/>'
            )
            name = "year unknown" if column.year is None else str(column.year)
            place = round(x + wide / 2, 1)
            yield self._text(place, HEAD - 5, 11.5, self._colours.muted, name, weight=600, text_anchor="middle")

    def _lines(self) -> Iterable[str]:
        for source, target, data in self._drawing.lines():
            a, b = self._drawing.marks[source], self._drawing.marks[target]
            yield self._joined(a, b, data) if self._drawing.kind == "coauthors" else self._curve(a, b, data)

    def _joined(self, a: Mark, b: Mark, data: dict[str, Any]) -> str:
        same = a.style == b.style
        colour = self._colours.fills[self._drawing.styles[a.style].colour] if same else self._colours.line
        wide = min(4.0, 0.6 + 0.7 * data.get("papers", 1)) * max(self._scale, 0.45)
        path = f"M{self._x(a.x):g} {self._y(a.y):g}L{self._x(b.x):g} {self._y(b.y):g}"
        return f'<path d="{path}" stroke="{colour}" stroke-width="{wide:.2f}" stroke-opacity=".3"/>'

    def _curve(self, a: Mark, b: Mark, data: dict[str, Any]) -> str:
        dash, wide = RELATION_LINES.get(next(iter(data.get("relations") or [""])), ("3 3", 1.6))
        way = 1 if b.x > a.x else -1
        x1, y1 = self._x(a.x + way * (a.size + 1)), self._y(a.y)
        x2, y2 = self._x(b.x - way * (b.size + 7)), self._y(b.y)
        bend = way * max(12 * self._scale, abs(x2 - x1) * 0.45)
        tip = way * 9 * max(self._scale, 0.5)
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        wide = max(0.8, wide * max(self._scale, 0.6))
        return (
            f'<path d="M{x1:g} {y1:g}C{x1 + bend:.1f} {y1:g} {x2 - bend:.1f} {y2:g} {x2:g} {y2:g}" fill="none" '
            f'stroke="{self._colours.line}" stroke-width="{wide:.2f}" stroke-opacity=".85"{dashes}/>'
            f'<path d="M{x2 + tip * 0.6:.1f} {y2:g}l{-tip:.1f} {-tip * 0.45:.1f}v{tip * 0.9:.1f}z" '
            f'fill="{self._colours.line}"/>'
        )

    def _marks(self) -> Iterable[str]:
        for mark in reversed(self._drawing.marks):
            style = self._drawing.styles[mark.style]
            size = max(1.6, mark.size * self._scale)
            shape = self._shape(style.shape, self._x(mark.x), self._y(mark.y), size, style.colour, mark.label)
            link = web_address(mark.node)
            yield f'<a href="{escape(link)}">{shape}</a>' if link else shape

    def _shape(self, shape: str, x: float, y: float, size: float, colour: int, label: str = "") -> str:
        paint = (
            f'fill="{self._colours.fills[colour]}" stroke="{self._colours.outlines[colour]}" '
            f'stroke-width="{max(0.4, min(1.0, size / 9)):.2f}"'
        )
        told = f"<title>{escape(label)}</title>" if label else ""
        points = _corners(shape, x, y, size)
        if not points:
            return f'<circle cx="{x:g}" cy="{y:g}" r="{size:.1f}" {paint}>{told}</circle>'
        return f'<polygon points="{" ".join(f"{px:.1f},{py:.1f}" for px, py in points)}" {paint}>{told}</polygon>'

    def _names(self) -> Iterable[str]:
        beside = self._drawing.kind == "lineage"
        size = max(7.0, min(11.5, 20 * self._scale)) if beside else 10.5
        taken: list[tuple[float, float, float, float]] = []
        for mark in self._drawing.marks:
            if len(taken) >= MOST_NAMES[self._drawing.kind]:
                break
            text = mark.label if len(mark.label) <= 30 else f"{mark.label[:29].rstrip()}\u2026"
            wide, radius = len(text) * size * CHARACTER, mark.size * self._scale
            x = self._x(mark.x) + radius + 3 if beside else self._x(mark.x) - wide / 2
            y = self._y(mark.y) + size * 0.36 if beside else self._y(mark.y) + radius + size
            box = (x - 2, y - size, x + wide + 2, y + size * 0.25)
            if any(box[0] < o[2] and box[2] > o[0] and box[1] < o[3] and box[3] > o[1] for o in taken):
                continue
            taken.append(box)
            anchor = {} if beside else {"text_anchor": "middle"}
            yield self._text(
                round(x if beside else self._x(mark.x), 1),
                round(y, 1),
                size,
                self._colours.ink,
                text,
                stroke=self._colours.ground,
                stroke_width=2.5,
                stroke_linejoin="round",
                paint_order="stroke",
                **anchor,
            )

    def _legend(self, top: float) -> Iterable[str]:
        step = (self._width - 2 * MARGIN) / self._across
        spots = [
            (round(MARGIN + number % self._across * step, 1), round(top + number // self._across * LEGEND_STEP, 1))
            for number in range(len(self._drawing.styles) + len(self._drawing.relations))
        ]
        for style, (x, y) in zip(self._drawing.styles, spots, strict=False):
            yield self._shape(style.shape, x + 8, y - 4, 6, style.colour)
            yield self._text(round(x + 22, 1), y, 12.5, self._colours.ink, f"{style.label} ({style.count:,})")
        for name, (x, y) in zip(self._drawing.relations, spots[len(self._drawing.styles) :], strict=True):
            dash, wide = RELATION_LINES.get(name, ("3 3", 1.6))
            dashes = f' stroke-dasharray="{dash}"' if dash else ""
            yield f'<path d="M{x:g} {y - 4:g}h32" stroke="{self._colours.line}" stroke-width="{wide:g}"{dashes}/>'
            yield self._text(round(x + 40, 1), y, 12.5, self._colours.ink, name)


def _corners(shape: str, x: float, y: float, r: float) -> list[tuple[float, float]]:
    """Corners of a shape, the same as the page draws; none for a circle."""
    if shape == "square":
        return [(x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)]
    if shape == "diamond":
        return [(x, y - r), (x + r, y), (x, y + r), (x - r, y)]
    if shape in ("triangle", "triangleDown"):
        flip = 1 if shape == "triangle" else -1
        side, root = r * 1.15, math.sqrt(3)
        low = y + flip * (0.275 * side + root / 3 * side)
        return [(x, low - flip * root * side), (x + side, low), (x - side, low)]
    if shape == "star":
        reach = [r * 0.82 * (0.5 if number % 2 else 1.3) for number in range(10)]
        turn = [number * math.pi / 5 for number in range(10)]
        return [(x + d * math.sin(a), y + 0.082 * r - d * math.cos(a)) for d, a in zip(reach, turn, strict=True)]
    if shape == "hexagon":
        return [(x + r * math.cos(n * math.pi / 3), y + r * math.sin(n * math.pi / 3)) for n in range(6)]
    return []
