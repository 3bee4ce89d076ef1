"""A record as schema.org JSON-LD, for search engines: only what the page shows as well."""

from typing import TYPE_CHECKING, Any, Final

from kg.iris import TERMS, parse_record_iri
from kg.view.links import web_address

if TYPE_CHECKING:
    from kg.records import RecordView, Value

_TYPES: Final = {
    "method": "SoftwareApplication",
    "paper": "ScholarlyArticle",
    "author": "Person",
    "dataset": "Dataset",
    "framework": "SoftwareApplication",
    "language": "ComputerLanguage",
    "venue": "Periodical",
    "task": "DefinedTerm",
    "technology": "DefinedTerm",
    "license": "CreativeWork",
    "benchmark": "CreativeWork",
    "source": "CreativeWork",
}
_SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
# Property of ours to property of schema.org.
_NAMES: Final = {
    "http://purl.org/dc/terms/description": "description",
    f"{_SKOS}definition": "description",
    f"{_SKOS}altLabel": "alternateName",
    f"{TERMS}repository": "url",
    "https://schema.org/url": "url",
    "https://schema.org/sameAs": "sameAs",
    f"{TERMS}license": "license",
    f"{TERMS}introducedIn": "citation",
    f"{TERMS}year": "datePublished",
    f"{TERMS}publishedIn": "isPartOf",
    f"{TERMS}author": "author",
    f"{TERMS}firstCommitOn": "dateCreated",
    f"{TERMS}lastCommitOn": "dateModified",
}
# Properties that only some types have.
_ONLY: Final = {
    "applicationCategory": "SoftwareApplication",
    "citation": "SoftwareApplication",
    "isPartOf": "ScholarlyArticle",
    "author": "ScholarlyArticle",
}


def json_ld(view: "RecordView", title: str) -> dict[str, Any] | None:
    """JSON-LD of a record, or None for parts of records.

    Args:
        view: The record.
        title: Heading of its page.
    """
    parsed = parse_record_iri(view.iri)
    if parsed is None:
        return None
    kind = _TYPES[parsed[0]]
    found: dict[str, Any] = {"@context": "https://schema.org", "@type": kind, "@id": view.iri, "name": title}
    if kind == "SoftwareApplication":
        found["applicationCategory"] = "Scientific software"
    for name, values in view.facts.items():
        key = _NAMES.get(view.properties.get(name, ""))
        if key is None or _ONLY.get(key, kind) != kind:
            continue
        texts = [_value(value) for value in values if value.status == "accepted"]
        if texts and key not in found:
            found[key] = texts[0] if len(texts) == 1 else texts
    return found


def _value(value: "Value") -> Any:
    if parse_record_iri(value.value):
        return {"@id": value.value, "name": value.label} if value.label else {"@id": value.value}
    return web_address(value.value) or value.value
