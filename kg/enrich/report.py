"""A plan as text for people. What a service sent never reaches a terminal as it is."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from kg.enrich.client import Client
from kg.enrich.plan import EnrichPlan
from kg.enrich.services import SERVICES
from kg.importing.report import plain

_RIGHT: Final = {"ours": "we are right", "list": "the service is right", "unsettled": "unsettled"}


def plan_text(plan: EnrichPlan) -> str:
    """The plan for people, list by list."""
    return "\n".join(_lines(plan)) + "\n"


def _lines(plan: EnrichPlan) -> Iterator[str]:
    answered, refused = len(plan.known), len(plan.not_understood)
    yield f"{plan.questions} questions = {answered} answered + {refused} not understood"
    yield from _section("adds facts", [_fact(n, p.as_item(n)) for n, p in enumerate(plan.proposals, start=1)])
    yield from _section("contradicts", [_fault(item) for item in plan.contradicts])
    yield from _section("not understood", [_refused(item) for item in plan.not_understood])


def _section(title: str, items: Sequence[str]) -> Iterator[str]:
    if items:
        yield ""
        yield f"{title} ({len(items)})"
        yield from (f"  {item}" for item in items)


def _fact(number: int, item: Mapping[str, Any]) -> str:
    who = ", ".join(item["told_by"])
    hindrance = f" (not to be written: {plain(item['by_hand'])})" if "by_hand" in item else ""
    note = f" [{item['note']}]" if "note" in item else ""
    shown = plain(f"{item['record']} lacks {item['field']}: {_shown(item['value'])}")
    return f"{number:>4}  {shown}{plain(note)} — {who}{hindrance}"


def _shown(value: Any) -> str:
    if isinstance(value, Mapping) and "names" in value:
        names = [name if isinstance(name, str) else name["name"] for name in value["names"]]
        return f"{len(names)} names: {', '.join(names)}"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {each}" for name, each in value.items())
    return str(value).lower() if isinstance(value, bool) else str(value)


def _fault(item: Mapping[str, Any]) -> str:
    ours = f", ours {item['ours'][:60]!r}" if item["ours"] else ""
    said = plain(f"{item['record']} {item['rule']}: {item['listed'][:60]!r}{ours}")
    return f"{said} ({_RIGHT[item['right']]}: {plain(item['why'])})"


def _refused(item: Mapping[str, Any]) -> str:
    service = f"{SERVICES[item['service']].label}: " if item["service"] else ""
    return plain(f"{item['record']}: {service}{item['reason']}")


def account(client: Client) -> str:
    """What was done to get the answers, on one line."""
    counts = client.polite.counts
    parts = [
        f"{counts.requests} requests",
        f"{client.hits} saved answers used",
        f"{client.unchanged} unchanged",
        f"{counts.retries} tried again",
        f"{client.polite.pace.waited:.1f} s waited",
    ]
    return ", ".join(parts)
