"""Colours and shapes of both graphs; every legend entry differs from its neighbours in colour and in shape.

The colours are those of Okabe and Ito, which people with any of the common colour vision deficiencies can tell
apart. Outlines keep a contrast of at least 3:1 to the ground.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours of one appearance.

    Attributes:
        ground: Background of the drawing.
        band: Background of every other year.
        ink: Text.
        muted: Text of less weight.
        line: Edges.
        rule: Frame and grid lines.
        fills: Fill of each colour index; the last one is for what has no legend entry of its own.
        outlines: Outline of each colour index.
    """

    ground: str
    band: str
    ink: str
    muted: str
    line: str
    rule: str
    fills: tuple[str, ...]
    outlines: tuple[str, ...]


LIGHT: Final = Theme(
    ground="#ffffff",
    band="#f5f7fa",
    ink="#1b2430",
    muted="#566173",
    line="#5f6d80",
    rule="#d5dbe4",
    fills=("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#f0e442", "#98a3b3"),
    outlines=("#004c78", "#8a5f00", "#00634a", "#8f4470", "#8f3f00", "#1f74a6", "#857c00", "#6b7686"),
)
DARK: Final = Theme(
    ground="#12181f",
    band="#171f28",
    ink="#e6ebf1",
    muted="#a3b0c0",
    line="#8e9bad",
    rule="#2c3743",
    fills=("#2a93d5", "#e69f00", "#12b487", "#d78db6", "#e87424", "#7cc7f2", "#f0e442", "#76839a"),
    outlines=("#8fcbf2", "#ffd27a", "#7fe3c6", "#f2c4de", "#ffb27d", "#c6e8fb", "#fff9b0", "#a5b1c0"),
)
THEMES: Final = {"light": LIGHT, "dark": DARK}
SHAPES: Final = ("dot", "square", "diamond", "triangle", "star", "hexagon", "triangleDown")
OTHER_COLOUR: Final = 7
LEGEND_ENTRIES: Final = 14

# Dash pattern and width of each way to descend from a method, by its words in the graph.
RELATION_LINES: Final = {
    "extends": ("", 1.6),
    "reuses code of": ("7 4", 1.6),
    "reimplements": ("1.5 4", 2.0),
    "supersedes": ("", 3.2),
}


def style_of(rank: int) -> tuple[int, str]:
    """Colour index and shape of the legend entry with this rank, counted from 0."""
    colours = OTHER_COLOUR
    return rank % colours, SHAPES[(rank + rank // colours * 3) % len(SHAPES)]
