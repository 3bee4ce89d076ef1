"""Patterns that an audit of the first catalog found behind wrong facts. Each can be right: a person has to look.

The audit's figures are in docs/audit-2026-11.md.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from kg.doctor.advice import Advice, Examination, Patient
from kg.importing.text import repository_of, title_key
from kg.iris import fold
from kg.model import Method, Paper, parse_reference

# Folders of other people's methods, of comparisons and of a paper's figures; not the method's own code.
_FOREIGN: Final = re.compile(
    r"(?:^|/)(?:benchmark\w*|baselines?\w*|compar\w*|(?:other|existing|competing)[_-]?methods?|external|third[_-]?party"
    r"|vendor\w*|reproduc\w*|paper\w*|evaluation\w*|figures?\w*|tests?|\.github)/",
    re.IGNORECASE,
)
# Task -> beginnings of words that a title may have for another reason.
_STEMS: Final = {
    "slice-alignment": ("align",),
    "gene-imputation": ("enhanc", "imput"),
    "cell-type-annotation": ("annotat",),
    "spatial-domain-identification": ("cluster", "domain"),
    "cell-segmentation": ("segment",),
    "super-resolution": ("resol",),
    "denoising": ("denois",),
    "niche-analysis": ("niche",),
    "spatial-mapping": ("map",),
}
# Where such a word means something else.
_ELSEWHERE: Final = re.compile(
    r"\b(?:high|single[- ]cell|subcellular|cellular|pixel|low)[- ]resolution\b|\bspatially[- ]resolved\b"
    r"|\bdomain segmentation\b|\bsegmentation[- ]free\b|\bdenoising (?:auto[- ]?encoder|diffusion)\w*"
    r"|\b\w+[- ](?:independent|free)\b|\benhancers?\b|\bunannotated\b|\b\w+-annotated\b"
    r"|\b(?:cross-modal|modality|multimodal|embedding|feature|latent) alignment\b|\bmalignan\w+",
    re.IGNORECASE,
)
_SPATIAL: Final = re.compile(
    r"spati|\bst\b|transcriptom\w* slides?|tissue|histolog|histopatholog|visium|merfish|seqfish|xenium|cosmx|slide-?seq"
    r"|stereo-?seq|\bslices?\b|\bin[- ]situ\b|microenvironment|neighbo|niche|imaging|microscop|multiplex|codex|h&e"
    r"|slide|\bimage|\bspot|domain|subcellular|segmentation|\bmap\b|architecture|topolog|\bmorpholog|proxim|locali[sz]"
    r"|cartograph|atlas",
    re.IGNORECASE,
)
# Tasks that nothing but spatial data poses.
_SPATIAL_TASKS: Final = re.compile(
    r"spatial|slice|histology|niche|3d-|subcellular|segmentation|super-resolution|deconvolution|image"
)
_PREPRINT_PLACE: Final = re.compile(r"biorxiv|medrxiv|arxiv\.org|arxiv:|10\.1101/|preprint|10\.48550/", re.IGNORECASE)
_PREPRINT_DOI: Final = ("10.1101/", "10.48550/", "10.64898/", "10.21203/", "10.2139/")


def titles_as_tasks(patient: Patient) -> Examination:
    """Tasks from a word of the title that stands inside another word, in the method's name, or in a set phrase."""
    for key, method in patient.methods.items():
        paper = patient.introduced(method)
        for index, link in enumerate(method.tasks):
            of_title = "title" in (link.note or "") or any("title" in text for text in link.sources)
            stems = _STEMS.get(link.task)
            if paper is None or not of_title or stems is None:
                continue
            if word := _misread(paper.title, stems, method):
                message = f"{method.name} has the task {link.task}; the title says {word!r}"
                yield Advice("title-word", "method", key, message, ("tasks", index), f"stkg show method:{key}")


def _misread(title: str, stems: tuple[str, ...], method: Method) -> str:
    """The word that was misread, or ``""`` when the title has a sound one, or none."""
    names = {fold(name) for name in (method.name, *method.synonyms)}
    rest = _ELSEWHERE.sub(lambda match: "_" * len(match.group()), title)
    found = ""
    for match in re.finditer(r"[\w-]+", title):
        word = match.group()
        hits = [stem for stem in stems if stem in word.lower()]
        if not hits:
            continue
        sound = any(re.search(rf"(?:^|-){stem}", word.lower()) for stem in hits)
        if sound and fold(word) not in names and rest[match.start() : match.end()] == word:
            return ""
        found = found or word
    return found


def copied_code(patient: Patient) -> Examination:
    """Frameworks and languages all of whose places are folders of other methods, or notebooks."""
    for key, method in patient.methods.items():
        for field, name in (("frameworks", "framework"), ("languages", "language")):
            for index, link in enumerate(getattr(method, field)):
                places = list(_paths(link.sources))
                if len(places) < len(link.sources) or not places:
                    continue
                what = f"{method.name} has the {name} {getattr(link, name)}"
                if all(_FOREIGN.search(place) for place in places):
                    message = f"{what} only from {places[0]}"
                    yield Advice("copied-code-only", "method", key, message, (field, index))
                elif all(".ipynb" in place for place in places) and link.strength == "strong" and not link.note:
                    yield Advice("notebook-only", "method", key, f"{what} only from {places[0]}", (field, index))


def _paths(references: Iterable[str]) -> Iterator[str]:
    """Paths in repositories; references of other forms are left out."""
    for text in references:
        parts = parse_reference(text) or {}
        if "repository" in parts and "path" in parts:
            yield parts["path"]


def starmap_calls(patient: Patient) -> Examination:
    """STARmap data sets whose only places are lines of Python code."""
    for key, method in patient.methods.items():
        for index, link in enumerate(method.datasets):
            dataset = patient.catalog.datasets.get(link.dataset)
            places = list(_paths(link.sources))
            if dataset is None or "starmap" not in fold(dataset.label) or len(places) < len(link.sources):
                continue
            if places and all(re.search(r"\.py(?::\d+)?$", place) for place in places):
                message = f"{method.name} was shown on {dataset.label}, says {places[0]}"
                yield Advice("starmap-call", "method", key, message, ("datasets", index))


def years_of_papers(patient: Patient) -> Examination:
    """Years that do not fit the arXiv id, the form of a bioRxiv DOI, or the day."""
    for key, paper in patient.papers.items():
        settled = any(conflict.field in {"year", "published_on"} for conflict in paper.conflicts)
        if message := "" if settled else _odd_year(paper):
            yield Advice("later-version-year", "paper", key, message, ("year",), f"stkg show paper:{key}")


def _odd_year(paper: Paper) -> str:
    if paper.year is None:
        return ""
    arxiv = re.fullmatch(r"(\d\d)(\d\d)\.\d+", paper.arxiv or "")
    if paper.kind == "preprint" and arxiv and not paper.doi and 2000 + int(arxiv[1]) != paper.year:
        return f"{paper.year}, but arXiv:{paper.arxiv} is of 20{arxiv[1]}"
    # bioRxiv's DOIs have carried a date since December 2019.
    if paper.kind == "preprint" and re.fullmatch(r"10\.1101/\d{5,6}", paper.doi or "") and paper.year > 2019:
        return f"{paper.year}, but the undated DOI {paper.doi} was given before 2020"
    if paper.published_on and paper.year < paper.published_on.year:
        return f"{paper.year}, but it was first online on {paper.published_on}"
    older = [version.year for version in paper.versions if version.kind == "preprint" and version.year]
    if paper.kind != "preprint" and older and min(older) > paper.year:
        return f"{paper.year}, but its preprint is of {min(older)}"
    return ""


def titles_of_preprints(patient: Patient) -> Examination:
    """Published papers whose title or authors come from a place that cites the preprint."""
    for key, paper in patient.papers.items():
        if not paper.doi or paper.doi.startswith(_PREPRINT_DOI):
            continue
        for field, sources in (
            ("title", paper.sources.get("title", ())),
            ("authors", paper.authors.sources if paper.authors else ()),
        ):
            if sources and all(_PREPRINT_PLACE.search(text) for text in sources):
                message = f"{field} of {paper.doi} from {sources[0]}"
                yield Advice("preprint-title", "paper", key, message, (field,), f"stkg show paper:{key}")


def doubts_of_scope(patient: Patient) -> Examination:
    """Methods without a spatial word in name, title or summary, and without spatial task or data set."""
    for key, method in patient.methods.items():
        paper = patient.introduced(method)
        texts = [method.name, *method.synonyms, method.summary or "", paper.title if paper else ""]
        if paper is None or method.datasets or any(_SPATIAL.search(text) for text in texts):
            continue
        sure = [link.task for link in method.tasks if link.strength == "strong" and _SPATIAL_TASKS.search(link.task)]
        if not sure:
            message = f"{method.name} has no spatial word: {paper.title}"
            yield Advice("scope-doubt", "method", key, message, command=f"stkg show method:{key}")


def names_of_methods(patient: Patient) -> Examination:
    """Names that nearly equal the repository's, and names that are descriptions."""
    for key, method in patient.methods.items():
        repository = repository_of(method.repository.url) if method.repository else None
        spelt = {title_key(name) for name in (method.name, *method.synonyms)}
        one, two = title_key(method.name), title_key((repository or "").split("/")[-1])
        added = one.startswith(two) or two.startswith(one)  # such as "-py", or the number of a version
        if min(len(one), len(two)) >= 5 and two not in spelt and not added and _distance(one, two) <= 2:
            message = f"{method.name}, but its repository is {repository}"
            yield Advice("name-spelling", "method", key, message, ("name",), f"stkg show method:{key}")
        if len(method.name.split()) >= 5 or re.search(r"['’]s (?:method|approach)", method.name):
            yield Advice("no-name", "method", key, f"{method.name!r} is no name", ("name",), f"stkg show method:{key}")


def _distance(one: str, two: str) -> int:
    """Edit distance (insert, delete, replace) of two short words; 3 when it is more than two."""
    if abs(len(one) - len(two)) > 2:
        return 3
    row = list(range(len(two) + 1))
    for i, letter in enumerate(one, start=1):
        previous, row[0] = row[0], i
        for j, other in enumerate(two, start=1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (letter != other))
    return min(row[-1], 3)
