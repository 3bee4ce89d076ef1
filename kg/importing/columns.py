"""What the columns of a table are: from their headings, and from what stands in them."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from kg.importing.items import meaningful
from kg.importing.people import looks_like_authors
from kg.importing.rows import Cell, Row
from kg.importing.text import clean_doi
from kg.iris import fold

# Role -> words that name it, the most telling first. A heading takes the role whose word stands first in it.
_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "ignore": ("id", "stars", "star", "added", "updated", "no", "nr", "documentation", "docs", "kind", "heading"),
    "name": ("name", "method", "methods", "model", "tool", "software", "package", "algorithm", "label"),
    "title": ("title", "paper title"),
    "authors": ("authors", "author"),
    "year": ("year", "released", "date", "published"),
    "venue": ("venue", "journal", "conference", "publisher", "journal name"),
    "doi": ("doi",),
    "arxiv": ("arxiv",),
    "pmid": ("pmid", "pubmed"),
    "reference": ("reference", "citation", "references", "cite", "cited"),
    "paper": ("paper", "publication", "article"),
    "link": ("link", "links", "code", "github", "repository", "repo", "url", "implementation", "website"),
    "language": ("language", "languages", "platform"),
    "category": ("category", "stage", "task", "tasks", "type", "topics", "topic", "section"),
    "notes": ("notes", "note", "description", "comment", "summary"),
}
# The same in languages that lists are kept in; a heading of these counts as a whole only.
_FOREIGN: Final[Mapping[str, tuple[str, ...]]] = {
    "name": (
        "方法",
        "工具",
        "名称",
        "软件",
        "模型",
        "手法",
        "werkzeug",
        "methode",
        "outil",
        "méthode",
        "nom",
        "herramienta",
        *("método", "nombre", "ferramenta", "strumento", "metodo", "nome", "метод", "название", "инструмент", "도구"),
    ),
    "title": (
        "标题",
        "论文标题",
        "题目",
        "論文",
        "タイトル",
        "titel",
        "titre",
        "título",
        "titulo",
        "titolo",
        "название статьи",
    ),
    "authors": (
        "作者",
        "著者",
        "autoren",
        "autor",
        "auteurs",
        "auteur",
        "autores",
        "autori",
        "авторы",
        "автор",
        "저자",
    ),
    "year": ("年份", "年", "发表年份", "jahr", "année", "an", "año", "ano", "anno", "год", "연도"),
    "venue": ("期刊", "会议", "雑誌", "zeitschrift", "revue", "revista", "rivista", "журнал", "저널"),
    "link": ("代码", "链接", "コード", "リンク", "quelltext", "lien", "enlace", "código", "codice", "ссылка", "код"),
    "paper": ("论文", "文献", "artikel", "artículo", "artigo", "articolo", "статья", "논문"),
    "language": (
        "语言",
        "编程语言",
        "言語",
        "sprache",
        "programmiersprache",
        "langage",
        "lenguaje",
        "linguagem",
        "язык",
    ),
    "category": (
        "类别",
        "任务",
        "分类",
        "カテゴリ",
        "kategorie",
        "aufgabe",
        "catégorie",
        "tâche",
        "categoría",
        "tarea",
    ),
    "notes": ("备注", "描述", "简介", "bemerkung", "beschreibung", "remarques", "notas", "descripción", "описание"),
}
_ROLE_OF: Final = {word: role for role, words in _WORDS.items() for word in words}
_WHOLE: Final = _ROLE_OF | {fold(word): role for role, words in _FOREIGN.items() for word in words}
ROLES: Final = tuple(_WORDS)
_LANGUAGES: Final = frozenset({"python", "r", "matlab", "c++", "julia", "java", "c", "javascript"})


class Column(NamedTuple):
    """What a column was taken for.

    Attributes:
        table: Line of the heading row.
        heading: As printed.
        role: One of :data:`ROLES`.
        how: ``mapping``, ``heading`` or ``content``.
    """

    table: int
    heading: str
    role: str
    how: str


def columns_of(rows: Sequence[Row], chosen: Mapping[str, str]) -> list[Column]:
    """Roles of the columns of one table.

    Args:
        rows: The rows of the table; they have its headings.
        chosen: Folded heading to role, from the mapping file of the source.
    """
    found: list[Column] = []
    for index, heading in enumerate(rows[0].headings if rows else ()):
        folded = fold(heading)
        if folded in chosen:
            found.append(Column(rows[0].table, heading, chosen[folded], "mapping"))
            continue
        role = _from_heading(folded)
        if role is not None:
            found.append(Column(rows[0].table, heading, role, "heading"))
        else:
            cells = [row.cells[index] for row in rows if index < len(row.cells)]
            found.append(Column(rows[0].table, heading, _from_cells(cells), "content"))
    return _settled(found)


def _from_heading(folded: str) -> str | None:
    if folded in _WHOLE:
        return _WHOLE[folded]
    words = folded.split()
    if "title" in words:
        return "title"
    return next((_ROLE_OF[word] for word in words if word in _ROLE_OF and _ROLE_OF[word] != "ignore"), None)


def _from_cells(cells: Sequence[Cell]) -> str:
    filled = [cell for cell in cells if cell.text or cell.links]
    links = [cell for cell in filled if cell.links and not any(meaningful(link.text) for link in cell.links)]
    if filled and len(links) >= 0.7 * len(filled):
        return "link"
    return _from_content([cell.text for cell in filled if cell.text])


def _from_content(values: Sequence[str]) -> str:
    """The role that fits at least seven of ten values."""
    if not values:
        return "ignore"
    tests = {
        "year": lambda v: re.fullmatch(r"(?:19|20)\d\d(?:[-/.]\d\d?){0,2}", v) is not None,
        "doi": lambda v: clean_doi(v) is not None and len(v.split()) == 1,
        "link": lambda v: re.match(r"https?://\S+$", v) is not None,
        "language": lambda v: set(fold(v).split()[:1]) <= _LANGUAGES,
        "reference": lambda v: len(v.split()) >= 8 and re.search(r"\b(?:19|20)\d\d\b.*\d", v) is not None,
        "authors": looks_like_authors,
        "title": lambda v: 5 <= len(v.split()) <= 40,
        "name": lambda v: len(v.split()) <= 2 and len(v) <= 30,
    }
    for role, test in tests.items():
        if sum(map(test, values)) >= 0.7 * len(values):
            return role
    return "notes"


def _settled(columns: list[Column]) -> list[Column]:
    """One column names the method: a role that content suggested gives way to one that a heading says."""
    said = {column.role for column in columns if column.how != "content"}
    return [
        column._replace(role="notes") if column.how == "content" and column.role in said else column
        for column in columns
    ]


def is_heading_word(text: str) -> bool:
    """Whether a text is the heading of a column rather than a value.

    >>> is_heading_word("Year"), is_heading_word("STAGATE")
    (True, False)
    """
    return fold(text) in _WHOLE
