"""What the server's workers do for pages: get what a page shows, and write it."""

import time
from collections.abc import Mapping
from typing import Any, Final

import pyoxigraph as ox

from kg.engine.bench import Bench
from kg.engine.sink import Sink
from kg.engine.worker import Task
from kg.errors import FormatError, KgError, QueryForbiddenError, QuerySyntaxError, UnknownRecordError
from kg.iris import BASE, RECORD_KINDS
from kg.pages.render import Site
from kg.pages.sparql import ROWS, Outcome, fault_of, sparql_page
from kg.queries.answers import evaluated

_CITATIONS: Final = {
    "bib": ("bibtex", "application/x-bibtex"),
    "ris": ("ris", "application/x-research-info-systems"),
    "json": ("csl-json", "application/vnd.citationstyles.csl+json"),
}
_CITED: Final = ("method", "paper")


def _site(bench: Bench, arguments: Mapping[str, Any]) -> Site:
    return Site(arguments["root"], bench.key)


def _write(sink: Sink, text: str, status: int = 200) -> None:
    sink.media_type, sink.status = "text/html", status
    sink.write(text.encode())


def home(bench: Bench, arguments: Mapping[str, Any], sink: Sink) -> None:
    """The home page."""
    from kg.pages.home import home_page

    _write(sink, home_page(bench.graph, _site(bench, arguments)))


def search(bench: Bench, arguments: Mapping[str, Any], sink: Sink) -> None:
    """The page of search results."""
    from kg.pages.search import search_page

    _write(sink, search_page(bench.graph, arguments["text"], _site(bench, arguments)))


def browse(bench: Bench, arguments: Mapping[str, Any], sink: Sink) -> None:
    """One page of all records of a kind."""
    from kg.pages.home import browse_page

    kind = arguments["kind"]
    page = browse_page(bench.graph, kind, arguments["page"], _site(bench, arguments)) if kind in RECORD_KINDS else None
    if page is None:
        raise UnknownRecordError("there is no such list of records")
    _write(sink, page)


def questions(bench: Bench, arguments: Mapping[str, Any], sink: Sink) -> None:
    """The list of stored queries."""
    from kg.pages.questions import listing_page

    _write(sink, listing_page(bench.graph.queries, _site(bench, arguments)))


def question(bench: Bench, arguments: Mapping[str, Any], sink: Sink) -> None:
    """The page of a stored query with its answer."""
    from kg.pages.questions import Asked, question_page

    query = bench.graph.stored_query(arguments["name"])
    values, is_sample = arguments["parameters"], arguments["is_sample"]
    asked = Asked(query, query.sample if is_sample else values, is_sample, arguments["offset"], arguments["limit"])
    page = question_page(bench.graph, asked, _site(bench, arguments))
    _write(sink, page.text, page.status)


def graphs(bench: Bench, arguments: Mapping[str, Any], sink: Sink) -> None:
    """What graphs there are."""
    from kg.pages.home import graphs_page

    _write(sink, graphs_page(bench.graph, _site(bench, arguments)))


def graph(bench: Bench, arguments: Mapping[str, Any], sink: Sink) -> None:
    """One graph to explore, with a policy for its own scripts alone."""
    from kg.pages.explorer import graph_page

    page = graph_page(bench.graph, arguments["kind"], _site(bench, arguments))
    sink.headers["Content-Security-Policy"] = f"{page.policy}; frame-ancestors 'none'"
    _write(sink, page.text)


def missing(bench: Bench, arguments: Mapping[str, Any], sink: Sink) -> None:
    """The page for an address at which there is nothing."""
    from kg.pages.home import missing_page

    text = missing_page(bench.graph, arguments["path"], arguments["detail"], _site(bench, arguments))
    _write(sink, text, 404)


def citation(bench: Bench, arguments: Mapping[str, Any], sink: Sink) -> None:
    """A reference for one paper, or for the papers of a method."""
    from kg.citations import cite

    kind, slug = arguments["kind"], arguments["slug"]
    if arguments["style"] not in _CITATIONS:
        raise FormatError(f"references come as {', '.join(_CITATIONS)}")
    if kind not in _CITED or slug not in bench.graph.index(kind).labels:
        raise UnknownRecordError("there is nothing to cite here")
    style, sink.media_type = _CITATIONS[arguments["style"]]
    sink.headers["Content-Disposition"] = f'attachment; filename="{slug}.{arguments["style"]}"'
    sink.write(cite(bench.graph, [f"{BASE}{kind}/{slug}"], style).encode())


def sitemap(bench: Bench, arguments: Mapping[str, Any], sink: Sink) -> None:
    """Addresses of all pages, for search engines."""
    from kg.pages.sitemap import sitemap_text

    sink.media_type = "application/xml"
    sink.write(sitemap_text(bench.graph, arguments["origin"]).encode())


def sparql(bench: Bench, arguments: Mapping[str, Any], sink: Sink) -> None:
    """The page for SPARQL: with what came of a query, if there is one."""
    text = arguments["query"]
    outcome = None if text is None else _outcome(bench, arguments, sink)
    page = sparql_page(bench.graph, text, outcome, bench.prefixes, _site(bench, arguments))
    _write(sink, page, outcome.status if outcome else 200)


def _outcome(bench: Bench, arguments: Mapping[str, Any], sink: Sink) -> Outcome:
    from kg.web.tasks import graph_name

    text = arguments["query"]
    started = time.perf_counter()
    try:
        whole = evaluated(arguments)
        default, named = ([graph_name(iri) for iri in arguments[key]] for key in ("default_graphs", "named_graphs"))
        dataset = (default, named) if default or named else None
        result = bench.store.query(whole, dataset=dataset, base_iri=BASE, prefixes=bench.prefixes)
        found = _read(result)
    except (QuerySyntaxError, QueryForbiddenError) as error:
        return Outcome(fault=fault_of(error.summary, text, bench.prefixes), status=error.http_status)
    except (KgError, OSError, RuntimeError, ValueError) as error:
        said = error.summary if isinstance(error, KgError) else f"the query cannot be answered: {error}"
        status = error.http_status if isinstance(error, KgError) else 400
        return Outcome(fault=fault_of(said, text, bench.prefixes), status=status)
    sink.rows = len(found.rows)
    if found.cut:
        sink.headers["STKG-Truncated"] = f"rows={len(found.rows)}"
    return found._replace(milliseconds=(time.perf_counter() - started) * 1000)


def _read(result: Any) -> Outcome:
    if isinstance(result, ox.QueryBoolean):
        return Outcome(boolean=bool(result))
    is_graph = isinstance(result, ox.QueryTriples)
    rows: list[list[Any]] = []
    for row in result:
        if len(rows) == ROWS:
            break
        rows.append(list(row))
    else:
        return Outcome(_heads(result, is_graph=is_graph), rows, is_graph=is_graph)
    return Outcome(_heads(result, is_graph=is_graph), rows, cut=True, is_graph=is_graph)


def _heads(result: Any, *, is_graph: bool) -> list[str]:
    return ["subject", "predicate", "object"] if is_graph else [variable.value for variable in result.variables]


PAGE_TASKS: Final[Mapping[str, Task]] = {
    "page-home": home,
    "page-search": search,
    "page-browse": browse,
    "page-questions": questions,
    "page-question": question,
    "page-graphs": graphs,
    "page-graph": graph,
    "page-missing": missing,
    "page-sparql": sparql,
    "citation": citation,
    "sitemap": sitemap,
}
