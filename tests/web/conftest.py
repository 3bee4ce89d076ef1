"""One server for most tests of the web."""

import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.running import ROWS, SECONDS, Running, command


@pytest.fixture(scope="session")
def server(toy_root: Path) -> Iterator[Running]:
    """The server that most tests share."""
    words = ["--timeout", str(SECONDS), "--workers", "2", "--memory", "300", "--rows", str(ROWS)]
    running = Running(command(toy_root, *words))
    yield running
    assert running.stop() == 0
    assert "Traceback" not in "".join(running.lines)


@pytest.fixture(scope="session")
def w3c_tests(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """W3C's SPARQL tests, unpacked where nobody keeps them; ``$STKG_RDF_TESTS`` or the folder beside the checkout."""
    beside = Path(__file__).parents[3] / "shared" / "w3c" / "rdf-tests-sparql.tar.gz"
    archive = Path(os.environ.get("STKG_RDF_TESTS") or beside)
    if not archive.is_file():
        pytest.skip("W3C's SPARQL tests are not here: set STKG_RDF_TESTS to the archive of w3c/rdf-tests")
    folder = tmp_path_factory.mktemp("w3c")
    with tarfile.open(archive) as packed:
        wanted = ("sparql/sparql10/", "sparql/sparql11/")
        packed.extractall(folder, [m for m in packed.getmembers() if m.name.startswith(wanted)], filter="data")
    return folder
