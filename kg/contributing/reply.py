"""Read an issue form that somebody filled in. Its text is data: it is split, checked and quoted, never run.

A code forge writes the answers of a form as Markdown: a heading of the third level with the question's label, and the
answer below it.
"""

import json
import re
from typing import Any, Final

from kg.contributing.questions import CONSENT, QUESTIONS, Answers, Asked, guess, is_asked, is_needed, value_of
from kg.errors import AnswerError, Problem

MAX_BYTES: Final = 2_000_000  # an event file holds more than the form
_MAX_BODY: Final = 100_000
_NOTHING: Final = frozenset({"", "_No response_", "None", "N/A"})


def answers_of_form(content: bytes, asked: Asked) -> Answers:
    """Answers of a filled form.

    Args:
        content: The form's Markdown, or the JSON event of an issue that holds it.
        asked: The catalog that the answers are about.

    Returns:
        Checked answers by the key of their question.

    Raises:
        AnswerError: The form cannot be read, or answers are missing or wrong; ``problems`` lists all of them.
    """
    given = _sections(_body(content))
    answers: Answers = {}
    problems = []
    for question in QUESTIONS:
        line, text = given.get(question.label, (0, ""))
        text = "" if text.strip() in _NOTHING else text
        if not is_asked(question, answers, asked):
            continue
        if not text and question.key in {"paper_kind", "scope"}:
            text = guess(question, answers)
        if not text:
            if is_needed(question, answers):
                problems.append(Problem("form", line, question.label, "is needed", question.help))
            continue
        try:
            answers[question.key] = value_of(question, text, asked, answers)
        except AnswerError as error:
            message, _, hint = error.summary.partition(": ")
            problems.append(Problem("form", line, question.label, message, hint))
    if problems:
        count = "1 answer" if len(problems) == 1 else f"{len(problems)} answers"
        raise AnswerError(f"{count} of the form cannot be used; nothing was written", problems)
    return answers


def _body(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise AnswerError(f"the form is larger than {MAX_BYTES:,} bytes: shorten it")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise AnswerError("the form is not UTF-8: save it as UTF-8") from error
    if text.lstrip().startswith("{"):
        text = _of_event(text)
    if len(text) > _MAX_BODY:
        raise AnswerError(f"the form is longer than {_MAX_BODY:,} characters: shorten it")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _of_event(text: str) -> str:
    try:
        event: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise AnswerError("the form begins like JSON and is none: give the issue's text or its event") from error
    issue = event.get("issue") if isinstance(event, dict) else None
    body = issue.get("body") if isinstance(issue, dict) else None
    if not isinstance(body, str):
        raise AnswerError("the event holds no issue with a text: give the event of an issue")
    return body


def _sections(body: str) -> dict[str, tuple[int, str]]:
    """Line and text of each answer by its label.

    A label that stands twice is refused: one of the two would be part of somebody's answer.
    """
    labels = {*(question.label for question in QUESTIONS), CONSENT}
    found: dict[str, tuple[int, list[str]]] = {}
    current: list[str] | None = None
    problems = []
    for number, line in enumerate(body.split("\n"), start=1):
        heading = re.fullmatch(r"### (.+)", line.rstrip())
        label = heading[1].strip() if heading else None
        if label in labels:
            if label in found:
                hint = "no line of an answer may begin with ###"
                problems.append(Problem("form", number, label, "stands twice", hint))
            current = []
            found[label] = (number, current)
        elif current is not None:
            current.append(line)
    if problems:
        raise AnswerError("the form cannot be told apart from its answers; nothing was written", problems)
    if not found:
        raise AnswerError("the form has none of our questions: open the issue with the form 'New method'")
    return {label: (number, "\n".join(lines).strip()) for label, (number, lines) in found.items()}
