"""Make a build beside a server that goes on answering. Run as ``python -m kg.web.rebuild`` by :mod:`kg.web.reload`."""

import sys
from collections.abc import Sequence
from pathlib import Path

from kg.build import ensure_build
from kg.engine.worker import end_with
from kg.errors import KgError


def main(arguments: Sequence[str]) -> int:
    """Build, and print the folder of the build.

    Args:
        arguments: Data folder, and process id of the server, without which nothing is built.

    Returns:
        1 when the inputs have faults, which are written to standard error.
    """
    end_with(int(arguments[1]))
    try:
        place = ensure_build(Path(arguments[0]))
    except KgError as error:
        for line in (*error.problems, f"stkg: {error.summary}"):
            print(line, file=sys.stderr)
        return 1
    print(place)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
