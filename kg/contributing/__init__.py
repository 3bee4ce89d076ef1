"""A new record from what somebody tells us: in the terminal, or in an issue form. Their text is data, never code."""

from kg.contributing.dialogue import ask, ask_again
from kg.contributing.drafting import Draft, draft_method, faults
from kg.contributing.forms import FORMS_FOLDER, stale_forms, write_forms
from kg.contributing.reply import answers_of_form

__all__ = [
    "FORMS_FOLDER",
    "Draft",
    "answers_of_form",
    "ask",
    "ask_again",
    "draft_method",
    "faults",
    "stale_forms",
    "write_forms",
]
