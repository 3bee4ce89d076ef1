"""10,000 requests while the server takes up 20 builds, and its workers are killed now and then.

    python -m benchmarks.reload [REQUESTS [RELOADS]]

Every answer names its build and must be of that build wholly; none may be missing. Exit status 1 when that fails.
"""

import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.web.reloading import reload_under_load
from tests.web.running import Running, children, until

_TOY = Path(__file__).parents[1] / "tests" / "toy"


def _kill_a_worker(running: Running) -> None:
    os.kill(random.choice(children(running.process.pid)), signal.SIGKILL)


def main(requests: int, reloads: int) -> int:
    """Run, and print what the clients saw."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["STKG_CACHE_DIR"] = f"{folder}/cache"
        load, running = reload_under_load(_TOY, Path(folder), requests, reloads, before=_kill_a_worker)
        whole = until(lambda: len(children(running.process.pid)) == 4)
        left = children(running.process.pid)
        running.process.kill()
        running.stop()
        gone = until(lambda: not any(Path(f"/proc/{child}").exists() for child in left))
    seconds = time.monotonic() - started
    print(f"{load.statuses.total()} requests over {reloads} reloads in {seconds:.0f} s: {dict(load.statuses)}")
    print(f"builds seen: {len(load.years)}; of one year each: {all(len(y) == 1 for y in load.years.values())}")
    print(f"wrong or failed: {len(load.wrong)}; all workers there: {whole}; nothing left after kill -9: {gone}")
    for line in load.wrong[:20]:
        print(" ", line)
    return 0 if whole and gone and not load.wrong else 1


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    sys.exit(main(*(given + [10_000, 20][len(given) :])))
