"""What every record has in common: strict fields, references to sources, and the marks of doubt.

Records are plain data. They know no file, no RDF and no network; references to other records are slugs.
"""

import re
from datetime import date
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from kg.iris import SLUG_PATTERN, is_slug

_REPOSITORY = r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+"
# A subset of what RFC 3987 allows; whatever it lets through is an IRI.
_URL_CHARACTER = r"([A-Za-z0-9._~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})"
_URL = rf"https?://[A-Za-z0-9.-]+(:[0-9]+)?([/?]{_URL_CHARACTER}*)?(#{_URL_CHARACTER}*)?"
_REFERENCE: Final = re.compile(
    rf"(?P<url>{_URL})"
    rf"|doi:(?P<doi>10\.\d{{4,9}}/[^\s<>\"]+)"
    rf"|(?P<repository>{_REPOSITORY})(?::(?P<path>\S.*))?"
    rf"|(?!doi:)(?P<source>{SLUG_PATTERN})(?::(?P<locator>(?!//)\S.*))?"
)


def _check_slug(text: str) -> str:
    if not is_slug(text):
        raise ValueError(f"{text!r} is not a slug: use lower-case letters, digits and single hyphens")
    return text


def _check_text(text: str) -> str:
    if text != text.strip():
        raise ValueError("has blanks at its start or end: remove them")
    if any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or 0xD800 <= ord(c) < 0xE000 for c in text):
        raise ValueError("holds a control character: remove it")
    return text


def _check_day(value: object) -> object:
    # Left to itself, pydantic takes a number for seconds since 1970.
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value) is None:
        raise ValueError(f"{value!r} is not a date: write YYYY-MM-DD")
    return value


def _check_reference(text: str) -> str:
    if parse_reference(text) is None:
        raise ValueError(
            f"{text!r} is not a reference: write owner/name:path:line, source-id:place, doi:10.… or an https:// address"
        )
    return text


def parse_reference(text: str) -> dict[str, str] | None:
    """Take a reference to a source apart.

    Args:
        text: ``owner/name:path:line``, ``source-id:place``, ``doi:10.…`` or a web address.

    Returns:
        The parts that are present, among ``url``, ``doi``, ``repository``, ``path``, ``source`` and ``locator``;
        None when the text is none of the four forms.

    Example:
        >>> parse_reference("almaan/sepal:README.md:3")
        {'repository': 'almaan/sepal', 'path': 'README.md:3'}
        >>> parse_reference("museumst:row 96")
        {'source': 'museumst', 'locator': 'row 96'}
    """
    match = _REFERENCE.fullmatch(text)
    return {key: value for key, value in match.groupdict().items() if value is not None} if match else None


Slug = Annotated[str, AfterValidator(_check_slug)]
Text = Annotated[str, StringConstraints(min_length=1), AfterValidator(_check_text)]
Reference = Annotated[Text, AfterValidator(_check_reference)]
References = Annotated[tuple[Reference, ...], Field(min_length=1, description="Where the fact stands; at least one.")]
Day = Annotated[date, BeforeValidator(_check_day)]
Year = Annotated[int, Field(ge=1950, le=2100)]
Url = Annotated[Text, StringConstraints(pattern=rf"^{_URL}$")]
Doi = Annotated[Text, StringConstraints(pattern=r"^10\.\d{4,9}/[^\sA-Z<>\"{}|\\^`]+$")]
RepositoryName = Annotated[Text, StringConstraints(pattern=rf"^{_REPOSITORY}$")]
Commit = Annotated[Text, StringConstraints(pattern=r"^[0-9a-f]{7,40}$")]

Strength = Literal["strong", "weak"]
Status = Literal["current", "withdrawn", "merged"]
Scope = Literal["spatial", "single-cell", "imaging", "pathology", "resource", "other"]


class Record(BaseModel):
    """Base of every model: immutable, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Sourced(Record):
    """A fact with its sources.

    Attributes:
        strength: ``weak`` when the sources only suggest the fact (a keyword of a title, a notebook).
        note: What a reader has to know about the evidence.
        sources: Where it stands.
    """

    strength: Strength = "strong"
    note: Text | None = None
    sources: References


class Conflict(Record):
    """A value that a source gives and that was not chosen.

    Attributes:
        field: Field of this record that the value would fill.
        value: The value as the source has it.
        why: Why the record does not follow it.
        sources: Where the value stands.
    """

    field: Text
    value: Text
    why: Text
    sources: References


class Named(Record):
    """A small vocabulary record: an id, a label and other names."""

    id: Slug
    label: Text
    synonyms: tuple[Text, ...] = ()


class Renamable(Record):
    """A record whose id may change; the IRIs of its former ids lead to the new one.

    Attributes:
        former_ids: Ids that it had before. None of them is ever given to another record.
    """

    former_ids: tuple[Slug, ...] = ()


class Lifecycle(Renamable):
    """Records stay for ever: a wrong one is withdrawn or merged, and its IRI goes on answering.

    Attributes:
        scope: Whether the thing is a method of spatial omics, or kept only because a source names it.
        scope_note: Why, for every scope but ``spatial``.
        status: ``current`` when absent.
        status_note: Why the record was withdrawn or merged.
        replaced_by: The record that took over, for ``merged``.
    """

    scope: Scope = "spatial"
    scope_note: Text | None = None
    status: Status = "current"
    status_note: Text | None = None
    replaced_by: Slug | None = None
