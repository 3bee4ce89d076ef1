"""How much the catalog holds, counted from the records alone."""

from kg.model import Catalog, Method, Paper, Record

_COUNTED = ("task", "dataset", "framework", "source", "listing")


def counts(catalog: Catalog) -> dict[str, int]:
    """Number of records of the kinds that people ask for, of people, and of facts.

    A fact is a value of a method or paper that names its sources: a field, a link to another record, a requirement, an
    author, another version. Values that were not chosen (``conflicts``) are none.

    Returns:
        Counts by the plural that people read, in the order to show them.
    """
    authors = {author for _, _, _, author in catalog.printed_authors()}
    records: list[Method | Paper] = [*catalog.methods.values(), *catalog.papers.values()]
    found = {
        "methods": len(catalog.methods),
        "papers": len(catalog.papers),
        "authors": len(authors),
        "facts": sum(n_facts(record) for record in records),
    }
    return (
        found
        | {f"{kind}s": len(catalog.of_kind(kind)) for kind in _COUNTED}
        | {"repositories": len(catalog.repositories)}
    )


def n_facts(record: Method | Paper) -> int:
    """Facts of one record."""
    found = len(record.sources)
    for name in type(record).model_fields:
        value = getattr(record, name)
        if name == "authors" and value is not None:
            found += len(value.names)
        elif isinstance(value, Record):
            found += 1
        elif isinstance(value, tuple) and name != "conflicts":
            found += sum(isinstance(item, Record) for item in value)
    return found
