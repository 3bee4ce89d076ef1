"""Fixtures that many tests share. No test touches the network or the user's cache."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg import KnowledgeGraph
from kg.catalog import load_catalog
from kg.model import Catalog
from kg.resources import resource_root

TOY = Path(__file__).parent / "toy"


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache of the test session's own, shared by its subprocesses."""
    folder = tmp_path_factory.mktemp("cache")
    before = os.environ.get("STKG_CACHE_DIR")
    os.environ["STKG_CACHE_DIR"] = str(folder)
    yield folder
    if before is None:
        del os.environ["STKG_CACHE_DIR"]
    else:
        os.environ["STKG_CACHE_DIR"] = before


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections that leave this machine fail at once; those to it (a browser, a test server) work."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test tried to reach {address}")
        real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(scope="session")
def toy_root() -> Path:
    """Folder of the toy catalog: a few real records."""
    return TOY


@pytest.fixture(scope="session")
def toy_catalog(toy_root: Path) -> Catalog:
    """The toy catalog, read."""
    return load_catalog(toy_root)


@pytest.fixture(scope="session")
def toy_graph(toy_root: Path) -> KnowledgeGraph:
    """The graph of the toy catalog."""
    return KnowledgeGraph.open(toy_root)


@pytest.fixture(scope="session")
def real_root() -> Path:
    """Folder of the catalog itself."""
    return resource_root("data")


@pytest.fixture(scope="session")
def real_catalog(real_root: Path) -> Catalog:
    """The catalog itself, read."""
    return load_catalog(real_root)


@pytest.fixture(scope="session")
def real_graph(real_root: Path) -> KnowledgeGraph:
    """The graph of the catalog itself."""
    return KnowledgeGraph.open(real_root)
