"""Build the store from ``data/``, ``ontology/`` and ``queries/`` into a cache, and find it again.

A build is a folder named after a hash of everything that went in. It is made beside its place and renamed into it, so
a reader sees the whole build or none, and a killed build leaves nothing that counts. A finished build is never moved
or replaced, because a reader may be opening its files: a forced build gets a name of its own and wins by being newer.
Opening a finished build reads no record: a *stamp* of every input's size and times tells that nothing changed since
the hash was taken.
"""

import contextlib
import os
import sys
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from kg.errors import StoreError
from kg.resources import resource_root

if TYPE_CHECKING:
    from kg.model import Catalog

_FORMAT: Final = "1"
_KEEP: Final = 4
# A file changed this recently could change again within the clock's grain and keep its times.
_GRAIN_NS: Final = 50_000_000
_STALE_S: Final = 86_400
_CODE: Final = ("catalog", "model", "projection", "store", "queries")


def cache_root() -> Path:
    """Folder of built stores: ``$STKG_CACHE_DIR``, else ``$XDG_CACHE_HOME/stkg``, else ``~/.cache/stkg``."""
    own = os.environ.get("STKG_CACHE_DIR")
    if own:
        return Path(own)
    try:
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "stkg"
    except RuntimeError as error:
        raise StoreError("there is no home folder for the cache: set STKG_CACHE_DIR to a folder") from error


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


def _walk(root: str, prefix: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    with os.scandir(root) as entries:
        for entry in sorted(entries, key=_name):
            if entry.name.startswith(".") or entry.name in {"schema", "__pycache__"}:
                continue
            if entry.is_dir():
                yield from _walk(entry.path, f"{prefix}/{entry.name}")
            elif entry.name.endswith((".yaml", ".ttl", ".rq", ".py")):
                yield f"{prefix}/{entry.name}", entry


def _inputs(data: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Every file that a build depends on, in a fixed order."""
    yield from _walk(os.fspath(data), "data")
    yield from _walk(os.fspath(resource_root("ontology")), "ontology")
    yield from _walk(os.fspath(resource_root("queries")), "queries")
    package = Path(__file__).absolute().parent
    for name in _CODE:
        yield from _walk(os.fspath(package / name), f"kg/{name}")
    with os.scandir(package) as entries:
        yield from ((f"kg/{entry.name}", entry) for entry in sorted(entries, key=_name) if entry.name.endswith(".py"))


def _stamp(data: Path) -> tuple[bytes, bool]:
    """Names, sizes and times of the inputs, and whether all are old enough for that to be trusted."""
    import pyoxigraph

    lines, newest = [f"{_FORMAT} {pyoxigraph.__version__} {data}"], 0
    for name, entry in _inputs(data):
        status = entry.stat()
        newest = max(newest, status.st_mtime_ns, status.st_ctime_ns)
        lines.append(f"{name} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}")
    return "\n".join(lines).encode("utf-8", "surrogateescape"), time.time_ns() - newest > _GRAIN_NS


def _stamp_file(root: Path, stamp: bytes) -> Path:
    # The name only finds the file; the stamp inside is compared whole, so a clash of names does no harm.
    return root / "stamps" / f"{zlib.crc32(stamp):08x}"


def _content_key(data: Path) -> str:
    import hashlib

    import pyoxigraph

    from kg.version import __version__

    digest = hashlib.blake2b(f"{_FORMAT}\0{__version__}\0{pyoxigraph.__version__}".encode(), digest_size=16)
    for name, entry in _inputs(data):
        content = Path(entry.path).read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def find_build(data: Path) -> Path | None:
    """Folder of the build that fits the inputs as they are, or None when there is none or it is not sure."""
    stamp, _ = _stamp(data)
    root = cache_root()
    try:
        key, _, known = _stamp_file(root, stamp).read_bytes().partition(b"\n")
    except OSError:
        return None
    if known != stamp:
        return None
    place = root / "builds" / key.decode("ascii", "replace")
    return place if (place / "manifest.json").is_file() else None


def ensure_build(data: Path) -> Path:
    """Folder of the build that fits the inputs; built now when it does not exist.

    Raises:
        CatalogError: The catalog has faults.
        StoreError: The cache cannot be written.
    """
    return find_build(data) or build_store(data, force=False)


def build_store(data: Path, *, force: bool) -> Path:
    """Build, or take the build of the same content from the cache.

    Args:
        data: The data folder.
        force: Build even when the cache has the content.

    Returns:
        Folder with ``store/``, ``index/``, ``queries.json`` and ``manifest.json``.
    """
    stamp, settled = _stamp(data)
    key = _content_key(data)
    root = cache_root()
    place = None if force else _finished(root, key)
    try:
        if place is None:
            place = _build_into(data, root, key, force=force)
    except OSError as error:
        hint = "set STKG_CACHE_DIR to a folder that can be written"
        raise StoreError(f"cannot write the cache {root}: {error.strerror or error} ({hint})") from error
    with contextlib.suppress(OSError):  # a finished build in a read-only cache is as good
        if settled and _stamp(data)[0] == stamp:
            _remember(root, stamp, place.name)
        _prune(root, keep=place)
    return place


def _finished(root: Path, key: str) -> Path | None:
    """Newest whole build of some content."""
    found = [(_age(place), place) for place in (root / "builds").glob(f"{key}*")]
    return max(((age, place) for age, place in found if age is not None), default=(0, None))[1]


def _age(place: Path) -> int | None:
    """When a build was finished; None when it was not, or when another process has just removed it."""
    try:
        return (place / "manifest.json").stat().st_mtime_ns
    except OSError:
        return None


def _remember(root: Path, stamp: bytes, key: str) -> None:
    import secrets

    place = _stamp_file(root, stamp)
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f".{secrets.token_hex(8)}.part")
    part.write_bytes(key.encode() + b"\n" + stamp)
    part.replace(place)


def _build_into(data: Path, root: Path, key: str, *, force: bool) -> Path:
    import secrets
    import shutil

    builds = root / "builds"
    builds.mkdir(parents=True, exist_ok=True)
    part = builds / f".part-{os.getpid()}-{secrets.token_hex(6)}"
    part.mkdir()
    try:
        _fill(data, part, key)
        first = None if force else _finished(root, key)
        if first is not None:  # another process was faster
            return first
        place = builds / (f"{key}-{secrets.token_hex(6)}" if (builds / key).exists() else key)
        try:
            part.rename(place)
        except OSError:  # another process took the name since
            place = builds / f"{key}-{secrets.token_hex(6)}"
            part.rename(place)
        return place
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _fill(data: Path, part: Path, key: str) -> None:
    import json

    import pyoxigraph as ox
    from tqdm import tqdm

    from kg.names import build_indexes, index_text
    from kg.ontology import ontology_quads, prefixes
    from kg.projection import catalog_quads
    from kg.queries.definition import to_json
    from kg.queries.library import load_library
    from kg.queries.shacl import library_quads

    started = time.monotonic()
    print("stkg: building the store (once for each state of the catalog) …", file=sys.stderr, flush=True)
    # disable=None: a bar is drawn only on a terminal.
    with tqdm(total=6, disable=None, leave=False, bar_format="{desc:<32} {bar} {n}/{total}") as bar:

        def step(what: str) -> None:
            bar.update()
            bar.set_description_str(what)

        step("reading and checking records")
        catalog = checked_catalog(data)
        indexes, library = build_indexes(catalog), load_library(resource_root("queries"))
        step("writing statements")
        store = ox.Store(str(part / "store"))
        store.bulk_extend(catalog_quads(catalog))
        store.bulk_extend(ontology_quads(resource_root("ontology")))
        store.bulk_extend(library_quads(library, prefixes(resource_root("ontology")), indexes.__getitem__))
        step("ordering the store")
        store.optimize()
        store.flush()
        n_quads = len(store)
        del store
        step("indexing names")
        (part / "index").mkdir()
        for kind, index in indexes.items():
            (part / "index" / f"{kind}.json").write_text(index_text(index), encoding="utf-8")
        step("compiling stored queries")
        definitions = {name: to_json(query) for name, query in library.items()}
        (part / "queries.json").write_text(json.dumps(definitions, ensure_ascii=False), encoding="utf-8")
        step("")
    counts = {"quads": n_quads, "methods": len(catalog.methods), "papers": len(catalog.papers)}
    manifest = {"key": key, **counts, "prefixes": prefixes(resource_root("ontology"))}
    (part / "manifest.json").write_text(json.dumps(manifest, sort_keys=True), encoding="utf-8")
    print(f"stkg: {n_quads:,} statements in {time.monotonic() - started:.1f} s", file=sys.stderr, flush=True)


def checked_catalog(data: Path) -> "Catalog":
    """The catalog, refused when any rule is broken.

    Raises:
        CatalogError: ``problems`` has every fault.
    """
    from kg.catalog.checks import check_catalog
    from kg.catalog.loader import load_all
    from kg.errors import CatalogError

    loaded = load_all(data)
    problems = loaded.faults or check_catalog(loaded.catalog, data)
    if problems:
        placed = [problem._replace(path=(data / problem.path).as_posix()) for problem in problems]
        raise CatalogError(f"the catalog in {data} has {len(placed)} faults: mend them first ('stkg check')", placed)
    return loaded.catalog


def hold(place: Path) -> IO[bytes]:
    """Keep a build from being removed for as long as a server stands on it.

    Args:
        place: Folder of the build.

    Returns:
        To be closed when the build is no longer needed; the end of the process does so too, however it ended.

    Raises:
        StoreError: The build has just been removed.
    """
    try:
        return _locked(place, alone=False)
    except OSError as error:
        raise StoreError(f"the build in {place} has been removed: run 'stkg build'") from error


def _locked(place: Path, *, alone: bool) -> IO[bytes]:
    """The manifest of a build, locked without waiting; the lock ends when the file is closed."""
    manifest = (place / "manifest.json").open("rb")
    try:
        import fcntl
    except ImportError:  # no server runs on systems without it
        return manifest
    try:
        fcntl.flock(manifest, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError:
        manifest.close()
        raise
    return manifest


def _prune(root: Path, keep: Path) -> None:
    """Remove all but the newest builds and those that are held, and what killed builds left behind."""
    import shutil

    ages = {path: _age(path) for path in (root / "builds").iterdir() if path != keep}
    finished = sorted(((age, path) for path, age in ages.items() if age is not None), reverse=True)
    for _, path in finished[_KEEP - 1 :]:
        with contextlib.suppress(OSError), _locked(path, alone=True):
            shutil.rmtree(path, ignore_errors=True)
    for path in (path for path, age in ages.items() if age is None):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _STALE_S:
                shutil.rmtree(path, ignore_errors=True)
    with contextlib.suppress(OSError):
        for path in sorted((root / "stamps").glob("*"), key=lambda p: p.stat().st_mtime_ns)[:-64]:
            path.unlink(missing_ok=True)
