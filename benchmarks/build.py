"""Time and memory of the loader, beside the floor of just parsing the same files.

Each step runs in a process of its own, so that its peak memory is its own; the ratios compare them within one run.

    python benchmarks/build.py [RUNS]
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

STEPS = {
    "parse: yaml CBaseLoader over all files (floor)": """
import yaml, pathlib
from yaml.cyaml import CBaseLoader
from kg.resources import resource_root
for path in sorted(resource_root("data").rglob("*.yaml")):
    yaml.load(path.read_text(encoding="utf-8"), CBaseLoader)
""",
    "stkg check: read, validate, all rules": """
from kg.cli.app import main
main(["check"])
""",
    "stkg build --force: check, quads, store, indexes": """
from kg.cli.app import main
main(["build"])
""",
    "stkg export: Turtle from the built store": """
import os
from kg.cli.app import main
main(["export", os.environ["STKG_CACHE_DIR"] + "/out.ttl"])
""",
}


def measure(code: str, cache: str) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak memory in MiB of one process."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env=os.environ | {"STKG_CACHE_DIR": cache},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    if status:
        sys.exit(f"a step failed with status {status}:{code}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main(runs: int) -> None:
    """Measure every step and print a table."""
    print(f"{'median of ' + str(runs) + ' runs':52} {'wall s':>7} {'cpu s':>7} {'ratio':>6} {'peak MiB':>9}")
    with tempfile.TemporaryDirectory() as cache:
        base = 0.0
        for name, code in STEPS.items():
            found = [measure(code, cache) for _ in range(runs + 1)][1:]
            wall, cpu, peak = (statistics.median(column) for column in zip(*found, strict=True))
            base = base or cpu
            print(f"{name:52} {wall:7.2f} {cpu:7.2f} {cpu / base:6.1f} {peak:9.0f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
