"""A checkout as one row: what its CITATION.cff and README ask to cite, and facts with their place in the repository."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from kg.errors import ImportSourceError
from kg.importing.categories import Vocabulary
from kg.importing.checkout.code import Code, as_frameworks, language_of, read_code
from kg.importing.checkout.folder import Folder
from kg.importing.checkout.git import History, read_history
from kg.importing.checkout.needs import description_field, read_licence, read_needs
from kg.importing.readme import need_fact, read_readme
from kg.importing.references import read_cff, read_codemeta
from kg.importing.rows import Row, RowFact, plain_cell
from kg.importing.sources import Read
from kg.iris import fold
from kg.model import Strength

WHOLE: Final = "."  # the place of what the repository says as a whole


@dataclass(frozen=True)
class Checkout:
    """What was read of a local repository.

    Attributes:
        read: Its one row.
        repository: ``owner/name``, or ``""`` when nothing says it.
        commit: Hash of the commit that was read, or ``""``.
    """

    read: Read
    repository: str
    commit: str


def read_checkout(root: Path, words: Vocabulary, *, repository: str = "") -> Checkout:
    """Read a folder.

    Args:
        root: A method's repository.
        words: Names of licences, frameworks and languages.
        repository: ``owner/name``, when its own settings do not say it.

    Raises:
        ImportSourceError: It cannot be read, or leads out of itself.
    """
    if root.is_symlink():
        raise ImportSourceError(f"{str(root)!r} is a link: name the folder itself")
    folder = Folder(root)
    history = read_history(root)
    name = repository or (history.repository if history else "")
    row, readme = _row(folder, words), _readme(folder)
    fields = {heading: cell.text for heading, cell in zip(row.headings, row.cells, strict=False)}
    fields.setdefault("name", description_field(folder.text("DESCRIPTION"), "Package") or name.partition("/")[2])
    if name:
        fields["link"] = f"https://github.com/{name}"
    facts = (
        *_repository(name, history),
        *_licences(folder, words),
        *_code(folder, words, name),
        *_needs(folder, words),
    )
    seen: dict[tuple[str, str], RowFact] = {}
    # A README repeats what files say better: its facts come last. Imported frameworks hide declared ones.
    for fact in (*facts, *(replace(fact, place=f"{readme}:{fact.place[5:]}") for fact in row.facts)):
        seen.setdefault((fact.field, fold(fact.value.split(" ")[0])), fact)
    kept = {key: value for key, value in fields.items() if value}
    whole = Row(
        row.line,
        "record",
        tuple(map(plain_cell, kept.values())),
        tuple(kept),
        facts=tuple(seen.values()),
        evidence="repository",
        where=_place(folder, row),
        places={"name": f"{_readme(folder)}:{row.places['name'][5:]}"}
        if "name" in row.places and not row.where
        else {},
    )
    return Checkout(Read("checkout", (whole,), ()), name, history.commit if history else "")


def _readme(folder: Folder) -> str:
    return next(iter(folder.named("readme.md", "readme.markdown", "readme.rst", "readme", "readme.txt")), "")


def _place(folder: Folder, row: Row) -> str:
    if row.where:
        return row.where
    readme = _readme(folder)
    return f"{readme}:{row.line}" if readme else ""


def _row(folder: Folder, words: Vocabulary) -> Row:
    """What the repository asks to cite; the README fills what CITATION.cff or codemeta.json leaves out."""
    readme = _readme(folder)
    rows = read_readme(folder.text(readme), words) if readme else []
    base = next((row for row in rows if not row.fault), Row(1, "record"))
    for name, reader in (("citation.cff", read_cff), ("codemeta.json", read_codemeta)):
        for path in folder.named(name):
            row = next((row for row in reader(folder.text(path)) if not row.fault), None)
            if row is None:
                continue
            said = dict(zip(row.headings, row.cells, strict=False))
            if "title" not in said and "title" in base.headings:
                said = {key: cell for key, cell in said.items() if key in {"name", "link"}}
            more = {k: c for k, c in zip(base.headings, base.cells, strict=False) if k not in said and _fits(k, said)}
            cells = {**said, **more}
            return replace(base, cells=tuple(cells.values()), headings=tuple(cells), where=f"{path}:{row.line}")
    return base


def _fits(field: str, said: Mapping[str, object]) -> bool:
    """Fields of one paper are never mixed with those of another."""
    return field == "name" or "title" not in said


def _repository(name: str, history: History | None) -> Iterator[RowFact]:
    if not name:
        return
    plain = {"url": f"https://github.com/{name}"}
    if history:
        days = {"commit": history.commit, "first_commit": history.first, "last_commit": history.last}
        plain |= {key: value for key, value in days.items() if value}
    note = history.cut if history and history.cut else None
    yield RowFact("repository", name, plain, WHOLE, note=note)


def _licences(folder: Folder, words: Vocabulary) -> Iterator[RowFact]:
    found = read_licence(folder, words.licences)
    keys = {licence.key for licence in found if licence.key}
    for licence in found:
        if not licence.key:
            note = "its text is none that is known, or has conditions of its own: read it"
            yield RowFact("licenses", licence.path, None, licence.path, note=note)
        elif len(keys) > 1 and licence.path != found[0].path:
            note = f"{found[0].path} has another licence: decide by hand"
            yield RowFact("licenses", licence.key, None, licence.path, note=note)
        else:
            alone = None if _has_licence_file(folder) else "declared only; the repository has no licence file"
            yield RowFact("licenses", licence.key, {"license": licence.key}, licence.path, note=alone)


def _has_licence_file(folder: Folder) -> bool:
    return any(path.lower().startswith(("license", "licence", "copying")) for path in folder.files if "/" not in path)


def _code(folder: Folder, words: Vocabulary, repository: str) -> Iterator[RowFact]:
    code: Code = read_code(folder, repository.partition("/")[2])
    for language, path in code.languages.items():
        if language in words.languages.values():
            yield RowFact("languages", language, {"language": language}, path)
    own = as_frameworks(code.imports, words.frameworks)
    for framework, place in own.items():
        plain = {"framework": framework, "use": "imports"}
        aside = language_of(place.path) not in code.languages
        note = "in a language that is less than a tenth of the code" if aside else None
        strength: Strength = "weak" if aside else "strong"
        yield RowFact("frameworks", framework, plain, f"{place.path}:{place.line}", strength, note)
    for framework, place in as_frameworks(code.foreign, words.frameworks).items():
        if framework not in own:
            note = f"only {place.path} imports it, which is not the method's own code"
            yield RowFact("frameworks", framework, None, f"{place.path}:{place.line}", note=note)


def _needs(folder: Folder, words: Vocabulary) -> Iterator[RowFact]:
    for need in read_needs(folder):
        framework = words.frameworks.get(fold(need.package))
        place = f"{need.path}:{need.line}"
        yield need_fact(need.package, need.version, framework, place)
        if framework:
            yield RowFact("frameworks", framework, {"framework": framework, "use": "declares"}, place)
