"""The findings that the doctor knows, and one piece of advice."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from kg.doctor.use import Use
from kg.importing.known import Known
from kg.model import Catalog, Method, Paper

Steps = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A kind of advice.

    Attributes:
        code: Stable name.
        group: Name of the group that it belongs to.
        weight: How much it matters when two records are used alike; from 1 to 5.
        meaning: What is found.
        cure: What to do.
    """

    code: str
    group: str
    weight: float
    meaning: str
    cure: str


_ROWS: Final = (
    ("no-paper", "missing", 3, "A method has no paper.", "look for the paper in the README and link it under papers"),
    ("no-doi", "missing", 4, "A paper has neither DOI nor arXiv id.", "look its title up and add doi or arxiv"),
    ("no-year", "missing", 3, "A paper has no year.", "add the year of the version that the DOI belongs to"),
    ("no-authors", "missing", 4, "A paper has no authors.", "copy the author list from the paper's page, in order"),
    ("cut-authors", "missing", 3, "An author list is cut.", "complete the list from the paper's page"),
    ("no-code", "missing", 2, "A method has no source code.", "look for the code in the paper; add repository"),
    (
        "no-licence",
        "missing",
        2,
        "A method's source code has no licence.",
        "read the repository's licence file; where there is none, ask its authors to add one",
    ),
    ("no-dataset", "missing", 1, "A method names no data set.", "add the data sets that the paper or README shows"),
    ("no-task", "missing", 3, "A method has no task.", "add the tasks that the paper names"),
    (
        "same-repository",
        "duplicate",
        4,
        "Methods share one repository, and no lineage links them.",
        "merge them (stkg merge), or say how they hang together under lineage",
    ),
    (
        "same-paper",
        "duplicate",
        4,
        "One paper introduces several methods that share name or code.",
        "merge them (stkg merge), or let the paper introduce one and describe the others",
    ),
    (
        "similar-name",
        "duplicate",
        5,
        "Methods have one name but for case and punctuation, or nearly one name and other things in common.",
        "merge them (stkg merge), or tell them apart in the name: 'NAME (id)'",
    ),
    (
        "similar-title",
        "duplicate",
        5,
        "Papers have nearly one title, or one list of authors and like titles.",
        "if they are one work, merge them (stkg merge) and keep both identifiers under versions",
    ),
    (
        "same-person",
        "duplicate",
        2,
        "Two people may be one.",
        "look for an ORCID or shared co-authors; with evidence, give both names one id in authors.yaml",
    ),
    (
        "framework-language",
        "contradiction",
        3,
        "A method imports a framework of a language that it is not written in.",
        "add the language, or drop the framework when only copied code imports it",
    ),
    (
        "lineage-against-time",
        "contradiction",
        4,
        "A method comes from one that was published later.",
        "check years and direction; perhaps both took the code from a third",
    ),
    (
        "compared-before",
        "contradiction",
        2,
        "A method was compared with one that was published years later.",
        "check whether another method of that name is meant",
    ),
    (
        "several-licences",
        "contradiction",
        3,
        "A method has several licences and no note says why.",
        "read the licence files; put the value that does not hold under conflicts, or add notes",
    ),
    (
        "superseded",
        "age",
        1,
        "A newer method says that it supersedes this one.",
        "check that tasks and comparisons stand with the one that they are about",
    ),
    (
        "old-code",
        "age",
        1,
        "The code has not changed for four years or more.",
        "see whether the code moved or was archived; if so, correct repository",
    ),
    (
        "archived",
        "age",
        2,
        "The repository was made read-only by its owner.",
        "see whether the code went on elsewhere; if so, link that, and say it in a note",
    ),
    (
        "old-preprint",
        "age",
        3,
        "A preprint is two years old or more and has no journal version.",
        "look for the journal version; then move the preprint under versions",
    ),
    (
        "task-too-full",
        "tasks",
        2,
        "A task has more than 100 methods and no narrower task.",
        "see whether two kinds of problem hide in it; propose narrower tasks in an issue",
    ),
    (
        "task-too-empty",
        "tasks",
        1,
        "A task has fewer than five methods, those of narrower tasks included.",
        "look for methods that solve it, or propose to join it with a near task",
    ),
    (
        "weak-facts",
        "weak",
        2,
        "Facts of a method rest on weak evidence.",
        "read the paper or code; then replace the source and remove strength: weak, or remove the fact",
    ),
    (
        "title-word",
        "suspicious",
        3,
        "A task rests on a word of the title that means something else there.",
        "read the abstract; remove the task or give a better source",
    ),
    (
        "copied-code-only",
        "suspicious",
        3,
        "A framework or language stands only in folders of baselines, benchmarks or copied code.",
        "look for a use in the method's own code; else remove the fact",
    ),
    (
        "notebook-only",
        "suspicious",
        1,
        "A framework stands only in a notebook, and the fact does not say so.",
        "mark it strength: weak with a note, or cite the method's own code",
    ),
    (
        "starmap-call",
        "suspicious",
        4,
        "A STARmap data set rests on a line of code; starmap is also a function of Python.",
        "read the line; remove the fact when it calls pool.starmap()",
    ),
    (
        "later-version-year",
        "suspicious",
        3,
        "The year of a paper looks like that of another version.",
        "compare with the page of the version that the DOI belongs to",
    ),
    (
        "preprint-title",
        "suspicious",
        3,
        "Title or authors of a published paper come from a place that cites the preprint.",
        "copy them from the journal's page, or note that they agree",
    ),
    (
        "scope-doubt",
        "suspicious",
        2,
        "A spatial method without any word, data set or technology that is spatial.",
        "read the abstract; set scope and scope_note, or add what makes it spatial",
    ),
    (
        "name-spelling",
        "suspicious",
        3,
        "A method's name differs by one or two letters from that of its repository.",
        "see how the README spells the name; keep the other as a synonym",
    ),
    (
        "no-name",
        "suspicious",
        2,
        "A method's name is a description.",
        "find the name its authors use; if it is no method, set scope: resource",
    ),
    (
        "heading-against-title",
        "suspicious",
        3,
        "A task rests on lists alone, and the title says another task and nothing of this one.",
        "read README or abstract; cite it, set strength: weak, remove the task, or say in a note why it holds",
    ),
    (
        "own-decision",
        "suspicious",
        3,
        "A task or data set rests on a decision of ours alone, and is not weak.",
        "cite the place that says it, or set strength: weak",
    ),
    (
        "dataset-place",
        "suspicious",
        3,
        "A data set rests on a file of data or pictures, or on a place without a line, and no note says why.",
        "cite the line that names the data set; else set strength: weak or write a note",
    ),
    (
        "unplaced-dataset",
        "suspicious",
        2,
        "A data set that methods were shown on has neither address nor accession nor paper.",
        "look in the READMEs and papers of its methods; add urls, accessions or paper",
    ),
    (
        "title-of-readme",
        "suspicious",
        2,
        "A title stands only at the top of a README, and no identifier or venue is known; it may be a mere heading.",
        "look for the paper; else say in the sources that no paper was found",
    ),
    (
        "list-title",
        "suspicious",
        2,
        "A title of lists alone has what looks like a slip: no hyphen, no blank, or a name put before it.",
        "compare with the paper's page and cite that",
    ),
    (
        "family-first",
        "suspicious",
        3,
        "Authors are printed with the family name first.",
        "write given name and family name as on the paper, and keep the ids",
    ),
    (
        "initials-only",
        "suspicious",
        1,
        "All authors of a paper with a DOI have initials only.",
        "copy the names from the paper's page; note it when the paper prints initials",
    ),
    (
        "list-errors",
        "lists",
        2,
        "A source list has errors that its maintainers could mend.",
        "send the note upstream",
    ),
    ("list-unresolved", "lists", 2, "An entry of a source list is not resolved.", "find out what the entry means"),
    (
        "link-gone",
        "links",
        4,
        "An address leads nowhere (--online).",
        "look for where the thing went; correct the address, or remove it",
    ),
    ("link-moved", "links", 2, "An address moved for good (--online).", "open the new address, then write it instead"),
    (
        "link-unreachable",
        "links",
        1,
        "An address could not be checked (--online).",
        "open it in a browser; many sites let no programs in",
    ),
)
FINDINGS: Final = {row[0]: Finding(*row) for row in _ROWS}
GROUPS: Final = tuple(dict.fromkeys(finding.group for finding in FINDINGS.values()))


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do.

    Attributes:
        code: One of :data:`FINDINGS`.
        kind: Kind of the record.
        key: Its id.
        message: What was found there.
        steps: Where in the record.
        command: A command that helps, or ``""``.
        use: How much the record is used.
        path: File, relative to the data folder.
        line: 1-based line in it.
    """

    code: str
    kind: str
    key: str
    message: str
    steps: Steps = ("id",)
    command: str = ""
    use: Use = field(default_factory=Use)
    path: str = ""
    line: int = 0

    @property
    def finding(self) -> Finding:
        """The kind of advice."""
        return FINDINGS[self.code]

    @property
    def score(self) -> float:
        """What the advice is ranked by: weight of the finding times use of the record."""
        return round(self.finding.weight * self.use.factor, 2)

    def to_dict(self) -> dict[str, Any]:
        """The advice for programs."""
        return {
            "finding": self.code,
            "group": self.finding.group,
            "record": f"{self.kind}/{self.key}",
            "path": self.path,
            "line": self.line,
            "message": self.message,
            "cure": self.finding.cure,
            "command": self.command,
            "score": self.score,
            "weight": self.finding.weight,
            "use": self.use.total(),
            "why": str(self.use),
        }


@dataclass(frozen=True)
class Patient:
    """What examinations look at.

    Attributes:
        catalog: All records.
        today: The day that ages are counted to.
        methods: Current methods of spatial omics.
        papers: Current papers that such a method links to.
        known: The catalog, indexed by names and identifiers.
    """

    catalog: Catalog
    today: date
    methods: dict[str, Method]
    papers: dict[str, Paper]
    known: Known

    @classmethod
    def of(cls, catalog: Catalog, today: date) -> "Patient":
        """The records that advice is about; what is out of scope, merged or withdrawn needs none."""
        methods = {key: m for key, m in catalog.methods.items() if m.status == "current" and m.scope == "spatial"}
        linked = {link.paper for method in methods.values() for link in method.papers}
        papers = {key: p for key, p in catalog.papers.items() if p.status == "current" and key in linked}
        return cls(catalog, today, methods, papers, Known(catalog))

    def introduced(self, method: Method) -> Paper | None:
        """The paper that introduced a method."""
        found = (self.catalog.papers.get(link.paper) for link in method.papers if link.role == "introduces")
        return next((paper for paper in found if paper), None)

    def year(self, key: str) -> int | None:
        """Year in which a method was first published, as preprint or otherwise."""
        method = self.catalog.methods.get(key)
        paper = self.introduced(method) if method else None
        if paper is None:
            return None
        years = [paper.year, *(version.year for version in paper.versions)]
        return min((year for year in years if year), default=None)


Examination = Iterator[Advice]
