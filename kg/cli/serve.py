"""``stkg serve``: the graph over HTTP."""

from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from kg.build import ensure_build
from kg.errors import ServerError
from kg.resources import data_folder

_ABOUT: Final = """\
Serve the graph over HTTP: a SPARQL 1.1 endpoint at /sparql, stored queries at /query/NAME, and every record at the
path of its IRI. Nothing can be changed through it, and it makes no requests of its own, unless you allow SERVICE to ask
endpoints that you name. SIGHUP takes up the catalog as it then is, without a failed request.

examples:
  stkg serve --port 8000
  stkg serve --port 8000 --timeout 10 --workers 2 --memory 512
  stkg serve --host 0.0.0.0 --port 8000 --root-path /stkg --trust-proxy 10.0.0.1
  stkg serve --port 8000 --allow-service https://sparql.uniprot.org/sparql
"""


def _number(least: float, most: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not least <= value <= most:
            raise ArgumentTypeError(f"{text!r} is not a number from {least:g} to {most:g}")
        return value

    return read


def _root_path(text: str) -> str:
    clean = text.rstrip("/")
    if clean and not clean.startswith("/"):
        raise ArgumentTypeError(f"{text!r} does not begin with a slash")
    return clean


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="stkg serve", description=_ABOUT, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("--host", default="127.0.0.1", help="interface to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=_number(0, 65535), default=8000, help="port (default 8000; 0 for a free one)")
    parser.add_argument(
        "--timeout", type=_number(0.1, 3600), default=30.0, metavar="S", help="seconds for a query (default 30)"
    )
    parser.add_argument(
        "--workers",
        type=_number(1, 64),
        default=4,
        metavar="N",
        help="processes for SPARQL (default 4; 2 more for rest)",
    )
    parser.add_argument(
        "--memory", type=_number(16, 1e6), default=1024, metavar="MB", help="memory for a query (default 1024)"
    )
    parser.add_argument(
        "--rows", type=_number(1, 1e9), default=1_000_000, metavar="N", help="rows in an answer (default 1000000)"
    )
    parser.add_argument(
        "--cache", type=_number(0, 1e5), default=32, metavar="MB", help="memory for answers to give again (default 32)"
    )
    parser.add_argument("--root-path", type=_root_path, default="", metavar="P", help="path behind a reverse proxy")
    parser.add_argument("--trust-proxy", metavar="IP", help="believe X-Forwarded-* headers from this address")
    parser.add_argument(
        "--allow-service",
        action="append",
        default=[],
        metavar="URL",
        help="endpoint that SERVICE may ask, or its server when there is no path; may be given again (default: none)",
    )
    parser.add_argument("--data", type=Path, metavar="DIR", help="another data folder")
    return parser


def run(command: str, words: Sequence[str]) -> int:
    """Serve until stopped, and return the exit status."""
    arguments = _parser().parse_args(words)
    try:
        from kg.engine.limits import Limits
        from kg.web.app import Settings
        from kg.web.server import Address, serve
    except ImportError as error:
        raise ServerError(f"{error.name} is not installed: pip install 'stkg[serve]'") from error
    services = _services(arguments.allow_service)
    limits = Limits(seconds=arguments.timeout, memory_mb=int(arguments.memory), rows=int(arguments.rows))
    data = data_folder(arguments.data)
    place = ensure_build(data)
    address = Address(arguments.host, int(arguments.port), arguments.trust_proxy)
    workers, cache = int(arguments.workers), int(arguments.cache)
    settings = Settings(place, workers, limits, data=data, cache_mb=cache, services=services)
    return serve(address, settings._replace(root_path=arguments.root_path))


def _services(addresses: Sequence[str]) -> tuple[str, ...]:
    """The endpoints that may be asked, each looked at now."""
    if not addresses:
        return ()
    try:
        from kg.enrich.endpoint import read_endpoint
    except ImportError as error:
        raise ServerError(f"{error.name} is not installed: pip install 'stkg[serve,enrich]'") from error
    for address in addresses:
        read_endpoint(address)
    return tuple(addresses)
