"""A plan as text for people, and as JSON for programs. What a list printed never reaches a terminal as it is."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from kg.importing.plan import Plan

_UNSEEN: Final = re.compile("[\x7f-\x9f\ud800-\udfff\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_WIDTH: Final = 110


def plan_json(plan: Plan) -> str:
    """The plan as one JSON object; characters that a terminal may obey are escaped."""
    return escaped(json.dumps(plan.as_json(), ensure_ascii=False, indent=2))


def escaped(text: str) -> str:
    """JSON text whose characters that a terminal may obey are escapes."""
    return _UNSEEN.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def plain(value: object) -> str:
    """A text on one line, cut, with every character that cannot be seen as its code.

    >>> plain(chr(27) + "[31m").startswith(chr(92))
    True
    """
    text = " ".join(str(value).split(" "))
    seen = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text[:400])
    return seen if len(seen) <= _WIDTH else seen[: _WIDTH - 1] + "…"


def plan_text(plan: Plan) -> str:
    """The plan for people, list by list."""
    return "\n".join(_lines(plan)) + "\n"


def _lines(plan: Plan) -> Iterator[str]:
    yield f"read as {plan.kind}: {plan.rows_read} rows = {len(plan.new)} new + {len(plan.known)} known + " + (
        f"{len(plan.not_understood)} not understood"
    )
    for column in plan.columns if plan.kind in {"markdown", "csv", "tsv", "jsonl"} else ():
        yield f"  column {plain(column['heading'])!r} holds: {column['role']} (from its {column['how']})"
    yield from _section("new", plan.new, _new)
    yield from _section("known", plan.known, _known)
    yield from _section("adds facts", plan.adds_facts, _fact)
    yield from _section("contradicts", plan.contradicts, _fault)
    yield from _section("not understood", plan.not_understood, _refused)
    yield from _section("mended outside of rows", plan.mended, _mended)


def _section(title: str, items: Sequence[Mapping[str, Any]], shown: Any) -> Iterator[str]:
    if not items:
        return
    yield ""
    yield f"{title} ({len(items)})"
    for item in items:
        yield f"  line {item['line']}: {shown(item)}"
        for warning in item.get("warnings", ()):
            yield f"    ! {_fault({**warning, 'record': ''})}"


def _new(item: Mapping[str, Any]) -> str:
    names = [str(item[key]) for key in ("name", "title") if key in item] or [str(item.get("doi") or item)]
    notes = f" — {'; '.join(item['notes'])}" if item.get("notes") else ""
    return plain(": ".join(dict.fromkeys(names))) + plain(notes)


def _known(item: Mapping[str, Any]) -> str:
    return plain(f"{item['record']}, sure {item['sure']:.2f}: {', '.join(item['evidence'])}")


def _fact(item: Mapping[str, Any]) -> str:
    mark = " (weak)" if item.get("strength") == "weak" else ""
    by_hand = f" (not to be written: {plain(item['by_hand'])})" if item.get("by_hand") else ""
    return plain(f"{item['record']} lacks {item['field']}: {item['value']}") + mark + by_hand


def _fault(item: Mapping[str, Any]) -> str:
    right = {"ours": "we are right", "list": "the list is right", "unsettled": "unsettled"}[item["right"]]
    ours = f", ours {str(item['ours'])[:60]!r}" if item["ours"] else ""
    recorded = "; recorded" if item.get("recorded") else ""
    said = plain(f"{item['rule']}: listed {str(item['listed'])[:60]!r}{ours}")
    return f"{said} ({right}: {plain(item['why'])}{recorded})"


def _refused(item: Mapping[str, Any]) -> str:
    return plain(f"{item['reason']}: {item['text']}" if item["text"].strip(" |") else item["reason"])


def _mended(item: Mapping[str, Any]) -> str:
    return plain(f"{item['before']} -> {item['after']}")
