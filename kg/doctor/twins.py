"""Records that may be the same thing."""

import re
from collections import defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import combinations
from typing import Final

from kg.doctor.advice import Advice, Examination, Patient
from kg.importing.known import Known
from kg.importing.matching import similarity
from kg.importing.people import agreement
from kg.importing.text import repository_of, title_key
from kg.iris import fold
from kg.model import Method, Paper

# More methods than this in one repository: a toolkit, whose parts are meant to share it.
_TOOLKIT: Final = 3
_SAME_TITLE: Final = 0.93
_LIKE_TITLE: Final = 0.6
_SAME_AUTHORS: Final = 0.8
# Words that two versions of one method differ by, on purpose.
_VERSION: Final = re.compile(r"(?:v?\d+|plus|pro|py|r|nd|lite|io|x|xl)$")


def twins_of_methods(patient: Patient) -> Examination:
    """Methods that share a repository, a paper or a name."""
    told: set[tuple[str, str]] = set()
    for code, reason, groups in (
        ("same-repository", "the repository", _by_repository(patient)),
        ("same-paper", "the paper", _by_paper(patient)),
    ):
        for shared, keys in sorted(groups.items()):
            for pair in combinations(sorted(keys), 2):
                first, second = (patient.methods[key] for key in pair)
                if len(keys) > _TOOLKIT or pair in told or _told_apart(first, second):
                    continue
                if code == "same-paper" and not _alike(first, second):
                    continue
                told.add(pair)
                yield _pair(code, first, second, f"share {reason} {shared}")
    for first, second, why in _near_names(patient):
        pair = (first.id, second.id)
        if pair not in told and not _told_apart(first, second) and not _unlike(first, second, patient):
            told.add(pair)
            yield _pair("similar-name", first, second, why)


def _pair(code: str, first: Method, second: Method, why: str) -> Advice:
    message = f"{first.name} and {second.name} ({second.id}) {why}"
    return Advice(code, "method", first.id, message, command=f"stkg compare {first.id} {second.id}")


def _by_repository(patient: Patient) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for key, method in patient.methods.items():
        if name := _repository(method):
            found[name].append(key)
    return found


def _by_paper(patient: Patient) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for key, method in patient.methods.items():
        for link in method.papers:
            if link.role == "introduces":
                found[link.paper].append(key)
    return found


def _told_apart(first: Method, second: Method) -> bool:
    """Whether the records say themselves that they are two: by lineage, or by brackets at the end of a name."""
    steps = {(first.id, link.method) for link in first.lineage} | {(second.id, link.method) for link in second.lineage}
    named = first.name.endswith(")") or second.name.endswith(")")
    return named or bool(steps & {(first.id, second.id), (second.id, first.id)})


def _unlike(first: Method, second: Method, patient: Patient) -> bool:
    """Whether two methods of one name have another paper and another repository each, or no author in common."""
    papers = patient.introduced(first), patient.introduced(second)
    if papers[0] is None or papers[1] is None or papers[0].id == papers[1].id:
        return False
    names = patient.known.authors(papers[0].id), patient.known.authors(papers[1].id)
    if min(map(len, names)) >= 2 and agreement(*names) == 0:
        return True
    code = _repository(first), _repository(second)
    return None not in code and code[0] != code[1] and None not in (papers[0].doi, papers[1].doi)


def _repository(method: Method) -> str | None:
    name = repository_of(method.repository.url) if method.repository else None
    return name.lower() if name else None


def _alike(first: Method, second: Method) -> bool:
    """Whether two methods have like names or one repository."""
    one, two = title_key(first.name), title_key(second.name)
    near = SequenceMatcher(None, one, two, autojunk=False).ratio() >= 0.6 or one in two or two in one
    return near or (_repository(first) is not None and _repository(first) == _repository(second))


def _near_names(patient: Patient) -> Iterator[tuple[Method, Method, str]]:
    by_name: dict[str, set[str]] = defaultdict(set)
    for key, method in patient.methods.items():
        for name in (method.name, *method.synonyms):
            by_name[title_key(name)].add(key)  # with what stands in brackets: that tells two of one name apart
    for name, keys in sorted(by_name.items()):
        for first, second in combinations(sorted(keys), 2) if name else ():
            yield patient.methods[first], patient.methods[second], "have one name"
    for one, two in _one_letter_apart(sorted(name for name in by_name if len(name) >= 6)):
        for first in sorted(by_name[one]):
            for second in sorted(by_name[two] - by_name[one]):
                pair = sorted((patient.methods[first], patient.methods[second]), key=lambda method: method.id)
                if first not in by_name[two] and _share_something(patient, *pair):
                    yield pair[0], pair[1], "have nearly one name and share authors or owner of the code"


def _one_letter_apart(names: list[str]) -> Iterator[tuple[str, str]]:
    """Pairs that become one name when one letter of each, or of one, is left out."""
    buckets: dict[str, set[str]] = defaultdict(set)
    for name in names:
        for index in range(len(name) + 1):
            buckets[name[:index] + name[index + 1 :]].add(name)
    pairs = {pair for group in buckets.values() for pair in combinations(sorted(group), 2)}
    for one, two in sorted(pairs):
        if not (_VERSION.search(one) or _VERSION.search(two)):
            yield one, two


def _share_something(patient: Patient, first: Method, second: Method) -> bool:
    owners = [(_repository(method) or "").split("/")[0] for method in (first, second)]
    if owners[0] and owners[0] == owners[1]:
        return True
    papers = [patient.introduced(method) for method in (first, second)]
    names = [patient.known.authors(paper.id) for paper in papers if paper]
    return len(names) == 2 and min(map(len, names)) >= 2 and agreement(names[0], names[1]) >= 0.5


def twins_of_papers(patient: Patient) -> Examination:
    """Papers with like titles, or with the same authors and titles that are somewhat alike."""
    known = patient.known
    seen: set[tuple[str, str]] = set()
    current = {key for key, paper in patient.catalog.papers.items() if paper.status == "current"}
    for key in sorted(patient.papers):
        for other in known.near_titles(patient.papers[key].title):
            pair = (min(key, other), max(key, other))
            if other == key or other not in current or pair in seen:
                continue
            seen.add(pair)
            first, second = (patient.catalog.papers[each] for each in pair)
            if why := _same_work(first, second, known):
                command = f"stkg compare {pair[0]} {pair[1]}" if all(p in patient.methods for p in pair) else ""
                message = f"{pair[0]} and {pair[1]} {why}: {first.title}"
                yield Advice("similar-title", "paper", pair[0], message, ("title",), command)


def _same_work(first: Paper, second: Paper, known: Known) -> str:
    words = set(fold(first.title).split()), set(fold(second.title).split())
    if len(words[0] & words[1]) < min(map(len, words)) / 2:  # comparing letters is slow
        return ""
    likeness = similarity(first.title, second.title)
    if likeness >= _SAME_TITLE:
        return f"have like titles ({likeness:.2f})"
    names = known.authors(first.id), known.authors(second.id)
    if likeness >= _LIKE_TITLE and min(map(len, names)) >= 3:
        share = min(agreement(names[0], names[1]), agreement(names[1], names[0]))
        near = abs((first.year or 0) - (second.year or 0)) <= 2
        if share >= _SAME_AUTHORS and near:
            return f"have the same authors ({share:.0%}) and somewhat like titles ({likeness:.2f})"
    return ""
