"""What joins two people and what keeps them apart, on small made-up catalogs."""

import math
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.catalog import load_catalog
from kg.identity import Person, Surroundings, Verdict, decide, possibly_same, resolve
from kg.identity.names import read_name
from kg.identity.people import Authorship
from kg.identity.rarity import NameFrequencies
from kg.resources import resource_root

# A background that makes some names common: as many people as a small catalog has.
FAMILIES = ("Li", "Wang", "Zhang", "Chen", "Liu", "Yang", "Zhao", "Huang", "Wu", "Zhou")
GIVEN = ("Wei", "Yang", "Lei", "Hao", "Jing", "Xin", "Yan", "Tao", "Bo", "Min", "Yi", "Jie", "Lin", "Chao", "Hui")
RARE = [
    f"{given} {start}{end}"
    for given in ("Marion", "Pierre", "Claude", "Lucie", "Anders", "Ingrid", "Joost")
    for start in ("Mor", "Bald", "Kers", "Lind", "Hall", "Berg", "Nor", "Fal", "Tor", "Vest", "Gar", "Sol")
    for end in ("eau", "win", "ting", "qvist", "ström", "mann", "berg", "kvam", "esen", "holt", "elli", "inga")
]
BACKGROUND = [f"{g} {f}" for f in FAMILIES for g in GIVEN] + RARE


def around(papers: dict[str, list[str]], **more: object) -> Surroundings:
    """What a few papers tell, among the background's names."""
    authors = {paper: tuple(map(read_name, names)) for paper, names in papers.items()}
    known: dict[str, object] = {
        "authors": authors,
        "complete": frozenset(papers),
        "years": {},
        "accounts": {},
        "lines": frozenset(),
        "frequencies": NameFrequencies(map(read_name, [*BACKGROUND, *(n for names in papers.values() for n in names)])),
    }
    return Surroundings(**{**known, **more})  # type: ignore[arg-type]


def person(papers: dict[str, list[str]], paper: str, name: str, orcid: str | None = None) -> Person:
    """The author of one paper."""
    place = Authorship(paper, papers[paper].index(name) + 1, name)
    return Person(f"{paper}#{place.position}", (place,), orcid)


def verdict(papers: dict[str, list[str]], a: tuple[str, str], b: tuple[str, str], **more: object) -> Verdict:
    x, y = person(papers, *a), person(papers, *b)
    surroundings = around(papers, **more)
    decision = decide(x, y, surroundings)
    turned = decide(y, x, surroundings)
    assert (turned.verdict, turned.score, set(turned.reasons)) == (
        decision.verdict,
        decision.score,
        set(decision.reasons),
    )
    return decision.verdict


def test_two_wei_chens_stay_apart() -> None:
    papers = {"a-2020": ["Wei Chen", "Ada Moreau", "Pia Roth"], "b-2021": ["Wei Chen", "Olga Novak", "Ian Frost"]}
    assert verdict(papers, ("a-2020", "Wei Chen"), ("b-2021", "Wei Chen")) is Verdict.UNDECIDED


def test_two_wei_chens_of_one_group_are_one() -> None:
    papers = {"a-2020": ["Wei Chen", "Ada Moreau", "Pia Roth"], "b-2021": ["Wei Chen", "Ada Moreau", "Pia Roth"]}
    assert verdict(papers, ("a-2020", "Wei Chen"), ("b-2021", "Wei Chen")) is Verdict.SAME


def test_a_common_coauthor_is_little_evidence() -> None:
    papers = {
        "a-2020": ["Wei Chen", "Y. Li", "X. Wang", "Pia Roth"],
        "b-2021": ["Wei Chen", "Yi Li", "Yan Wang", "Ian Frost"],
    }
    assert verdict(papers, ("a-2020", "Wei Chen"), ("b-2021", "Wei Chen")) is Verdict.UNDECIDED


def test_a_rare_full_name_is_evidence_by_itself_and_says_so() -> None:
    papers = {"a-2020": ["Oriel Quist", "Pia Roth", "Wei Chen"], "b-2021": ["Oriel Quist", "Olga Novak", "Bo Wu"]}
    decision = decide(person(papers, "a-2020", "Oriel Quist"), person(papers, "b-2021", "Oriel Quist"), around(papers))
    assert decision.verdict is Verdict.SAME
    assert decision.reasons[0].kind == "name"
    assert "rare name" in decision.reasons[0].text


def test_initials_alone_never_join() -> None:
    papers = {"a-2020": ["O. Quist"], "b-2021": ["Oriel Quist"], "c-2022": ["O. Quist"]}
    accounts = {paper: frozenset({"quist-lab"}) for paper in papers}
    assert verdict(papers, ("a-2020", "O. Quist"), ("b-2021", "Oriel Quist"), accounts=accounts) is Verdict.UNDECIDED
    assert verdict(papers, ("a-2020", "O. Quist"), ("c-2022", "O. Quist"), accounts=accounts) is Verdict.UNDECIDED


def test_initials_join_within_one_list_of_coauthors() -> None:
    papers = {
        "a-2020": ["O. Quist", "Pia Roth", "Olga Novak"],
        "b-2021": ["Oriel Quist", "Pia Roth", "Olga Novak"],
    }
    assert verdict(papers, ("a-2020", "O. Quist"), ("b-2021", "Oriel Quist")) is Verdict.SAME


def test_initials_that_fit_two_members_of_a_group_stay_undecided() -> None:
    papers = {
        "a-2020": ["D. Kim", "Pia Roth", "Olga Novak"],
        "b-2021": ["Dana Kim", "Pia Roth", "Olga Novak"],
        "c-2022": ["Doris Kim", "Pia Roth", "Olga Novak"],
    }
    people = [person(papers, paper, names[0]) for paper, names in papers.items()]
    assert resolve(people, around(papers)) == [(p,) for p in people]
    assert len(resolve(people[:2], around(papers))) == 1


def test_one_paper_has_two_people_of_one_name() -> None:
    papers = {"a-2020": ["D. Lee", "Pia Roth", "D. Lee"]}
    first = Person("one", (Authorship("a-2020", 1, "D. Lee"),))
    second = Person("two", (Authorship("a-2020", 3, "D. Lee"),))
    assert decide(first, second, around(papers)).verdict is Verdict.DIFFERENT


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ("0000-0002-1825-0097", "0000-0002-1825-0097", Verdict.SAME),
        ("0000-0002-1825-0097", "0000-0001-5109-3700", Verdict.DIFFERENT),
        ("0000-0002-1825-0097", None, Verdict.UNDECIDED),
    ],
)
def test_an_orcid_decides(ours: str, theirs: str | None, expected: Verdict) -> None:
    papers = {"a-2020": ["Wei Chen", "Pia Roth", "Bo Wu"], "b-2021": ["W. Chen", "Olga Novak", "Yi Wu"]}
    a, b = person(papers, "a-2020", "Wei Chen", ours), person(papers, "b-2021", "W. Chen", theirs)
    decision = decide(a, b, around(papers))
    assert decision.verdict is expected
    assert math.isinf(decision.score) is (expected is not Verdict.UNDECIDED)


def test_code_in_one_account_and_a_line_of_methods_add_up() -> None:
    papers = {"a-2020": ["Wei Chen", "Pia Roth", "Bo Wu"], "b-2021": ["Wei Chen", "Olga Novak", "Yi Wu"]}
    pair = ("a-2020", "Wei Chen"), ("b-2021", "Wei Chen")
    accounts = {paper: frozenset({"chen-lab"}) for paper in papers}
    lines = frozenset({("a-2020", "b-2021")})
    assert verdict(papers, *pair) is Verdict.UNDECIDED
    assert verdict(papers, *pair, accounts=accounts, lines=lines) is Verdict.SAME


def test_years_far_apart_speak_against() -> None:
    papers = {"a-2001": ["Wei Chen", "Pia Roth"], "b-2021": ["Wei Chen", "Olga Novak"]}
    pair = person(papers, "a-2001", "Wei Chen"), person(papers, "b-2021", "Wei Chen")
    near = decide(*pair, around(papers, years={"a-2001": 2019, "b-2021": 2021}))
    far = decide(*pair, around(papers, years={"a-2001": 2001, "b-2021": 2021}))
    assert far.score == pytest.approx(near.score - 1)


def test_full_names_outweigh_the_initials_that_one_also_uses() -> None:
    papers = {
        "a-2020": ["Dong Soo Lee", "Pia Roth"],
        "b-2021": ["D. S. Lee", "Pia Roth"],
        "c-2022": ["Dongjoo Lee", "Pia Roth"],
    }
    known = Person("dong-soo-lee", (Authorship("a-2020", 1, "Dong Soo Lee"), Authorship("b-2021", 1, "D. S. Lee")))
    assert decide(known, person(papers, "c-2022", "Dongjoo Lee"), around(papers)).verdict is not Verdict.SAME


def test_groups_of_one_name_are_one_group() -> None:
    papers = {"a-2020": ["Pia Roth", "Tumor Profiler Consortium"], "b-2021": ["Bo Wu", "The Tumor Profiler Consortium"]}
    pair = ("a-2020", "Tumor Profiler Consortium"), ("b-2021", "The Tumor Profiler Consortium")
    assert verdict(papers, *pair) is Verdict.SAME


NAMES = st.sampled_from(
    ["Wei Chen", "W. Chen", "Pia Roth", "P. Roth", "Oriel Quist", "O. Quist", "Bo Wu", "Olga Novak"]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(NAMES, min_size=1, max_size=4, unique=True), min_size=1, max_size=6), st.randoms())
def test_joins_do_not_depend_on_order_and_never_within_a_paper(lists: list[list[str]], order: random.Random) -> None:
    papers = {f"p{index}-2020": names for index, names in enumerate(lists)}
    people = [person(papers, paper, name) for paper, names in papers.items() for name in names]
    surroundings = around(papers)
    found = resolve(people, surroundings)
    shuffled = people[:]
    order.shuffle(shuffled)
    assert resolve(shuffled, surroundings) == found
    assert sorted(p.id for group in found for p in group) == sorted(p.id for p in people)
    for group in found:
        assert len({p.authorships[0].paper for p in group}) == len(group)


def test_the_report_ranks_pairs_with_reasons() -> None:
    rows = possibly_same(load_catalog(resource_root("data")))
    assert rows
    assert rows == sorted(rows, key=lambda row: (-row.score, row.a, row.b))
    for row in rows:
        assert row.a < row.b
        assert row.reasons
        assert row.score >= 0
        assert row.verdict in {"same", "undecided"}


def test_the_report_of_a_small_catalog(tmp_path: Path) -> None:
    assert possibly_same(load_catalog(Path(__file__).parent.parent / "toy")) == []
