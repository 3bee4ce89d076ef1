"""Audits: the draw can be repeated, is spread over the fields, and the figures are counted right."""

from collections import Counter
from datetime import date

import pytest

from kg.audits import FIELDS, draw, facts_of, figures, interval
from kg.model import Audit, AuditedFact, Catalog

DAY = date(2026, 11, 20)


def test_the_draw_depends_on_the_seed_only(toy_catalog: Catalog) -> None:
    assert draw(toy_catalog, size=20, seed=5, day=DAY) == draw(toy_catalog, size=20, seed=5, day=DAY)
    assert draw(toy_catalog, size=20, seed=5, day=DAY).facts != draw(toy_catalog, size=20, seed=6, day=DAY).facts


def test_no_fact_is_drawn_twice_and_fields_get_alike_many(toy_catalog: Catalog) -> None:
    everything = list(facts_of(toy_catalog))
    audit = draw(toy_catalog, size=25, seed=1, day=DAY)
    assert len(audit.facts) == 25
    assert max(Counter(audit.facts).values()) == 1
    assert set(audit.facts) <= set(everything)
    drawn, all_of = Counter(f.field for f in audit.facts), Counter(f.field for f in everything)
    most = max(drawn.values())
    assert all(drawn[name] >= min(all_of[name], most - 1) for name in all_of)


def test_a_small_catalog_gives_all_it_has(toy_catalog: Catalog) -> None:
    assert len(draw(toy_catalog, size=10_000, seed=1, day=DAY).facts) == len(list(facts_of(toy_catalog)))


def test_a_draw_can_be_of_some_fields_only(toy_catalog: Catalog) -> None:
    audit = draw(toy_catalog, size=10, seed=1, day=DAY, fields=["paper.title", "method.tasks"])
    assert {fact.field for fact in audit.facts} == {"paper.title", "method.tasks"}


def test_every_field_that_is_drawn_can_be_asked_for(toy_catalog: Catalog) -> None:
    assert {fact.field for fact in facts_of(toy_catalog)} <= set(FIELDS)


def test_weak_facts_are_not_drawn(toy_catalog: Catalog) -> None:
    method = toy_catalog.methods["graphst"]
    weak = tuple(link.model_copy(update={"strength": "weak"}) for link in method.tasks)
    changed = method.model_copy(update={"tasks": weak})
    found = facts_of(Catalog(methods={"graphst": changed}))
    assert not [fact for fact in found if fact.field == "method.tasks"]


def test_figures_count_by_field_and_over_all() -> None:
    verdicts = ["right", "right", "wrong", "weak", "unseen", None]
    facts = tuple(
        AuditedFact.model_validate({"field": "paper.year", "record": f"p-{i}", "value": "2020", "verdict": verdict})
        for i, verdict in enumerate(verdicts)
    )
    one = AuditedFact(field="paper.doi", record="p-1", value="10.1000/x", verdict="right")
    found = figures(Audit(id="x", drawn_on=DAY, seed=1, procedure="By hand.", facts=(*facts, one)))
    assert [figure.field for figure in found] == ["paper.doi", "paper.year", "all"]
    assert found[1][1:6] == (4, 2, 1, 1, 2)
    assert found[1].rate == 0.25
    assert found[2][1:6] == (5, 3, 1, 1, 2)


@pytest.mark.parametrize("trials", [1, 7, 40])
def test_the_interval_holds_the_share_and_shrinks(trials: int) -> None:
    for hits in range(trials + 1):
        low, high = interval(hits, trials)
        assert 0 <= low <= hits / trials <= high <= 1
        wide, narrow = high - low, interval(hits * 10, trials * 10)
        assert narrow[1] - narrow[0] < wide
