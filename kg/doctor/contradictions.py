"""Facts that do not go together, though each may be right."""

import re
from typing import Final

from kg.doctor.advice import Advice, Examination, Patient

_ENDINGS: Final = {
    "python": re.compile(r"\.(?:py|ipynb)\b"),
    "r": re.compile(r"\.(?:R|r|Rmd)\b|:DESCRIPTION\b|:NAMESPACE\b"),
}


def contradictions(patient: Patient) -> Examination:
    """Languages against frameworks, lineage and comparisons against time, one licence against another."""
    yield from _languages(patient)
    yield from _times(patient)
    for key, method in patient.methods.items():
        unexplained = [grant for grant in method.licenses if grant.note is None]
        if len(method.licenses) > 1 and len(unexplained) == len(method.licenses):
            names = ", ".join(grant.license for grant in method.licenses)
            message = f"{method.name} has the licences {names}"
            yield Advice(
                "several-licences", "method", key, message, ("licenses",), f"stkg query evidence --method {key}"
            )


def _languages(patient: Patient) -> Examination:
    """Only where the file that imports it is of that language itself: many frameworks have bindings in others."""
    for key, method in patient.methods.items():
        ours = {use.language for use in method.languages}
        for index, use in enumerate(method.frameworks):
            framework = patient.catalog.frameworks.get(use.framework)
            endings = _ENDINGS.get(framework.language or "") if framework else None
            if not ours or framework is None or endings is None or framework.language in ours or use.use != "imports":
                continue
            if any(endings.search(text) for text in use.sources):
                theirs = ", ".join(sorted(ours))
                message = f"{method.name} imports {framework.label} in {framework.language}, but is in {theirs}"
                yield Advice("framework-language", "method", key, message, ("frameworks", index))


def _times(patient: Patient) -> Examination:
    for key, method in patient.methods.items():
        year = patient.year(key)
        for index, step in enumerate(method.lineage):
            older = patient.year(step.method)
            last = method.repository.last_commit if method.repository else None
            # A library grows: code may be younger than the paper.
            grew = last is not None and older is not None and last.year >= older and step.relation.startswith("re")
            if year and older and older > year and not grew:
                message = f"{method.name} ({year}) {step.relation.replace('-', ' ')} {step.method} ({older})"
                yield Advice("lineage-against-time", "method", key, message, ("lineage", index))
        for index, comparison in enumerate(method.comparisons):
            other = patient.year(comparison.method)
            if year and other and other >= year + 2:
                message = f"{method.name} ({year}) was compared with {comparison.method} ({other})"
                yield Advice("compared-before", "method", key, message, ("comparisons", index))
