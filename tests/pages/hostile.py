"""A copy of the toy catalog in which every free text tries to become markup, script or a dangerous link."""

from pathlib import Path
from typing import Any

import yaml

# Each text would set window.harmed, call a dialogue or ask another host if a page ran it or loaded it.
TEXTS = (
    "<script>window.harmed=1</script>",
    '"><img src=x onerror="window.harmed=2">',
    "' onmouseover='window.harmed=3' x='",
    "</title><script>window.harmed=4</script>",
    "</textarea><svg onload=window.harmed=5>",
    '</script><script type="text/javascript">window.harmed=6</script>',
    "<math><mtext></mtext><mglyph><style></math><img src onerror=window.harmed=7>",
    "{{7*7}} ${7*7} {% raw %} #{7*7}",
    "javascript:window.harmed=8",
    "<a href='javascript:window.harmed=9' autofocus onfocus=window.harmed=9>x</a>",
    "<iframe srcdoc='<script>parent.harmed=10</script>'></iframe>",
    "\\u003cscript\\u003ewindow.harmed=11\\u003c/script\\u003e <!-- --> ]]>",
    "<base href='https://evil.example/'><link rel=stylesheet href=//evil.example/x>",
    "ﬁ ＜script＞window.harmed=12＜/script＞ ı İ ſ 𝐛",
    "<style>*{background:url(https://evil.example/)}</style>",
    "&lt;img src=x onerror=window.harmed=13&gt; &#60;b&#62;",
)
# Fields that hold what people wrote.
_FREE = frozenset(
    {"label", "name", "title", "summary", "definition", "why", "note", "tissue", "organism", "listed", "corrected"}
    | {"evidence", "version"}
)


_DESCRIBED = frozenset({"Kangning Dong", "K. Dong", "Shihua Zhang"})


class _Next:
    """Hand the texts out one after the other."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self, text: str) -> str:
        found = TEXTS[self.number % len(TEXTS)]
        self.number += 1
        return f"{text} {found}"


def _spoil(value: Any, more: _Next, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _spoil(inner, more, str(name)) for name, inner in value.items() if name != "sources"} | (
            {"sources": value["sources"]} if "sources" in value else {}
        )
    if isinstance(value, list):
        if key == "names":  # printed names of authors; who has a record of their own is found by it
            return [
                _spoil(name, more) if isinstance(name, dict) else name if name in _DESCRIBED else more(name)
                for name in value
            ]
        if key == "synonyms":
            return [*value, more("also")]
        return [_spoil(inner, more) for inner in value]
    return more(value) if key in _FREE and isinstance(value, str) else value


def hostile_catalog(toy: Path, target: Path) -> Path:
    """Write the catalog.

    Args:
        toy: The toy catalog.
        target: Folder to write into.
    """
    more = _Next()
    for path in sorted(toy.rglob("*.yaml")):
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        place = target / path.relative_to(toy)
        place.parent.mkdir(parents=True, exist_ok=True)
        spoilt = content if path.name == "repositories.yaml" else _spoil(content, more)
        text = yaml.safe_dump(spoilt, allow_unicode=True, sort_keys=False, width=10_000)
        place.write_text(text, encoding="utf-8")
    return target
