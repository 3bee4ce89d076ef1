"""What the fields of records accept: identifiers, addresses, references, days and marks of doubt."""

from typing import Any, Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from pyoxigraph import NamedNode

from kg.model import Author, Catalog, Conflict, License, Method, Paper, Record, Source, Task, parse_reference
from kg.model.base import Doi, Reference, Text, Url
from kg.model.vocabularies import orcid_check_digit
from kg.projection import Registry, record_quads

PAPER: Final[dict[str, Any]] = {"id": "a", "title": "A", "kind": "article", "sources": {}}
METHOD: Final[dict[str, Any]] = {"id": "a", "name": "A", "evidence_level": "repository", "sources": {}}
AUTHOR: Final[dict[str, Any]] = {"id": "a", "name": "A", "evidence": "e", "sources": ["museumst"]}


def accepts(kind: Any, value: str) -> bool:
    """Whether a field of this type takes the text."""
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return False
    return True


def refuses(model: type[Record], **fields: Any) -> list[str]:
    """Fields that a model refuses; at least one."""
    with pytest.raises(ValidationError) as caught:
        model.model_validate(fields)
    return [".".join(map(str, detail["loc"])) for detail in caught.value.errors()]


@pytest.mark.parametrize(
    "orcid", ["0000-0002-1825-0097", "0000-0001-5109-3700", "0000-0002-1694-233X", "0000-0003-1527-0030"]
)
def test_real_orcids_are_accepted(orcid: str) -> None:
    assert Author.model_validate({**AUTHOR, "orcid": orcid}).orcid == orcid


@pytest.mark.parametrize(
    "orcid",
    [
        *("0000-0002-1825-0098", "0000-0002-1825-009X", "0000-0002-1694-233x", "0000-0020-1825-0097"),
        *("https://orcid.org/0000-0002-1825-0097", "0000000218250097", "0000-0002-1825-00977", "٠000-0002-1825-0097"),
    ],
)
def test_wrong_orcids_are_refused(orcid: str) -> None:
    assert refuses(Author, **AUTHOR, orcid=orcid) == ["orcid"]


@given(st.from_regex(r"[0-9]{15}", fullmatch=True), st.integers(0, 14), st.integers(1, 9))
def test_check_digit_finds_each_single_wrong_digit(base: str, place: int, shift: int) -> None:
    other = base[:place] + str((int(base[place]) + shift) % 10) + base[place + 1 :]
    assert orcid_check_digit(base) != orcid_check_digit(other)


@given(st.from_regex(r"[0-9]{15}", fullmatch=True), st.integers(0, 13))
def test_check_digit_finds_swapped_neighbours(base: str, place: int) -> None:
    swapped = base[:place] + base[place + 1] + base[place] + base[place + 2 :]
    assert (orcid_check_digit(base) == orcid_check_digit(swapped)) == (base == swapped)


@pytest.mark.parametrize(
    "reference, parts",
    [
        ("almaan/sepal", {"repository": "almaan/sepal"}),
        ("almaan/sepal:README.md:3", {"repository": "almaan/sepal", "path": "README.md:3"}),
        ("a-b/C.d_e:x y/z.R", {"repository": "a-b/C.d_e", "path": "x y/z.R"}),
        ("museumst", {"source": "museumst"}),
        ("museumst:row 96", {"source": "museumst", "locator": "row 96"}),
        ("stkg-curation:why: because", {"source": "stkg-curation", "locator": "why: because"}),
        ("doi:10.1038/s41467-023-36796-3", {"doi": "10.1038/s41467-023-36796-3"}),
        ("https://example.org/a?b=c#d", {"url": "https://example.org/a?b=c#d"}),
    ],
)
def test_references_are_taken_apart(reference: str, parts: dict[str, str]) -> None:
    assert parse_reference(reference) == parts


@pytest.mark.parametrize(
    "reference",
    [
        "",
        "Museum",
        "museumst:",
        "museumst: row",
        "museumst row",
        "a/b:",
        "a/b/c",
        "/b",
        "ftp://x",
        "https://a b",
        "https://",
        "doi:",
        "10.1038/x",
    ],
)
def test_what_is_no_reference(reference: str) -> None:
    assert parse_reference(reference) is None
    assert not accepts(Reference, reference)


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_a_reference_or_not(text: str) -> None:
    parts = parse_reference(text)
    assert parts is None or set(parts) <= {"url", "doi", "repository", "path", "source", "locator"}
    assert not accepts(Reference, text) or parts is not None


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("%[]#:@/?\ue000\ufdd0"), max_size=12))
@example("100%")
@example("[x")
@example("a#b#c")
@example("\ue000")
@example("a:b")
def test_every_accepted_address_is_an_iri(text: str) -> None:
    """Otherwise a catalog that passes every check stops the build."""
    for address in (f"https://example.org/{text}", f"https://{text}"):
        if accepts(Url, address):
            assert NamedNode(address).value == address
        if accepts(Reference, address):
            assert NamedNode(address).value == address


def test_every_accepted_licence_identifier_is_part_of_an_iri() -> None:
    fields = {"id": "a", "label": "A", "sources": ["museumst"]}
    for spdx in ("MIT", "GPL-2.0-or-later", "GPL-3.0+", "LicenseRef-x.1"):
        record = License.model_validate({**fields, "spdx": spdx})
        assert list(record_quads(Registry(Catalog()), "license", "a", record))
    for spdx in ("GPL 3", "<MIT>", "MIT/X11", "%"):
        assert refuses(License, **fields, spdx=spdx) == ["spdx"]


@pytest.mark.parametrize("doi", ["10.1038/s41467-023-36796-3", "10.1101/2022.12.26.521888", "10.1002/(sici)1097;2-x"])
def test_dois_are_accepted_in_lower_case_without_prefix(doi: str) -> None:
    assert accepts(Doi, doi)


@pytest.mark.parametrize(
    "doi", ["10.1038/S41467", "doi:10.1038/x", "https://doi.org/10.1038/x", "10.1/x", "10.1038/", "10.1038/a b"]
)
def test_other_forms_of_dois_are_refused(doi: str) -> None:
    assert not accepts(Doi, doi)


@pytest.mark.parametrize("year", ["1949", "2101", "23", "2023.5", "c. 2023", ""])
def test_bad_years_are_refused(year: str) -> None:
    assert refuses(Paper, **PAPER, year=year) == ["year"]


@pytest.mark.parametrize(
    "day", ["2022", "0", "86400", "1651363200", "20220501", "2022-5-1", "2022-02-30", "01.05.2022", "May 2022"]
)
def test_only_written_out_days_are_days(day: str) -> None:
    """A number of seconds is not taken for a day, nor a month or year completed."""
    assert refuses(Paper, **PAPER, published_on=day) == ["published_on"]
    assert refuses(Source, id="a", label="A", kind="web", retrieved_on=day) == ["retrieved_on"]
    repository = {"url": "https://example.org", "sources": ["museumst"], "first_commit": day}
    assert refuses(Method, **METHOD, repository=repository) == ["repository.first_commit"]


@pytest.mark.parametrize("text", [" a", "a ", "a\tb", "a\nb", "a\x00", "a\x85b", "\ud800", ""])
def test_text_has_no_control_characters_or_outer_blanks(text: str) -> None:
    assert not accepts(Text, text)


def test_records_cannot_be_changed() -> None:
    method = Method.model_validate(METHOD)
    with pytest.raises(ValidationError):
        method.name = "B"  # type: ignore[misc]
    assert method.name == "A"


def test_every_fact_needs_a_source() -> None:
    for field, item in {
        "papers": {"paper": "a", "role": "describes"},
        "languages": {"language": "a"},
        "frameworks": {"framework": "a", "use": "imports"},
        "licenses": {"license": "a"},
        "tasks": {"task": "a"},
        "datasets": {"dataset": "a"},
        "requirements": {"package": "a"},
        "lineage": {"relation": "extends", "method": "b"},
        "comparisons": {"method": "b"},
        "conflicts": {"field": "name", "value": "B", "why": "w"},
    }.items():
        assert refuses(Method, **METHOD, **{field: [item]}) == [f"{field}.0.sources"]
        assert refuses(Method, **METHOD, **{field: [{**item, "sources": []}]}) == [f"{field}.0.sources"]
        assert Method.model_validate({**METHOD, field: [{**item, "sources": ["museumst"]}]})


def test_no_task_takes_the_iri_of_the_scheme() -> None:
    assert refuses(Task, id="scheme", label="Scheme", definition="All tasks.", sources=("museumst",)) == ["id"]


def test_conflict_names_what_was_not_chosen() -> None:
    conflict = Conflict.model_validate({"field": "year", "value": "2022", "why": "preprint", "sources": ["museumst"]})
    assert conflict.value == "2022"
    assert refuses(Conflict, field="year", value="2022", sources=["museumst"]) == ["why"]
