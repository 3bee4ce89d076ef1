"""Mint and read STKG's IRIs, slugs and CURIEs. The only module that knows the base IRI.

Everything here is pure text. Nodes that have no name of their own (claims, evidence) get an IRI from a hash of what
they say, so that the same statement has the same IRI in every build and the data need no blank nodes.
"""

import re
import unicodedata
from typing import Final, NamedTuple

BASE: Final = "https://w3id.org/stkg/"
ONTOLOGY: Final = BASE + "ontology"
TERMS: Final = ONTOLOGY + "#"
TASK_SCHEME: Final = BASE + "task/scheme"

# Vocabularies whose properties stand in answers; the whole map is ontology/prefixes.yaml.
_SHORT: Final = {
    "stkg": TERMS,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "schema": "https://schema.org/",
}

RECORD_KINDS: Final = (
    "method",
    "paper",
    "author",
    "task",
    "dataset",
    "framework",
    "language",
    "license",
    "technology",
    "venue",
    "benchmark",
    "source",
)

SLUG_PATTERN: Final = r"[a-z0-9]+(-[a-z0-9]+)*"
_SLUG = re.compile(SLUG_PATTERN)
_CURIE = re.compile(rf"(?:stkg\.)?({'|'.join(RECORD_KINDS)}):({SLUG_PATTERN})")
# The scheme of the tasks stands among them and is no task.
_RECORD_IRI = re.compile(
    rf"{re.escape(BASE)}(?!task/scheme\Z)(?P<graph>graph/)?(?P<kind>{'|'.join(RECORD_KINDS)})/(?P<slug>{SLUG_PATTERN})"
    r"(?P<part>/.*)?"
)
# Letters that Unicode decomposition leaves alone.
_FOLDS: Final = str.maketrans(
    {
        "ø": "o",
        "Ø": "O",
        "ł": "l",
        "Ł": "L",
        "ß": "ss",
        "æ": "ae",
        "Æ": "Ae",
        "œ": "oe",
        "Œ": "Oe",
        "đ": "d",
        "Đ": "D",
        "ı": "i",
    }
)


def is_slug(text: str) -> bool:
    """Whether ``text`` can stand at the end of a record's IRI.

    >>> is_slug("st-net"), is_slug("ST Net"), is_slug("-x")
    (True, False, False)
    """
    return _SLUG.fullmatch(text) is not None


def slugify(text: str) -> str:
    """Fold text to a slug: ASCII, lower case, single hyphens.

    Args:
        text: Any text; letters outside Latin that have no ASCII form are written as their code point. Punctuation
            of any script parts words, as a hyphen does.

    Returns:
        A slug, or ``""`` when the text has no letter or digit.

    Example:
        >>> slugify("Åke Borg"), slugify("O'Neil, J."), slugify("Pe’er"), slugify("王伟")
        ('ake-borg', 'o-neil-j', 'pe-er', 'u738b-u4f1f')
    """
    folded = unicodedata.normalize("NFKD", text.translate(_FOLDS))
    ascii_text = "".join(
        c if c.isascii() else f" u{ord(c):x} " if c.isalnum() else " " for c in folded if not unicodedata.combining(c)
    )
    return "-".join(re.findall(r"[a-z0-9]+", ascii_text.lower()))


def fold(text: str) -> str:
    """Fold case, accents, hyphens and blanks.

    >>> fold("  Scikit-Learn "), fold("Åke Borg"), fold("spot  deconvolution")
    ('scikit learn', 'ake borg', 'spot deconvolution')
    """
    # Twice, because some letters that look like capitals are only capitals when decomposed.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept = (c if c.isalnum() or c in "+#" else " " for c in decomposed if not unicodedata.combining(c))
    return " ".join("".join(kept).split())


def record_iri(kind: str, slug: str) -> str:
    """IRI of a record.

    >>> record_iri("method", "graphst")
    'https://w3id.org/stkg/method/graphst'
    """
    return f"{BASE}{kind}/{slug}"


def graph_iri(kind: str, slug: str) -> str:
    """IRI of the named graph that holds one record's statements.

    >>> graph_iri("method", "graphst")
    'https://w3id.org/stkg/graph/method/graphst'
    """
    return f"{BASE}graph/{kind}/{slug}"


def part_iri(kind: str, slug: str, part: str, key: str | int) -> str:
    """IRI of something that exists only inside one record, such as an authorship.

    >>> part_iri("paper", "graphst-2023", "authorship", 1)
    'https://w3id.org/stkg/paper/graphst-2023/authorship/1'
    """
    return f"{BASE}{kind}/{slug}/{part}/{key}"


def content_iri(kind: str, *content: str) -> str:
    """IRI made from what a node says, for claims and evidence.

    Args:
        kind: First path segment, such as ``claim``.
        content: The parts that make the node what it is; their order counts.

    Returns:
        ``BASE<kind>/<24 hex digits>``: 96 bits, so that two of a million nodes collide with odds under 1e-16.
    """
    import hashlib  # slow to import, and looking records up needs none of it

    digest = hashlib.blake2b("\x1f".join(content).encode(), digest_size=12).hexdigest()
    return f"{BASE}{kind}/{digest}"


def parse_record_iri(iri: str) -> tuple[str, str] | None:
    """Kind and slug of a record's IRI, or None for any other IRI.

    >>> parse_record_iri("https://w3id.org/stkg/task/denoising")
    ('task', 'denoising')
    >>> parse_record_iri("https://w3id.org/stkg/task/scheme")
    """
    place = place_of(iri)
    return (place.kind, place.slug) if place and not place.in_graph and not place.part else None


class RecordPlace(NamedTuple):
    """What an IRI inside a record says.

    Attributes:
        in_graph: Whether it names the record's graph, or a part of that.
        kind: Kind of the record.
        slug: Its id.
        part: What follows the id, with its slash; ``""`` for the record as a whole.
    """

    in_graph: bool
    kind: str
    slug: str
    part: str


def place_of(iri: str) -> RecordPlace | None:
    """The record that an IRI is of, be it the record's own, its graph's or a part's; None for any other IRI.

    >>> place_of("https://w3id.org/stkg/paper/graphst-2023/authorship/1")
    RecordPlace(in_graph=False, kind='paper', slug='graphst-2023', part='/authorship/1')
    """
    match = _RECORD_IRI.fullmatch(iri)
    return RecordPlace(bool(match["graph"]), match["kind"], match["slug"], match["part"] or "") if match else None


def parse_curie(text: str) -> tuple[str, str] | None:
    """Kind and slug of a CURIE, with or without the ``stkg.`` in front.

    >>> parse_curie("stkg.task:denoising"), parse_curie("task:denoising"), parse_curie("doi:10.1/x")
    (('task', 'denoising'), ('task', 'denoising'), None)
    """
    match = _CURIE.fullmatch(text)
    return (match[1], match[2]) if match else None


def compact(iri: str) -> str:
    """Short form of an IRI for people; IRIs of other vocabularies come back as they are.

    >>> compact("https://w3id.org/stkg/method/graphst")
    'stkg.method:graphst'
    """
    record = parse_record_iri(iri)
    if record is not None:
        return f"stkg.{record[0]}:{record[1]}"
    for prefix, base in _SHORT.items():
        if iri.startswith(base) and len(iri) > len(base):
            return f"{prefix}:{iri[len(base) :]}"
    return iri
