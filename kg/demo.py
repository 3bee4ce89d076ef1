"""``make demo``: the question the project exists for, answered from the catalog, with the exports beside it."""

import sys
from pathlib import Path

from kg.cli.app import main

_QUESTION = ["query", "methods", "--task", "deconvolution", "--framework", "PyTorch", "--since", "2022"]


def run(folder: Path) -> int:
    """Answer the question and write Turtle and the two graph pages.

    Args:
        folder: Where to write.

    Returns:
        0, or the exit status of the first step that failed.
    """
    files = [folder / name for name in ("stkg.ttl", "coauthors.html", "lineage.html")]
    print('PyTorch methods for deconvolution since 2022\n$ stkg query methods --task deconvolution --framework PyTorch '
          "--since 2022\n", flush=True)  # fmt: skip
    steps = [
        _QUESTION,
        ["export", str(files[0])],
        ["graph", "coauthors", "-o", str(files[1])],
        ["graph", "lineage", "-o", str(files[2])],
    ]
    for step in steps[:1]:
        status = main(step)
        if status:
            return status
    print("\nwriting the exports …", file=sys.stderr, flush=True)
    for step in steps[1:]:
        status = main(step)
        if status:
            return status
    print("\nWrote " + ", ".join(path.as_posix() for path in files) + ". Open the two pages in a browser.")
    return 0


if __name__ == "__main__":
    sys.exit(run(Path(sys.argv[1] if len(sys.argv) > 1 else "build")))
