"""Tasks that only the heading of a list gives, against what the title of the paper says."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from kg.doctor.advice import Advice, Examination, Patient
from kg.iris import fold
from kg.model import Catalog, Method, Paper, parse_reference

# What a task is not: "segmentation-free", "clustering-independent", "cell type-specific".
_ASIDE: Final = re.compile(r"\b\w+[- ](?:free|independent|specific)\b", re.IGNORECASE)
# A title with such a word says how the method is built or sold, not which of the other tasks it solves.
_GENERAL: Final = frozenset(
    {"toolkit", "foundation-model", "representation-learning", "benchmarking", "database"}
    | {"visualization", "image-analysis", "exploratory-analysis"}
)
# With this task a method may have any other.
_WHOLE: Final = "toolkit"
_SPELLINGS: Final = (("neighbour", "neighbor"), ("tumour", "tumor"), ("isation", "ization"), ("localis", "localiz"))
# Longest first; what is left of a word has four letters or more.
_ENDINGS: Final = (
    *("izations", "ization", "ations", "ation", "ating", "ated", "ate", "ings", "ing", "ions", "ion", "ments", "ment"),
    *("ies", "es", "ed", "s", "e", "y", "ers", "er", "or", "al", "ly"),
)
# A word of more tasks than this tells none of them apart: "spatial", "cell", "analysis".
_COMMON: Final = 2
_STEM: Final = 4
# So many words of a longer name in a row are as good as the name: "gene expression prediction" of "… from histology".
_MOST: Final = 3

Words = tuple[str, ...]


def listed_tasks(patient: Patient) -> Examination:
    """Strong tasks of a list's heading alone that the title does not say, while it says another task.

    Our summary does not count as a second voice: most summaries were written from the tasks.
    """
    names, lists = _Names(patient.catalog), _Lists(patient.catalog)
    for key, method in patient.methods.items():
        paper = patient.introduced(method)
        titled = _tasks_of_title(names, method, paper.title) if paper else {}
        if paper is None or not titled or _WHOLE in {*titled, *(link.task for link in method.tasks)}:
            continue
        for index, link in enumerate(method.tasks):
            if link.strength == "weak" or link.note or not lists.are_all_of(link.sources):
                continue
            others = [t for t in titled if t not in _GENERAL and not names.are_akin(t, link.task)]
            if others and not any(names.hints_at(link.task, text) for text in _texts(method, paper)):
                message = (
                    f"{method.name} has the task {link.task} from {link.sources[0]}; the title {titled[others[0]]}"
                )
                command = f"stkg show method:{key}"
                yield Advice("heading-against-title", "method", key, message, ("tasks", index), command)


def _tasks_of_title(names: "_Names", method: Method, title: str) -> dict[str, str]:
    """Tasks that a title names, and those of the method that it hints at; with how it does that."""
    found = {task: f"says {name!r}" for task, name in names.said_in(title).items()}
    for link in method.tasks:
        if link.strength == "strong" and link.task not in found and names.hints_at(link.task, title):
            found[link.task] = f"speaks of {link.task}"
    return found


class _Lists:
    """Lists, catalogs and documents that others made of many methods."""

    def __init__(self, catalog: Catalog) -> None:
        made = {key: s for key, s in catalog.sources.items() if s.kind in {"list", "catalog", "document"}}
        self._names = set(made)
        self._repositories = {source.repository.lower() for source in made.values() if source.repository}

    def are_all_of(self, references: Iterable[str]) -> bool:
        """Whether all references are places in such lists."""
        return all(
            parts.get("source") in self._names or parts.get("repository", "").lower() in self._repositories
            for parts in (parse_reference(text) or {} for text in references)
        )


def _texts(method: Method, paper: Paper) -> Iterator[str]:
    """What the method's authors call it and its paper."""
    yield from (method.name, *method.synonyms, paper.title)
    yield from (version.title for version in paper.versions if version.title)


class _Names:
    """Labels and synonyms of tasks, as words.

    Attributes:
        catalog: Where they are from.
    """

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._named: dict[Words, list[tuple[str, str]]] = {}
        self._stems: dict[str, set[Words]] = {}
        for key, task in catalog.tasks.items():
            given = (key.replace("-", " "), task.label, *task.synonyms)
            for name in given:
                self._named.setdefault(_words(name), []).append((key, name))
            self._stems[key] = set(_parts(tuple(_stem(word) for word in fold(name).split()) for name in given))
        self._longest = max(map(len, self._named), default=0)
        spread: dict[str, set[str]] = {}
        for key, phrases in self._stems.items():
            for word in {word for phrase in phrases for word in phrase}:
                spread.setdefault(word, set()).add(key)
        own = {word for word, keys in spread.items() if len(keys) <= _COMMON and len(word) > 2}
        self._telling = {key: {w for p in phrases for w in p} & own for key, phrases in self._stems.items()}
        self._above = {key: self._with_broader(key) for key in catalog.tasks}

    def _with_broader(self, key: str) -> set[str]:
        found: set[str] = set()
        waiting = [key]
        while waiting:
            each = waiting.pop()
            if each in self.catalog.tasks and each not in found:
                found.add(each)
                waiting += self.catalog.tasks[each].broader
        return found

    def are_akin(self, one: str, two: str) -> bool:
        """Whether two tasks are the same, or one is broader than the other."""
        return one == two or one in self._above.get(two, ()) or two in self._above.get(one, ())

    def said_in(self, title: str) -> dict[str, str]:
        """Tasks whose label or a synonym stands in a title as a whole, with that name, in the title's order."""
        words = _words(_ASIDE.sub(" ", title))
        found: dict[str, str] = {}
        for start in range(len(words)):
            for end in range(start + 1, min(len(words), start + self._longest) + 1):
                for key, name in self._named.get(words[start:end], ()):
                    found.setdefault(key, name)
        return found

    def hints_at(self, key: str, text: str) -> bool:
        """Whether a text holds a name of a task, or part of one that few tasks share, whatever its ending."""
        stems = tuple(_stem(word) for word in fold(text).split())
        telling = self._telling.get(key, set())
        if telling & set(stems) or any(_holds(stems, phrase) for phrase in self._stems.get(key, ())):
            return True
        return any(word in stem for word in telling if len(word) > _STEM for stem in stems)


def _parts(phrases: Iterable[Words]) -> Iterator[Words]:
    for phrase in phrases:
        yield phrase
        yield from (phrase[n : n + _MOST] for n in range(len(phrase) - _MOST + 1))


def _holds(words: Words, phrase: Words) -> bool:
    size = len(phrase)
    return size > 0 and any(words[n : n + size] == phrase for n in range(len(words) - size + 1))


def _words(text: str) -> Words:
    """The words of a text in one spelling and without the plural."""
    return tuple(_singular(word) for word in fold(text).split())


@cache
def _singular(word: str) -> str:
    for british, american in _SPELLINGS:
        word = word.replace(british, american)
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "is", "us")) else word


@cache
def _stem(word: str) -> str:
    """A word without its ending, so that "deconvolves" and "deconvolution" meet."""
    word = _singular(word)
    ending = next((e for e in _ENDINGS if word.endswith(e) and len(word) - len(e) >= _STEM), "")
    return word[: len(word) - len(ending)]
