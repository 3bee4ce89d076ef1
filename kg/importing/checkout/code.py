"""Languages and imports of a method's own code; code of others in the same repository does not count."""

import ast
import re
import warnings
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from kg.importing.checkout.folder import Folder

# Parts of a folder's name that say that its code is not the method, or not its author's.
_FOREIGN: Final = re.compile(
    r"(?:^|[_\- .])(?:baselines?|benchmarks?|benchmarking|compar\w*|competing|competitors?|others?|vendor\w*|"
    r"third[_\- ]?party|extern\w*|deps|dependencies|submodules?|notebooks?|tutorials?|examples?|demos?|docs?|"
    r"tests?|testing|vignettes|reproduc\w*|analys[ei]s|experiments?|evaluations?|figures?\w*|fig\d\w*|manuscripts?|"
    r"\w*papers?|cmp|supplement\w*|documentation|ipynb_checkpoints|site[_\- ]packages|node[_\- ]modules|"
    r"build|dist|archive|old|legacy|packrat|renv|venv|env)(?:$|[_\- .])|\w[_\- ]methods?$",
    re.IGNORECASE,
)
_FOREIGN_FILE: Final = re.compile(
    r"(?:tests?|(?:.*[_\-.])?(?:benchmarks?|benchmarking|baselines?|tutorials?|demo|example))(?:[_\-.].*)?\.[A-Za-z]+$",
    re.IGNORECASE,
)
_ENDINGS: Final = {
    ".py": "python",
    ".pyx": "python",
    ".r": "r",
    ".jl": "julia",
    ".cpp": "cpp",
    ".cc": "cpp",
    ".cxx": "cpp",
    ".cu": "cpp",
    ".c": "c",
    ".java": "java",
    ".rs": "rust",
    ".f90": "fortran",
    ".nf": "nextflow",
    ".stan": "stan",
    ".m": "matlab",
    ".hs": "haskell",
    ".pl": "perl",
}
_R_IMPORT: Final = re.compile(
    r"(?<![\w.])(?:library|require|requireNamespace|loadNamespace)\s*\(\s*[\"']?([A-Za-z][\w.]*)[\"']?"
    r"|(?<![\w.:])([A-Za-z][\w.]*):::?[A-Za-z.]"
)
_NAMESPACE: Final = re.compile(r"^\s*import(?:From)?\s*\(\s*\"?([A-Za-z][\w.]*)", re.MULTILINE)
_JULIA: Final = re.compile(r"^\s*(?:using|import)\s+([A-Z]\w*(?:\s*,\s*[A-Z]\w*)*)", re.MULTILINE)
_PY_LINE: Final = re.compile(r"^[ \t]*(?:from[ \t]+(\w+)[\w.]*[ \t]+import\b|import[ \t]+([\w., \t]+))")
_SHARE: Final = 0.1
_MAX_LINE: Final = 5000


class Import(NamedTuple):
    """The first place where a module is imported."""

    module: str
    path: str
    line: int


class Code(NamedTuple):
    """What the code says.

    Attributes:
        languages: Language to its longest file, the most used first; those with a tenth of the code or more.
        imports: First import of each module by the method's own code.
        foreign: First import of each module that only foreign code imports.
        submodules: Folders that git fills from other repositories.
    """

    languages: dict[str, str]
    imports: dict[str, Import]
    foreign: dict[str, Import]
    submodules: tuple[str, ...]


def read_code(folder: Folder, name: str = "") -> Code:
    """Read the code of a folder.

    Args:
        folder: Of one repository.
        name: Name of the repository; a folder of that name holds the method, even when it is called DIST.
    """
    submodules = tuple(re.findall(r"^\s*path\s*=\s*(\S+)", folder.text(".gitmodules"), re.MULTILINE))
    vendored = _vendored(folder) | set(submodules)
    lines: dict[str, int] = defaultdict(int)
    longest: dict[str, tuple[int, str]] = {}
    own: dict[str, Import] = {}
    foreign: dict[str, Import] = {}
    local = _local_modules(folder)
    for path in folder.files:
        language = language_of(path)
        if not language:
            continue
        text = folder.text(path)
        if language == "matlab" and not re.search(r"^\s*(?:%|function\b|end\b)", text, re.MULTILINE):
            continue  # other languages use .m too
        is_foreign = foreign_place(path, name) is not None or any(path.startswith(f"{place}/") for place in vendored)
        into = foreign if is_foreign else own
        for module, line in _imports(language, path, text):
            if module not in local:
                into.setdefault(module, Import(module, path, line))
        if not is_foreign:
            size = sum(1 for line in text.splitlines() if line.strip())
            lines[language] += size
            longest[language] = max(longest.get(language, (0, "")), (size, path))
    whole = sum(lines.values())
    most = sorted((lang for lang in lines if lines[lang] >= _SHARE * whole and lines[lang]), key=lambda k: -lines[k])
    only_foreign = {module: place for module, place in foreign.items() if module not in own}
    return Code({language: longest[language][1] for language in most}, own, only_foreign, submodules)


def language_of(path: str) -> str:
    """Language of a file by the ending of its name; ``""`` when that says none.

    >>> language_of("R/fit.R"), language_of("README.md")
    ('r', '')
    """
    return _ENDINGS.get(_ending(path)) or ("r" if path == "NAMESPACE" else "")


def _ending(path: str) -> str:
    name = path.rpartition("/")[2]
    return "." + name.rpartition(".")[2].lower() if "." in name else ""


def foreign_folder(path: str, own: str = "") -> str | None:
    """The folder of a path whose name says that it holds no code of the method, or None.

    >>> foreign_folder("baselines/graphst/model.py"), foreign_folder("comparator_net/model.py")
    ('baselines', 'comparator_net')
    >>> foreign_folder("DIST/network.py"), foreign_folder("DIST/network.py", "DIST")
    ('DIST', None)
    >>> foreign_folder("FigureReproducing/plot.py"), foreign_folder("existing methods/stlearn/plot.py")
    ('FigureReproducing', 'existing methods')
    >>> foreign_folder("examplest/model.py"), foreign_folder("src/contest/latest.py"), foreign_folder("methods/fit.py")
    (None, None, None)
    """
    folders = path.split("/")[:-1]
    return next((name for name in folders if _FOREIGN.search(name) and name.lower() != own.lower()), None)


def foreign_place(path: str, own: str = "") -> str | None:
    """The folder, or the file itself, whose name says that it holds no code of the method; None for other paths.

    >>> foreign_place("bin/test.py"), foreign_place("R/7_benchmark.R"), foreign_place("src/train_test.py")
    ('test.py', '7_benchmark.R', None)
    """
    name = path.rpartition("/")[2]
    return foreign_folder(path, own) or (name if _FOREIGN_FILE.match(name) else None)


def _vendored(folder: Folder) -> set[str]:
    """Folders with a licence of their own, below a repository that has one: they came from elsewhere."""
    licences = {"license", "license.txt", "license.md", "licence", "copying", "copying.txt"}
    places = {path.rpartition("/")[0] for path in folder.files if path.rpartition("/")[2].lower() in licences}
    inner = {place for place in places if place}
    return inner if "" in places else set()


def _local_modules(folder: Folder) -> set[str]:
    """Names that an import of the repository's own modules would bear."""
    found = set()
    for path in folder.files:
        parts = path.split("/")
        if path.endswith(".py"):
            found.add(parts[-1].removesuffix(".py"))
            if parts[-1] == "__init__.py" and len(parts) > 1:
                found.add(parts[-2])
    return found


def _imports(language: str, path: str, text: str) -> Iterator[tuple[str, int]]:
    if language == "python":
        yield from _python_imports(text)
    elif path == "NAMESPACE":
        yield from ((m[1], _line(text, m.start())) for m in _NAMESPACE.finditer(text))
    elif language == "r":
        for number, line in enumerate(text.split("\n"), start=1):
            code = line.split("#", 1)[0]
            yield from ((m[1] or m[2], number) for m in _R_IMPORT.finditer(code[:_MAX_LINE]))
    elif language == "julia":
        for match in _JULIA.finditer(text):
            yield from ((name.strip(), _line(text, match.start())) for name in match[1].split(","))


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _python_imports(text: str) -> Iterator[tuple[str, int]]:
    """Top-level names of imported modules; ``from . import x`` names none."""
    if max(map(len, text.split("\n")), default=0) <= _MAX_LINE:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what the code should mend is not our concern
                tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            pass  # Python 2, or no Python at all: the lines are looked at instead
        else:
            yield from _tree_imports(tree)
            return
    for number, line in enumerate(text.split("\n"), start=1):
        match = _PY_LINE.match(line[:_MAX_LINE])
        for name in (match[1] or match[2]).split(",") if match else ():
            if words := name.split():
                yield words[0].split(".")[0], number


def _tree_imports(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name.split(".")[0], node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.split(".")[0], node.lineno


def as_frameworks(imports: Mapping[str, Import], names: Mapping[str, str]) -> dict[str, Import]:
    """Imports by framework.

    Args:
        imports: By module.
        names: Folded names and synonyms to framework ids.
    """
    from kg.iris import fold

    found: dict[str, Import] = {}
    for module, place in imports.items():
        framework = names.get(fold(module))
        if framework:
            found.setdefault(framework, place)
    return found
