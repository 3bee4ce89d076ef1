"""Advice as text for a terminal, as Markdown, and as JSON. Records never become markup or control codes."""

import json
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from kg.doctor.advice import FINDINGS, GROUPS, Advice
from kg.markdown import escaped


def advice_json(advice: Sequence[Advice], total: int, today: date) -> str:
    """One object: the day that ages are counted to, how many findings there are, and those shown."""
    content = {"today": today.isoformat(), "found": total, "findings": [each.to_dict() for each in advice]}
    return json.dumps(content, ensure_ascii=True, indent=2) + "\n"


def advice_text(advice: Sequence[Advice], everything: Sequence[Advice], *, width: int, root: str) -> str:
    """Advice for people, numbered by rank.

    Args:
        advice: What is shown, with file and line.
        everything: All that was found, for the summary.
        width: Characters in a line.
        root: What paths begin with.
    """
    lines = [line for number, each in enumerate(advice, start=1) for line in _entry(number, each, width, root)]
    return "\n".join([*lines, *_summary(everything, len(advice))]) + "\n"


def _entry(number: int, advice: Advice, width: int, root: str) -> Iterator[str]:
    head = f"{number:>3}  "
    margin = " " * len(head)
    yield from _wrapped(f"{advice.code}: {advice.message}", head, margin, width)
    yield f"{margin}{root}/{advice.path}:{advice.line}"  # whole, so that a terminal can follow it
    yield from _wrapped(f"do: {advice.finding.cure}", margin, margin + "    ", width)
    if advice.command:
        yield f"{margin}run: {advice.command}"
    yield from _wrapped(f"rank {advice.score:g}: {advice.use}", margin, margin + "    ", width)
    yield ""


def _wrapped(text: str, first: str, others: str, width: int) -> list[str]:
    seen = "".join(c if c.isprintable() else " " for c in text)
    return textwrap.wrap(seen, max(width, 40), initial_indent=first, subsequent_indent=others, break_on_hyphens=False)


def counts(everything: Sequence[Advice]) -> dict[str, Counter[str]]:
    """Number of findings by group and code, in the order of the registry."""
    found: dict[str, Counter[str]] = {group: Counter() for group in GROUPS}
    for each in everything:
        found[each.finding.group][each.code] += 1
    order = list(FINDINGS)
    return {
        group: Counter(dict(sorted(codes.items(), key=lambda item: order.index(item[0]))))
        for group, codes in found.items()
        if codes
    }


def _summary(everything: Sequence[Advice], n_shown: int) -> Iterator[str]:
    if not everything:
        yield "nothing to do"
        return
    yield f"{n_shown} of {len(everything)} findings, what is used most first:"
    table = counts(everything)
    size = max(map(len, table))
    for group, codes in table.items():
        # Code and number stay on one line.
        text = ", ".join(f"{code}\u00a0{n}" for code, n in codes.items())
        margin = " " * (size + 4)
        for line in textwrap.wrap(text, 78 - len(margin), break_on_hyphens=False):
            yield (f"  {group:<{size}}  " if text.startswith(line) else margin) + line.replace("\u00a0", " ")


def advice_markdown(advice: Sequence[Advice], everything: Sequence[Advice]) -> str:
    """A checklist in Markdown, by group, with a table of what there is."""
    lines = ["# What to do next", "", f"{len(advice)} of {len(everything)} findings.", ""]
    lines += ["| Finding | Found | What to do |", "|--|--:|--|"]
    for codes in counts(everything).values():
        lines += [f"| `{code}` | {n} | {escaped(FINDINGS[code].cure)} |" for code, n in codes.items()]
    for group in GROUPS:
        mine = [each for each in advice if each.finding.group == group]
        if mine:
            lines += ["", f"## {group.capitalize()} ({len(mine)})", ""]
        for each in mine:
            command = f" Run `{each.command}`." if each.command else ""
            lines.append(
                f"- [ ] **{each.code}**: {escaped(each.message)} (`{each.path}:{each.line}`; "
                f"{escaped(str(each.use))}).{command}"
            )
    return "\n".join(lines) + "\n"
