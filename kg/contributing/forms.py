"""Issue forms, made from the questions, the models and the vocabularies; ``stkg format`` writes them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from kg.contributing.questions import CONSENT, QUESTIONS, Question
from kg.files import write_text
from kg.model import Catalog, Method, Paper

FORMS_FOLDER: Final = ".github/ISSUE_TEMPLATE"
NEW_LABEL: Final = "new method"
_HEAD: Final = "# Made by 'stkg format' from the models and vocabularies: change those, not this file.\n"
_GUIDE: Final = "data/CURATION.md"


def forms(catalog: Catalog) -> dict[str, str]:
    """Text of each form by its file name."""
    return {
        name: _HEAD + yaml.safe_dump(form, sort_keys=False, allow_unicode=True, width=110)
        for name, form in (
            ("config.yml", {"blank_issues_enabled": True}),
            ("correction.yml", _correction()),
            ("new-method.yml", _new_method(catalog)),
        )
    }


def _new_method(catalog: Catalog) -> dict[str, Any]:
    intro = (
        "Thank you! Every fact needs a place where it stands. Leave out what you do not know. When a maintainer "
        "accepts the form, a program turns it into a pull request. "
        f"The guide is {_GUIDE} of this repository."
    )
    return {
        "name": "New method",
        "description": "A computational method for spatial transcriptomics that the catalog lacks",
        "title": "New method: ",
        "labels": [NEW_LABEL],
        "body": [_text(intro), *(_element(question, catalog) for question in QUESTIONS), _consent()],
    }


def _correction() -> dict[str, Any]:
    fields = {
        "method": [name for name in Method.model_fields if name not in {"id", "sources"}],
        "paper": [name for name in Paper.model_fields if name not in {"id", "sources"}],
    }
    options = [f"{kind}: {name.replace('_', ' ')}" for kind, names in fields.items() for name in names]
    return {
        "name": "A fact is wrong or missing",
        "description": "Something that a record says, or does not say",
        "title": "Correction: ",
        "labels": ["correction"],
        "body": [
            _text(f"One fact an issue, please. To mend it yourself, see {_GUIDE}."),
            _line("record", "Record", "Its name or id, such as graphst.", needed=True),
            _choice("field", "Field", "Which part of the record.", [*options, "another"], needed=True),
            _line("listed", "What the catalog says", "Empty when it says nothing.", needed=False),
            _line("right", "What is right", "", needed=True),
            _area("sources", "Sources", "Where that stands, one a line: doi:10.…, https://…", needed=True),
            _consent(),
        ],
    }


def _element(question: Question, catalog: Catalog) -> dict[str, Any]:
    needed = question.required and question.key != "scope"
    if question.form in {"dropdown", "dropdown-many"}:
        # Answers of several choices come back with commas between them.
        options = [option.replace(",", "") for option in question.options(catalog)]
        many = question.form == "dropdown-many"
        return _choice(question.key, question.label, question.help, options, needed=needed, many=many)
    make = _area if question.form == "textarea" else _line
    return make(question.key, question.label, question.help, needed=needed)


def _text(value: str) -> dict[str, Any]:
    return {"type": "markdown", "attributes": {"value": value}}


def _input(kind: str, key: str, attributes: Mapping[str, Any], *, needed: bool) -> dict[str, Any]:
    return {
        "type": kind,
        "id": key.replace("_", "-"),
        "attributes": {name: value for name, value in attributes.items() if value},
        "validations": {"required": needed},
    }


def _line(key: str, label: str, description: str, *, needed: bool) -> dict[str, Any]:
    return _input("input", key, {"label": label, "description": description}, needed=needed)


def _area(key: str, label: str, description: str, *, needed: bool) -> dict[str, Any]:
    return _input("textarea", key, {"label": label, "description": description}, needed=needed)


def _choice(
    key: str, label: str, description: str, options: list[str], *, needed: bool, many: bool = False
) -> dict[str, Any]:
    attributes = {"label": label, "description": description, "multiple": many, "options": options}
    return _input("dropdown", key, attributes, needed=needed)


def _consent() -> dict[str, Any]:
    licence = "I put this contribution under CC0 1.0, and copied no sentence of other people."
    return {
        "type": "checkboxes",
        "id": "licence-of-contribution",
        "attributes": {"label": CONSENT, "options": [{"label": licence, "required": True}]},
    }


def stale_forms(root: Path, catalog: Catalog) -> list[Path]:
    """Forms beside a data folder that differ from what they should be.

    Args:
        root: The data folder of a checkout; elsewhere there are no forms, and nothing is stale.
        catalog: Its records.
    """
    folder = root.absolute().parent / FORMS_FOLDER
    if not folder.is_dir():
        return []
    wanted = forms(catalog)
    return [
        folder / name
        for name, text in wanted.items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != text
    ]


def write_forms(root: Path, catalog: Catalog) -> list[Path]:
    """Write the forms that are stale, and say which."""
    written = stale_forms(root, catalog)
    texts = forms(catalog)
    for path in written:
        write_text(path, texts[path.name])
    return written
