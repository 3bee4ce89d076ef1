"""Feed every parser spoilt sources: no traceback, none over five seconds, and no file, process or address touched.

    python tests/importing/fuzz_parsers.py [NUMBER] [KIND]...

NUMBER sources of each kind, 10,000 by default; the same number gives the same sources. The tests run some hundred.
"""

import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from kg.catalog import load_catalog
from kg.importing import make_plan, read_source
from kg.model import Catalog
from tests.importing import mutation

LIMIT = 5.0
_WATCHED = False
# What reading a source has no reason to do.
_FORBIDDEN = (
    *("subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "socket.connect", "os.remove"),
    *("os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.chmod", "os.truncate", "shutil."),
)


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if not _WATCHED:
        return
    if event == "open":
        mode, flags = str(arguments[1] or ""), arguments[2]
        writes = any(letter in mode for letter in "wax+") or (isinstance(flags, int) and flags & 0o3)
        if writes:
            raise AssertionError(f"{arguments[0]!r} was opened for writing")
    elif event.startswith(_FORBIDDEN):
        raise AssertionError(f"{event} {arguments!r}")


sys.addaudithook(_watch)


@contextmanager
def watched() -> Iterator[None]:
    """Forbid all that reading has no reason to do."""
    global _WATCHED  # noqa: PLW0603  an audit hook cannot be taken away, only told
    _WATCHED = True
    try:
        yield
    finally:
        _WATCHED = False


def run(kind: str, count: int, catalog: Catalog) -> tuple[int, float, list[str]]:
    """Read ``count`` spoilt sources of one kind.

    Returns:
        How many were read (the others were refused), the longest time in seconds, and what went wrong.
    """
    accepted, longest, wrong = 0, 0.0, []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if kind == "checkout":
            mutation.write_checkout(folder)
        for number in range(count):
            put_back = mutation.spoil_checkout(folder, number) if kind == "checkout" else None
            content = b"" if put_back else mutation.spoiled(kind, number)
            started = time.process_time()
            try:
                with watched():
                    if put_back:
                        accepted += mutation.read_spoiled_checkout(folder, catalog)
                    else:
                        accepted += mutation.read_spoiled(kind, content, catalog)
            except Exception:  # noqa: BLE001  whatever it is, it is counted and shown
                wrong.append(f"{kind} {number}: {traceback.format_exc(limit=-3)}")
            seconds = time.process_time() - started
            longest = max(longest, seconds)
            if seconds > LIMIT:
                wrong.append(f"{kind} {number}: {seconds:.1f} s")
            if put_back:
                put_back()
    return accepted, longest, wrong


def main() -> int:
    """Print figures for each kind; exit status 1 when anything went wrong."""
    words = sys.argv[1:]
    count = int(words[0]) if words else 10_000
    catalog = load_catalog(Path(__file__).parents[1] / "toy")
    make_plan(read_source(b"- [a](b)"), catalog)  # what is imported on first use
    failed = 0
    for kind in words[1:] or mutation.ALL_KINDS:
        run(kind, 1, catalog)
        started = time.perf_counter()
        accepted, longest, wrong = run(kind, count, catalog)
        seconds = time.perf_counter() - started
        print(
            f"{kind}: {count} sources, {accepted} read, {count - accepted} refused, {len(wrong)} wrong; "
            f"longest {longest:.2f} s, all {seconds:.0f} s",
            flush=True,
        )
        print("\n".join(wrong[:5]))
        failed += len(wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
