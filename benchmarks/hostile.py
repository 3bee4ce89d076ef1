"""30 kinds of runaway queries and 200 hostile clients, and what others notice of it.

    python -m benchmarks.hostile [SECONDS [CLIENTS]]

First each runaway query alone, then all together with clients that dribble, that do not read, that leave, and that send
what is no HTTP. Meanwhile ``/healthz`` and a small stored query are asked ten times a second each. Exit status 1 when
their 99th percentile is ten times that of the idle server, when one of them fails, when the memory of all processes is
over the bound of docs/serving.md, or when a worker is missing or left over afterwards.
"""

import os
import signal
import socket
import sys
from collections import Counter
from pathlib import Path

from kg.resources import resource_root
from tests.web.hostile import RUNAWAYS, request, start_attack, watch
from tests.web.running import Running, children, command, until

WORKERS, MEMORY_MB, SECONDS = 4, 300, 5
PATHS = ("/healthz", "/query/methods?task=deconvolution&limit=5")
BOUND_MIB = 512 + (WORKERS + 2) * (MEMORY_MB + 100)
WORST = 10


def _alone(running: Running) -> Counter[str]:
    """Statuses of each runaway query by itself."""
    seen: Counter[str] = Counter()
    for name, query in RUNAWAYS.items():
        with socket.create_connection(("127.0.0.1", running.port), timeout=60) as connection:
            connection.sendall(request(query))
            with connection.makefile("rb") as answer:
                status = answer.readline()[9:12].decode()
                size = sum(map(len, iter(lambda: answer.read(1 << 20), b"")))
        print(f"  {name:28} {status}  {size:>11,} bytes")
        seen[status] += 1
    return seen


def main(seconds: float, clients: int) -> int:
    """Run, and print what was seen."""
    words = ["--workers", str(WORKERS), "--memory", str(MEMORY_MB), "--timeout", str(SECONDS)]
    running = Running(command(resource_root("data").absolute(), *words))
    own = running.process.pid
    until(lambda: len(children(own)) == WORKERS + 2 and running.is_whole())
    idle = watch(running, PATHS, 300, 0.01)
    print("each runaway query alone:")
    alone = _alone(running)
    attack = start_attack(running, seconds, clients)
    under = watch(running, PATHS, int(seconds * 10), 0.05)
    out, _ = attack.communicate()
    print(f"statuses: alone {dict(alone)}, together {out.strip()}")
    good = not under.failed
    for line in under.failed[:10]:
        print(" ", line)
    for path in PATHS:
        ratio = under.late(path) / idle.late(path)
        good = good and ratio < WORST
        print(
            f"{path}: p99 {idle.late(path) * 1e3:.1f} ms idle, {under.late(path) * 1e3:.1f} ms attacked, x {ratio:.1f}"
        )
    print(f"memory of all processes: {idle.mib:.0f} MiB idle, {under.mib:.0f} MiB attacked, bound {BOUND_MIB} MiB")
    whole = until(running.is_whole, 30) and len(children(own)) == WORKERS + 2
    left = children(own)
    os.kill(own, signal.SIGTERM)
    running.stop()
    gone = until(lambda: not any(Path(f"/proc/{child}").exists() for child in left))
    print(f"all workers there: {whole}; nothing left over: {gone}")
    return 0 if good and whole and gone and under.mib < BOUND_MIB else 1


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    sys.exit(main(*(given + [30, 200][len(given) :])))
