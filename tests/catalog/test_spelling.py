"""Ends of DOIs, and letters that look like others."""

import pytest

from kg.catalog.spelling import RULES, plain_letters
from kg.model import Catalog, Listing, Paper

SOURCE = ["museumst:row 1"]


def messages(title: str = "A title", reference: str = "museumst:row 1") -> list[tuple[str, str]]:
    """What the rules say about a paper of this title that rests on this reference: (message, hint)."""
    paper = Paper.model_validate({"id": "p", "title": title, "sources": {"title": [*SOURCE, reference]}})
    return [(f.message, f.hint) for rule in RULES for f in rule(Catalog(papers={"p": paper}))]


@pytest.mark.parametrize("end", [".", ",", ";", ":", ")", "]", ").", ".,;:"])
def test_punctuation_is_no_part_of_a_doi(end: str) -> None:
    doi = "doi:10.1016/s2405-4712(21)00151-4"
    assert messages(reference=doi + end) == [(f"'{doi}{end}' ends in {end!r}", f"write {doi}")]


@pytest.mark.parametrize(
    "reference",
    [
        "doi:10.1016/s0092-8674(21)",
        "doi:10.1002/(sici)1097-0258(19980815)17:15",
        "doi:10.1000/x(",
        "https://doi.org/10.1000/x.",
        "museumst:row 1 (a note).",
    ],
)
def test_other_ends_are_sound(reference: str) -> None:
    assert messages(reference=reference) == []


@pytest.mark.parametrize(
    ("letter", "hint"),
    [
        ("\u2010", "write a plain hyphen"),
        ("\u2011", "write a plain hyphen"),
        ("\u00a0", "write a plain blank"),
        ("\u202f", "write a plain blank"),
        ("\u00ad", "remove it"),
        ("\ufeff", "remove it"),
    ],
)
def test_letters_in_disguise_are_named(letter: str, hint: str) -> None:
    title = f"A single{letter}cell title"
    assert messages(title) == [(f"{title!r} holds U+{ord(letter):04X}", hint)]
    assert messages(plain_letters(title)) == []


@pytest.mark.parametrize("title", ["Single-cell maps", "A visual–omics model — or two", "می‌خواهم", "Å ñ ﬁ 组织"])
def test_plain_and_foreign_letters_stay(title: str) -> None:
    assert messages(title) == []
    assert plain_letters(title) == title


def test_what_a_list_printed_stays() -> None:
    entry = {"position": "line 1", "listed": "A\u00a0B", "status": "unresolved", "note": "n"}
    listing = Listing.model_validate({"source": "my-list", "entries": [entry]})
    assert [f for rule in RULES for f in rule(Catalog(listings={"my-list": listing}))] == []
