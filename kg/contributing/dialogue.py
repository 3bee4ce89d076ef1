"""Ask the questions in a terminal, or of a file with one answer a line."""

import sys
import textwrap
from collections.abc import Sequence
from typing import Final

from kg.contributing.questions import QUESTIONS, Answers, Asked, Question, guess, is_asked, is_needed, value_of
from kg.errors import AnswerError
from kg.markdown import printable

_WIDTH: Final = 80
_NO = frozenset({"", "n", "no"})
_YES = frozenset({"y", "yes"})


def say(text: str, *, margin: str = "") -> None:
    """Print to people, beside the answer; lines are wrapped, and nothing becomes a control code."""
    for line in text.split("\n"):
        wrapped = textwrap.wrap(
            printable(line), _WIDTH, initial_indent=margin, subsequent_indent=margin, break_on_hyphens=False
        )
        print("\n".join(wrapped), file=sys.stderr)


def _read(prompt: str) -> str:
    print(prompt, end="", file=sys.stderr, flush=True)
    try:
        text = input()
    except EOFError as error:
        raise AnswerError("the answers ended too early; nothing was written") from error
    except UnicodeDecodeError as error:
        raise AnswerError("an answer is not UTF-8; nothing was written") from error
    if not sys.stdin.isatty():  # what is not typed is shown, so that the lines read as a conversation
        print(printable(text), file=sys.stderr)
    return text


def ask(asked: Asked) -> Answers:
    """Ask every question that makes sense, each until its answer is good.

    Raises:
        AnswerError: The input ended before the last question.
    """
    say("An empty line leaves a question out, or takes what stands in brackets. '?' shows the choices. Ctrl-C ends.")
    answers: Answers = {}
    for question in QUESTIONS:
        if is_asked(question, answers, asked):
            _ask_one(question, answers, asked)
    return answers


def ask_again(wrong: Sequence[tuple[Question, str, str]], answers: Answers, asked: Asked) -> None:
    """Say what is wrong with the records, and ask the questions that mend it.

    Args:
        wrong: What :func:`kg.contributing.drafting.faults` found.
        answers: Given so far; changed in place.
        asked: The catalog.

    Raises:
        AnswerError: The input ended.
    """
    say("\nThe record cannot be used yet:")
    for _, message, cure in wrong:
        say(f"{message} ({cure})" if cure else message, margin="  ")
    for question in dict.fromkeys(question for question, _, _ in wrong):
        answers.pop(question.key, None)
        _ask_one(question, answers, asked)


def _ask_one(question: Question, answers: Answers, asked: Asked) -> None:
    default = guess(question, answers)
    needed = is_needed(question, answers)
    mark = f" [{default}]" if default else " (needed)" if needed else ""
    say(f"\n{question.help}")
    while True:
        text = _read(f"{question.label}{mark}: ").strip()
        if text == "?":
            say("\n".join(question.options(asked.catalog)) or "any text", margin="  ")
            continue
        if not text and not default:
            if not needed:
                return
            say("is needed: write an answer", margin="  ")
            continue
        try:
            answers[question.key] = value_of(question, text or default, asked, answers)
        except AnswerError as error:
            say(error.summary, margin="  ")
            continue
        return


def confirm(question: str) -> bool:
    """Whether somebody says yes; an empty line says no.

    Raises:
        AnswerError: The input ended.
    """
    while True:
        text = _read(f"{question} [y/N]: ").strip().casefold()
        if text in _YES | _NO:
            return text in _YES
        say("write y or n", margin="  ")
