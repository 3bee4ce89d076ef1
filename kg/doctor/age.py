"""What has grown old: preprints, code, and methods that others replace."""

from datetime import date
from typing import Final

from kg.doctor.advice import Advice, Examination, Patient

_OLD_CODE: Final = 4  # years without a commit
_OLD_PREPRINT: Final = 2  # calendar years after its own


def ageing(patient: Patient) -> Examination:
    """Superseded methods, code that stands still, preprints that stayed preprints."""
    for key, method in patient.methods.items():
        for step in method.lineage:
            if step.relation == "supersedes" and step.method in patient.methods:
                message = f"{patient.methods[step.method].name} is superseded by {method.name}"
                yield Advice("superseded", "method", step.method, message, command=f"stkg compare {step.method} {key}")
        if method.repository and method.repository.archived:
            message = f"{method.name} has a read-only repository: {method.repository.url}"
            yield Advice("archived", "method", key, message, ("repository", "archived"))
        last = method.repository.last_commit if method.repository else None
        if last is not None and _years(last, patient.today) >= _OLD_CODE:
            message = f"{method.name} was last changed on {last}"
            yield Advice("old-code", "method", key, message, ("repository", "last_commit"))
    for key, paper in patient.papers.items():
        published = any(version.kind in {"journal", "conference"} for version in paper.versions)
        if paper.kind == "preprint" and paper.year and not published:
            age = patient.today.year - paper.year
            if age >= _OLD_PREPRINT:
                message = f"a preprint of {paper.year}: {paper.title}"
                yield Advice(
                    "old-preprint", "paper", key, message, ("kind",), f"stkg enrich paper/{key} --missing versions"
                )


def _years(first: date, last: date) -> int:
    """Whole years between two days."""
    return last.year - first.year - ((last.month, last.day) < (first.month, first.day))
