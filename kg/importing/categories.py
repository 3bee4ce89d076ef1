"""Headings and category cells as tasks and frameworks of ours.

Only whole phrases count: "malignant" holds no "align", and a heading that says more than the name of a task is not
that task.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from kg.importing.entries import Entry
from kg.iris import fold
from kg.model import Catalog

_BESIDE: Final = frozenset(
    {"methods", "method", "tools", "tool", "models", "model", "algorithms", "algorithm", "packages", "software"}
)
_LEADING: Final = re.compile(r"^\s*(?:\d+[.)]?\s+|\d+(?:\.\d+)+\.?\s+|[ivx]+[.)]\s+)")
_PARTS: Final = re.compile(r"\s*(?:/|,|;|\||\s&\s|\sand\s|\s\+\s)\s*")
_LANGUAGE_PARTS: Final = re.compile(r"[,/&+;|()\[\]]| and ")


class Vocabulary:
    """Names of tasks, frameworks and languages, folded."""

    def __init__(self, catalog: Catalog) -> None:
        self.tasks = _by_name(catalog.tasks)
        self.frameworks = _by_name(catalog.frameworks)
        self.languages = _by_name(catalog.languages)
        self.datasets = _by_name(catalog.datasets)
        for key, dataset in sorted(catalog.datasets.items()):
            for name in (*dataset.accessions, *dataset.urls):
                self.datasets.setdefault(fold(name), key)
        self.licences = _by_name(catalog.licenses)
        for key, licence in sorted(catalog.licenses.items()):
            if licence.spdx:
                self.licences.setdefault(fold(licence.spdx), key)

    def tasks_in(self, heading: str) -> list[str]:
        """Tasks that a heading or category names: as a whole, else each of its parts.

        Args:
            heading: As printed.

        Returns:
            Ids, without repetition.
        """
        bare = re.sub(r"\([^()]*\)", " ", _LEADING.sub("", heading.strip("*_# ")))
        whole = self._task(bare)
        if whole:
            return [whole]
        return list(dict.fromkeys(task for part in _PARTS.split(bare) if (task := self._task(part))))

    def _task(self, text: str) -> str | None:
        words = fold(text).split()
        while words and words[-1] in _BESIDE:
            words.pop()
        name = " ".join(words)
        return self.tasks.get(name) or self.tasks.get(name.removesuffix("s")) or self.tasks.get(name + "s")

    def languages_in(self, printed: str) -> list[str]:
        """Languages that a cell names.

        Args:
            printed: Such as ``Python (PyTorch)`` or ``R/C++``.
        """
        return _in_parts(printed, self.languages)

    def frameworks_in(self, printed: str) -> list[str]:
        """Frameworks that a cell of languages names."""
        return _in_parts(printed, self.frameworks)


def _in_parts(printed: str, names: Mapping[str, str]) -> list[str]:
    whole = names.get(_named(printed))
    parts = [names.get(_named(part)) for part in _LANGUAGE_PARTS.split(printed.replace("C++", "cpp"))]
    return list(dict.fromkeys(found for found in (whole, *parts) if found))


def _named(text: str) -> str:
    return fold(re.sub(r"\s*\d+(?:\.\d+)*\s*$", "", text))  # "Python 3"


def _by_name(records: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, record in sorted(records.items()):
        for name in (key.replace("-", " "), record.label, *record.synonyms):
            found.setdefault(fold(name), key)
    return found


def categories_of(entry: Entry) -> Iterator[str]:
    """What files a row under something: its category cell, else the headings above it, the nearest first."""
    if entry.raw.get("category"):
        yield entry.raw["category"]
    else:
        yield from reversed(entry.row.section)
