"""The record of a computational method."""

from typing import Literal

from kg.model.base import Commit, Conflict, Day, Lifecycle, References, Renamable, Slug, Sourced, Text, Url

EvidenceLevel = Literal["repository", "indexed-readme", "catalog-with-doi", "catalog-only"]
LineageRelation = Literal["extends", "reuses-code-of", "reimplements", "supersedes"]


class PaperLink(Sourced):
    """A paper about the method; ``introduces`` marks the one that first published it."""

    paper: Slug
    role: Literal["introduces", "describes"]


class Repository(Sourced):
    """The method's own source code.

    Attributes:
        url: Page of the repository.
        commit: Commit that was read.
        first_commit: Date of the oldest commit (UTC day).
        last_commit: Date of the newest commit at the time of reading.
        archived: Whether its owner made it read-only; absent when no source says.
    """

    url: Url
    commit: Commit | None = None
    first_commit: Day | None = None
    last_commit: Day | None = None
    archived: bool | None = None


class LanguageUse(Sourced):
    """A language the method itself is written in; code of baselines does not count."""

    language: Slug


class FrameworkUse(Sourced):
    """A framework; ``imports`` by the method's own code, or only ``declares`` it as a dependency."""

    framework: Slug
    use: Literal["imports", "declares"]


class LicenseGrant(Sourced):
    """A licence of the source code."""

    license: Slug


class TaskLink(Sourced):
    """A task the method solves."""

    task: Slug


class DatasetUse(Sourced):
    """A data set the method was shown on."""

    dataset: Slug


class Requirement(Sourced):
    """A package the method's documentation asks for.

    Attributes:
        package: Name as printed.
        version: Version or range as printed, such as ``>=1.8.0``.
        framework: The framework record for that package, when there is one.
    """

    package: Text
    version: Text | None = None
    framework: Slug | None = None


class Lineage(Sourced):
    """How this method comes from an older one. Being compared with it is not lineage."""

    relation: LineageRelation
    method: Slug


class Comparison(Sourced):
    """Another method that this one was compared with, by its own authors."""

    method: Slug


class Method(Lifecycle):
    """One computational method.

    Attributes:
        summary: What it does, in one sentence of our own.
        evidence_level: The best kind of place that was read for this record.
        sources: Sources of the scalar fields, by field name.
    """

    id: Slug
    name: Text
    synonyms: tuple[Text, ...] = ()
    summary: Text | None = None
    evidence_level: EvidenceLevel
    papers: tuple[PaperLink, ...] = ()
    repository: Repository | None = None
    languages: tuple[LanguageUse, ...] = ()
    frameworks: tuple[FrameworkUse, ...] = ()
    licenses: tuple[LicenseGrant, ...] = ()
    tasks: tuple[TaskLink, ...] = ()
    datasets: tuple[DatasetUse, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    lineage: tuple[Lineage, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    sources: dict[Text, References]


class Benchmark(Renamable):
    """A public comparison of many methods, with the methods it runs."""

    id: Slug
    label: Text
    synonyms: tuple[Text, ...] = ()
    task: Slug
    repository: Url | None = None
    commit: Commit | None = None
    doi: Text | None = None
    methods: tuple[Slug, ...]
    sources: References
