"""Links of records that no longer lead anywhere. The only part of the doctor that asks the network, on request."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Final

from kg.doctor.advice import Advice, Patient, Steps

if TYPE_CHECKING:
    from kg.enrich.client import Client

_STATES: Final[Mapping[str, str]] = {"moved": "link-moved", "gone": "link-gone", "unreachable": "link-unreachable"}
Place = tuple[str, str, Steps]


def links(patient: Patient) -> dict[str, list[Place]]:
    """Addresses that records give for their things, with the places where they stand.

    DOIs and arXiv ids are left out: their resolvers answer for them, and asking hundreds of times would be impolite.
    """
    found: dict[str, list[Place]] = defaultdict(list)
    for url, place in chain(_of_methods(patient), _of_papers(patient), _of_vocabularies(patient)):
        if url:
            found[url].append(place)
    return dict(found)


def _of_methods(patient: Patient) -> Iterator[tuple[str | None, Place]]:
    for key, method in patient.methods.items():
        yield method.repository.url if method.repository else None, ("method", key, ("repository", "url"))


def _of_papers(patient: Patient) -> Iterator[tuple[str | None, Place]]:
    for key, paper in patient.papers.items():
        yield paper.url, ("paper", key, ("url",))
        for index, version in enumerate(paper.versions):
            yield version.url, ("paper", key, ("versions", index, "url"))


def _of_vocabularies(patient: Patient) -> Iterator[tuple[str | None, Place]]:
    for key, dataset in patient.catalog.datasets.items():
        for index, url in enumerate(dataset.urls):
            yield url, ("dataset", key, ("urls", index))
    for key, framework in patient.catalog.frameworks.items():
        yield framework.homepage, ("framework", key, ("homepage",))


def broken_links(places: Mapping[str, list[Place]], urls: Iterable[str], client: "Client") -> Iterator[Advice]:
    """Check addresses, one at a time, and advise on those that do not answer well.

    Args:
        places: What :func:`links` found.
        urls: Those of them to check, in order.
        client: Asks politely, keeps answers, and does not ask again for some days.
    """
    from kg.enrich.links import check_links

    for result in check_links(urls, client):
        code = _STATES.get(result.state)
        if code is None:
            continue
        to = f", now {result.to}" if result.to else ""
        why = f": {result.why}" if result.why else ""
        for kind, key, steps in places[result.url]:
            yield Advice(code, kind, key, f"{result.url}{to}{why}", steps)
