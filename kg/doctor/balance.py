"""Tasks that hold too much or too little, and facts that wait for better evidence."""

from collections import Counter, defaultdict
from typing import Final

from kg.doctor.advice import Advice, Examination, Patient

_FULL: Final = 100
_EMPTY: Final = 5
_LINKS: Final = {
    "tasks": "task",
    "datasets": "dataset",
    "frameworks": "framework",
    "languages": "language",
    "licenses": "license",
    "lineage": "method",
    "comparisons": "method",
    "papers": "paper",
}


def balance_of_tasks(patient: Patient) -> Examination:
    """Tasks with very many methods and no narrower task, or with hardly any."""
    tasks = patient.catalog.tasks
    direct: dict[str, set[str]] = defaultdict(set)
    for key, method in patient.methods.items():
        for link in method.tasks:
            direct[link.task].add(key)
    narrower: dict[str, set[str]] = defaultdict(set)
    for key, task in tasks.items():
        for broader in task.broader:
            narrower[broader].add(key)
    for key, task in tasks.items():
        whole, waiting = set(direct[key]), [*narrower[key]]
        while waiting:
            inner = waiting.pop()
            whole |= direct[inner]
            waiting += narrower[inner]
        command = f"stkg query methods --task {key}"
        if len(whole) < _EMPTY:
            message = f"{task.label} has {len(whole)} method{'' if len(whole) == 1 else 's'}"
            yield Advice("task-too-empty", "task", key, message, command=command)
        elif len(direct[key]) > _FULL and not narrower[key]:
            message = f"{task.label} has {len(direct[key])} methods and no narrower task"
            yield Advice("task-too-full", "task", key, message, command=command)


def weak_facts(patient: Patient) -> Examination:
    """Methods with weak facts; one piece of advice a method, at the first of them."""
    for key, method in patient.methods.items():
        found: Counter[str] = Counter()
        names: list[str] = []
        first: tuple[str, int] | None = None
        for field, target in _LINKS.items():
            for index, link in enumerate(getattr(method, field)):
                if link.strength == "weak":
                    first = first or (field, index)
                    found[field] += 1
                    names.append(getattr(link, target))
        if first is not None:
            shown = ", ".join(names[:4]) + (" …" if len(names) > 4 else "")
            count = "1 weak fact" if len(names) == 1 else f"{len(names)} weak facts"
            message = f"{method.name} has {count}: {shown}"
            yield Advice("weak-facts", "method", key, message, first, f"stkg query evidence --method {key}")
