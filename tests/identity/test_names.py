"""Printed names of every kind, read and compared."""

import unicodedata
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kg.identity import Likeness, compare_names, read_name


def likeness(a: str, b: str) -> Likeness:
    found = compare_names(read_name(a), read_name(b))
    assert compare_names(read_name(b), read_name(a)) is found
    return found


@pytest.mark.parametrize(
    ("printed", "given", "family"),
    [
        ("Kangning Dong", ("kangning",), "dong"),
        ("Dong K", ("k",), "dong"),
        ("Dong, Kangning", ("kangning",), "dong"),
        ("Theis, F.J.", ("f", "j"), "theis"),
        ("J.C. Marioni", ("j", "c"), "marioni"),
        ("Guo-Cheng Yuan", ("guocheng",), "yuan"),
        ("G.-C. Yuan", ("g", "c"), "yuan"),
        ("Guo‐Cheng Yuan", ("guocheng",), "yuan"),  # the hyphen of U+2010
        ("Ziv Bar-Joseph", ("ziv",), "barjoseph"),
        ("Laurens van der Maaten", ("laurens",), "maaten"),
        ("van der Maaten, L.J.P.", ("l", "j", "p"), "maaten"),
        ("Yang De Marinis", ("yang",), "marinis"),
        ("Juan Carlos de la Cruz", ("juan", "carlos"), "cruz"),
        ("Le Song", ("le",), "song"),  # what could be a particle is a given name when it comes first
        ("Genevieve O’Brien", ("genevieve",), "obrien"),
        ("Wei LI", ("wei",), "li"),
        ("王小明", ("xiaoming",), "wang"),
        ("欧阳锋", ("feng",), "ouyang"),
        ("김민수", ("minsu",), "gim"),
        ("Иван Петров", ("ivan",), "petrov"),
        ("Γιώργος Παππάς", ("giorgos",), "pappas"),
        ("Łukasz Kozłowski", ("lukasz",), "kozlowski"),
        ("Đặng Thị Hương", ("dang", "thi"), "huong"),
        ("Şebnem Çelik", ("sebnem",), "celik"),
        ("Aristotle", (), "aristotle"),
        ("Lee MD", ("m", "d"), "lee"),
        ("Dr. Ada Moreau, MD, PhD", ("ada",), "moreau"),
        ("Md Abul Hassan Samee", ("md", "abul", "hassan"), "samee"),
    ],
)
def test_names_are_read(printed: str, given: tuple[str, ...], family: str) -> None:
    name = read_name(printed)
    assert (name.given, name.family) == (given, family)


@pytest.mark.parametrize(
    ("printed", "generation"),
    [("Robert Dent Jr.", "jr"), ("Dent, Robert, Sr.", "sr"), ("William Townes III", "iii"), ("Jr Kim", "")],
)
def test_generations_are_not_family_names(printed: str, generation: str) -> None:
    name = read_name(printed)
    assert name.generation == generation
    assert name.family in {"dent", "townes", "kim"}


@pytest.mark.parametrize("printed", ["Tumor Profiler Consortium", "IMAXT Consortium", "The HuBMAP Collaboration"])
def test_groups_are_no_people(printed: str) -> None:
    assert read_name(printed).is_group
    assert likeness(printed, "Tumor Profiler") is Likeness.DIFFERENT
    assert likeness(printed, printed.upper()) is Likeness.SAME


def test_decomposed_letters_are_the_same_letters() -> None:
    for printed in ("José Fernández Navarro", "Åke Borg", "Gunnar Rätsch", "Đặng Thị Hương"):
        decomposed = unicodedata.normalize("NFD", printed)
        assert decomposed != printed
        assert read_name(decomposed) == read_name(printed)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("José Fernández Navarro", "Jose Fernandez Navarro", Likeness.SAME),
        ("Gunnar Rätsch", "Gunnar Raetsch", Likeness.SAME),
        ("Gunnar Rätsch", "Gunnar Ratsch", Likeness.SAME),
        ("Jia-Juan Tu", "Jiajuan Tu", Likeness.SAME),
        ("Jeffrey Chun Tatt Lim", "Jeffrey ChunTatt Lim", Likeness.SAME),
        ("Robert Dent", "Robert Dent Jr.", Likeness.SAME),
        ("Robert Dent Sr.", "Robert Dent Jr.", Likeness.DIFFERENT),
        ("Laurens van der Maaten", "Laurens Maaten", Likeness.SAME),
        ("Anurag J. Vaidya", "Anurag Vaidya", Likeness.FULLER),
        ("Jean Y. H. Yang", "Jean Yee Hwa Yang", Likeness.FULLER),
        ("W. Chen", "Wei Chen", Likeness.INITIALS),
        ("W. Chen", "W Chen", Likeness.INITIALS),
        ("G.-C. Yuan", "Guo-Cheng Yuan", Likeness.INITIALS),
        ("J. Y. H. Yang", "Jean Yee Hwa Yang", Likeness.INITIALS),
        ("R. O. Ramirez Flores", "Ricardo Omar Ramirez Flores", Likeness.INITIALS),
        ("Wang Wei", "Wei Wang", Likeness.SWAPPED),
        ("王伟", "Wei Wang", Likeness.TRANSLITERATED),
        ("Иван Петров", "Ivan Petrov", Likeness.TRANSLITERATED),
        ("王伟", "王伟", Likeness.SAME),
        ("王伟", "王薇", Likeness.NEAR),
        ("Katherine Wu", "Katharine Wu", Likeness.NEAR),
        ("Dong Soo Lee", "Dongjoo Lee", Likeness.NEAR),
        ("Jin Wang", "Jing Wang", Likeness.DIFFERENT),
        ("Wei Chen", "Wen Chen", Likeness.DIFFERENT),
        ("Michael J. Miller", "Michael K. Miller", Likeness.DIFFERENT),
        ("Y. Li", "X. Li", Likeness.DIFFERENT),
        ("Kangning Dong", "Kangning Wang", Likeness.DIFFERENT),
    ],
)
def test_names_are_compared(a: str, b: str, expected: Likeness) -> None:
    assert likeness(a, b) is expected


def test_names_that_can_be_one_share_a_key() -> None:
    names = ["W. Chen", "Wei Chen", "Chen, Wei", "Chen Wei", "Gunnar Rätsch", "Gunnar Raetsch", "王伟", "Wei Wang"]
    for a, b in product(names, repeat=2):
        if likeness(a, b) is not Likeness.DIFFERENT:
            assert read_name(a).keys & read_name(b).keys, (a, b)


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_is_read_and_the_order_of_two_does_not_matter(a: str, b: str) -> None:
    x, y = read_name(a), read_name(b)
    assert compare_names(x, y) is compare_names(y, x)
    assert read_name(unicodedata.normalize("NFD", a)) == read_name(unicodedata.normalize("NFC", a))


LETTERS = st.text(st.sampled_from("abcfghilmnopstuwyzäöüéłø"), min_size=3, max_size=8).map(str.capitalize)


@given(LETTERS, LETTERS, LETTERS)
def test_a_name_agrees_with_its_shorter_forms(first: str, middle: str, family: str) -> None:
    full = f"{first} {middle} {family}"
    assume(not read_name(full).is_group)
    assert likeness(full, full) is Likeness.SAME
    for shorter in (f"{first[0]}. {family}", f"{first[0]}. {middle[0]}. {family}", f"{family}, {first[0]}."):
        assert likeness(full, shorter) is Likeness.INITIALS
        assert read_name(full).keys & read_name(shorter).keys
