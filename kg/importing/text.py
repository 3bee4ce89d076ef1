"""Mend what copying did to a text, and find the identifiers in it."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple
from urllib.parse import unquote

from kg.iris import fold

# Characters that a UTF-8 byte becomes when it is read as Windows-1252.
_CP1252: Final = {bytes([code]).decode("cp1252", "ignore") or chr(code): code for code in range(0x80, 0x100)}
_SUSPECT: Final = re.compile(f"[{re.escape(''.join(_CP1252))}]{{2,}}")
# Bounds keep the time linear: without them each letter of a very long word begins a search of its own.
_BROKEN: Final = re.compile(r"(?<![^\W\d_])([^\W\d_]{2,40})- ([a-z]{2,40})\b")
_HANGING: Final = frozenset({"and", "or", "to", "und", "et", "nor", "versus", "vs"})
_BROKEN_DOI: Final = re.compile(r"(\b10\.\d{4,9}/[\w.()-]{4,200}-) ([\w]{1,4})(?=[\s.,;)|]|$)")
_DOI: Final = re.compile(r"\b10\.\d{4,9}/[^\s<>\"{}|\\^`\[\]]+", re.IGNORECASE)
# The day that bioRxiv and medRxiv write into the DOI of a preprint.
_DATED: Final = re.compile(r"10\.(?:1101|64898)/((?:19|20)\d\d)\.\d\d\.\d\d\.")
_ARXIV: Final = re.compile(r"(?:arxiv\.org/(?:abs|pdf|html)/|arxiv:\s?)(\d{4}\.\d{4,5})", re.IGNORECASE)
_PMID: Final = re.compile(r"(?:pubmed\.ncbi\.nlm\.nih\.gov/|ncbi\.nlm\.nih\.gov/pubmed/|PMID:? ?)([1-9]\d{3,8})\b")
_FORGE: Final = re.compile(
    r"(?:^|//)(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org)/([A-Za-z0-9][A-Za-z0-9-]{0,60})/([A-Za-z0-9._-]{1,100})",
    re.IGNORECASE,
)
_NATURE: Final = re.compile(r"nature\.com/articles/((?:s\d{5}|nmeth|nbt|nrg|ng|nature)[\w.-]*)")
_OUP: Final = re.compile(
    r"academic\.oup\.com/(\w+)/(?:advance-)?article/(?:doi/10\.\d+/\S*|[\w/]*?/)([a-z]{2,6}\d{3,4})\b"
)
_PREPRINT: Final = re.compile(r"(?:bio|med)rxiv\.org/content/(?:early/\d+/\d+/\d+/)?(10\.1101/[\d.]+|\d{6})")
_DOI_TAILS: Final = re.compile(
    r"(?:v\d{1,2})?(?:\.(?:full|abstract|short))?(?:\.pdf|\.article-info|-text|\+html)?(?:[?#].*)?$", re.IGNORECASE
)
PLACEHOLDER: Final = re.compile(
    r"\b(?:tbd|tba|todo|to be (?:added|announced|done)|coming (?:very )?soon|work in progress|lorem ipsum|xxx+)\b"
    r"|^\W*(?:n/?a|-+|\?+|\.\.\.)\W*$",
    re.IGNORECASE,
)


class Mended(NamedTuple):
    """A place that was mended: the line, what stood there, and what it is now."""

    line: int
    before: str
    after: str


def mend_mojibake(text: str) -> tuple[str, list[Mended]]:
    """Undo UTF-8 that was read as Windows-1252, stretch by stretch, where the bytes are sound UTF-8.

    >>> mend_mojibake("Chris RÃ©")
    ('Chris Ré', [Mended(line=1, before='RÃ©', after='Ré')])
    >>> mend_mojibake("naïve Åke")[1]
    []
    """
    found: list[Mended] = []

    def mended(stretch: str) -> str:
        try:
            return bytes(_CP1252[c] for c in stretch).decode("utf-8")
        except UnicodeDecodeError:
            return stretch

    lines = text.split("\n")
    for index, line in enumerate(lines):
        if line.isascii():
            continue
        changed = _SUSPECT.sub(lambda match: mended(match.group()), line)
        if changed == line:
            continue
        for word in line.split(" "):
            after = _SUSPECT.sub(lambda match: mended(match.group()), word)
            if after != word:
                found.append(Mended(index + 1, word[:80], after[:80]))
        lines[index] = changed
    return "\n".join(lines), found


def broken_words(text: str) -> list[tuple[str, str]]:
    """Words that a line break of the copied source cut in two, with what they most likely were.

    >>> broken_words("cell type deconvo- lution, single- and multi-cell")
    [('deconvo- lution', 'deconvolution')]
    """
    return [
        (match.group(), match.group(1) + match.group(2))
        for match in _BROKEN.finditer(text)
        if match.group(2) not in _HANGING
    ]


def join_words(text: str) -> str:
    """The text without the cuts that :func:`broken_words` reports.

    >>> join_words("spatial tran- scriptomics")
    'spatial transcriptomics'
    """
    joined = _BROKEN.sub(lambda m: m.group() if m.group(2) in _HANGING else m.group(1) + m.group(2), text)
    return _BROKEN_DOI.sub(r"\1\2", joined)


def clean_doi(text: str) -> str | None:
    """The first DOI in a text or address, lower case and without what belongs to a web address or sentence.

    >>> clean_doi("https://doi.org/10.1038/S41592-021-01264-7.")
    '10.1038/s41592-021-01264-7'
    >>> clean_doi("https://www.biorxiv.org/content/10.1101/2021.11.26.470166v2.full.pdf")
    '10.1101/2021.11.26.470166'
    """
    match = _DOI.search(unquote(text))
    if match is None:
        return None
    doi = "".join(c for c in match.group() if c.isprintable()).rstrip(".,;:'*_").lower()
    while doi.endswith(")") and doi.count(")") > doi.count("("):
        doi = doi[:-1].rstrip(".,;:")
    if doi.startswith(("10.1101/", "10.64898/")):
        doi = _DOI_TAILS.sub("", doi, count=1)
    return doi.split("?", 1)[0] if "?" in doi else doi


def doi_of(url: str) -> str | None:
    """The DOI that an address leads to: printed in it, or implied by the publisher's form of addresses.

    >>> doi_of("https://www.nature.com/articles/s41467-022-30033-z")
    '10.1038/s41467-022-30033-z'
    >>> doi_of("https://academic.oup.com/bib/article/25/2/bbae052/7618072")
    '10.1093/bib/bbae052'
    """
    found = clean_doi(url)
    if found is not None:
        return found
    if match := _NATURE.search(url):
        return "10.1038/" + match.group(1).lower().removesuffix(".pdf")
    if match := _OUP.search(url):
        return f"10.1093/{match.group(1)}/{match.group(2)}".lower()
    if match := _PREPRINT.search(url):
        return "10.1101/" + match.group(1).removeprefix("10.1101/")
    return None


def preprint_year(doi: str | None, arxivs: Sequence[str] = ()) -> int | None:
    """The year that the identifier of a preprint says, or None.

    >>> preprint_year("10.1101/2021.11.26.470166"), preprint_year(None, ["2306.01859"])
    (2021, 2023)
    """
    match = _DATED.match(doi or "")
    if match:
        return int(match.group(1))
    return 2000 + int(arxivs[0][:2]) if len(arxivs) == 1 else None


def arxiv_of(text: str) -> str | None:
    """The arXiv id in a text or address, without its version.

    >>> arxiv_of("https://arxiv.org/pdf/2306.01859v2"), arxiv_of("10.48550/arXiv.2306.01859")
    ('2306.01859', '2306.01859')
    """
    match = _ARXIV.search(text) or re.search(r"10\.48550/arxiv\.(\d{4}\.\d{4,5})", text, re.IGNORECASE)
    return match.group(1) if match else None


def pmid_of(text: str) -> str | None:
    """The PubMed id in a text or address."""
    match = _PMID.search(text)
    return match.group(1) if match else None


def repository_of(url: str) -> str | None:
    """``owner/name`` of a code repository's address.

    >>> repository_of("https://github.com/broadinstitute/Tangram.git#readme")
    'broadinstitute/Tangram'
    """
    match = _FORGE.search(url)
    if match is None or match.group(1).lower() in {"topics", "sponsors", "orgs", "users", "features", "search"}:
        return None
    return f"{match.group(1)}/{match.group(2).removesuffix('.git').rstrip('.')}"


def title_key(title: str) -> str:
    """A title folded so that case, accents, blanks, hyphens and punctuation do not matter.

    >>> title_key("Auto- encoder: a Map.") == title_key("auto-encoder - A map")
    True
    """
    return fold(title).replace(" ", "")


def same_address(url: str) -> str:
    """An address folded for comparison: without scheme, ``www.``, fragment and closing slash."""
    bare = re.sub(r"^https?://(?:www\.)?", "", url.strip(), flags=re.IGNORECASE).split("#", 1)[0]
    return bare.rstrip("/").lower()
