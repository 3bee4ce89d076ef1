"""Tell authors apart: compare printed names, weigh the evidence that two are one person, rank what is doubtful."""

from kg.identity.evidence import SAME_SCORE, Decision, Reason, Verdict, decide
from kg.identity.names import Likeness, PersonName, compare_names, read_name
from kg.identity.people import Person, Surroundings, people_of, single_authorships
from kg.identity.resolve import PossiblySame, possibly_same, resolve

__all__ = [
    "SAME_SCORE",
    "Decision",
    "Likeness",
    "Person",
    "PersonName",
    "PossiblySame",
    "Reason",
    "Surroundings",
    "Verdict",
    "compare_names",
    "decide",
    "people_of",
    "possibly_same",
    "read_name",
    "resolve",
    "single_authorships",
]
