"""Every deliberate error of STKG, and the :class:`Problem` that a curator reads.

This module knows nothing of files, RDF, terminals or HTTP. Each class carries a stable ``code``, the exit status
the command line ends with and the HTTP status a server would answer with.
"""

from collections.abc import Iterable
from typing import ClassVar, NamedTuple


class Problem(NamedTuple):
    """One thing that is wrong in one place, with its cure.

    Attributes:
        path: File, relative to the data folder's parent where possible.
        line: Line number, 1-based; 0 when the file as a whole is meant.
        pointer: Field inside the record, dotted, list positions in brackets; ``""`` for the whole record.
        message: What is wrong.
        hint: What to do; ``""`` when the message says it.
        rule: Name of the rule that found it, such as ``references-exist``; ``""`` where rules have no names.
    """

    path: str
    line: int
    pointer: str
    message: str
    hint: str = ""
    rule: str = ""

    def __str__(self) -> str:
        """``path:line: pointer: message (hint)``, which editors can follow."""
        field = f"{self.pointer}: " if self.pointer else ""
        cure = f" ({self.hint})" if self.hint else ""
        return f"{self.path}:{self.line}: {field}{self.message}{cure}"


class KgError(Exception):
    """Base of every error that STKG raises on purpose.

    Attributes:
        summary: One line for people.
        problems: Places to mend, possibly none.
    """

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 500

    def __init__(self, summary: str, problems: Iterable[Problem] = ()) -> None:
        super().__init__(summary)
        self.summary = summary
        self.problems = tuple(problems)


class CatalogError(KgError):
    """The curator has to mend one or more files under ``data/``."""

    code = "catalog"


class YamlError(CatalogError):
    """A file is not the YAML that records are written in."""

    code = "catalog-yaml"


class EditError(CatalogError):
    """A change would make records wrong; nothing was written."""

    code = "edit"


class UnknownRecordError(KgError):
    """Somebody asked for a record that is not in the graph."""

    code = "unknown-record"
    exit_code = 2
    http_status = 404


class WithdrawnRecordError(UnknownRecordError):
    """Somebody asked for a record that was withdrawn."""

    code = "withdrawn-record"
    http_status = 410


class OntologyError(KgError):
    """``ontology/`` is inconsistent, or the graph breaks its shapes."""

    code = "ontology"


class QueryError(KgError):
    """The asker has to mend the query or its parameters."""

    code = "query"
    exit_code = 2
    http_status = 400


class QuerySyntaxError(QueryError):
    """The text is not SPARQL."""

    code = "query-syntax"


class QueryParameterError(QueryError):
    """A parameter is missing, unknown, of the wrong type or out of range.

    Attributes:
        field: Name of the parameter, where it is known.
    """

    code = "query-parameter"
    http_status = 422
    field: str | None = None


class QueryForbiddenError(QueryError):
    """The query would leave the graph (``SERVICE``) or change it."""

    code = "query-forbidden"
    http_status = 403


class FederationError(KgError):
    """An endpoint that a query asks by ``SERVICE`` failed, or its answer cannot be used."""

    code = "service"
    exit_code = 3
    http_status = 502


class UnknownQueryError(QueryError):
    """No stored query has this name."""

    code = "unknown-query"
    http_status = 404


class QueryTimeoutError(QueryError):
    """The time for a query was over; its worker was stopped."""

    code = "query-timeout"
    http_status = 504


class BusyError(KgError):
    """Too many requests are waiting; asking again later helps."""

    code = "busy"
    exit_code = 3
    http_status = 429


class WorkerLostError(KgError):
    """The process that answered came to an end, for want of memory or by a hand from outside."""

    code = "worker-lost"
    exit_code = 3
    http_status = 503


class HealthError(KgError):
    """A server's look at itself found a fault."""

    code = "health"
    exit_code = 3
    http_status = 503


class ServerError(KgError):
    """The operator has to mend how the server is started."""

    code = "server"
    exit_code = 3


class QueryDefinitionError(KgError):
    """A file under ``queries/`` breaks the rules for stored queries."""

    code = "query-definition"


class FormatError(QueryError):
    """The asked output format does not exist or does not fit the result."""

    code = "format"
    http_status = 406


class StoreError(KgError):
    """The operator has to mend the store or its folder."""

    code = "store"
    exit_code = 3


class OutputError(KgError):
    """A file could not be written; what stood there before is untouched."""

    code = "output"
    exit_code = 3


class ImportSourceError(KgError):
    """A list or reference file cannot be read at all; single rows never raise this."""

    code = "import-source"
    exit_code = 2
    http_status = 422


class EnrichError(KgError):
    """The request to ask other services is wrong: a record, field, service, number or address."""

    code = "enrich"
    exit_code = 2
    http_status = 422


class FetchError(KgError):
    """A service could not be reached, or its answer cannot be used."""

    code = "fetch"
    exit_code = 3
    http_status = 502


class AnswerError(KgError):
    """What somebody told us of a new record cannot be used; nothing was written."""

    code = "answer"
    exit_code = 2
    http_status = 422


class ImportChoiceError(KgError):
    """The parts of a plan that shall be written are not named so that they can be."""

    code = "import-choice"
    exit_code = 2
    http_status = 422


class ResourceMissingError(KgError):
    """``ontology/``, ``data/`` or ``queries/`` is not where the installation should have it."""

    code = "resource-missing"
    exit_code = 3
