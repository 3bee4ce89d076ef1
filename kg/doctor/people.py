"""People that may be one, from the ranked report of :mod:`kg.identity`."""

from typing import Final

from kg.doctor.advice import Advice, Examination, Patient
from kg.identity import possibly_same

# Reasons that fit into a line.
_REASONS: Final = 3


def doubles_of_people(patient: Patient) -> Examination:
    """Pairs of ids that evidence speaks for; whether it is enough to join them is the curator's to say."""
    for row in possibly_same(patient.catalog):
        reasons = "; ".join(row.reasons[:_REASONS])
        pair = (row.a, row.b) if row.a in patient.catalog.authors else (row.b, row.a)
        message = f"{row.names[0]} and {row.names[1]} ({row.b}), on {row.papers[0]} and {row.papers[1]}: {reasons}"
        command = f"stkg show author:{row.b}"
        if pair[0] in patient.catalog.authors:
            yield Advice("same-person", "author", pair[0], message, command=command)
        else:  # neither has a record of their own: the paper is where to look
            yield Advice("same-person", "paper", row.papers[0], message, ("authors", "names"), command)
