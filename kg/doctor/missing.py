"""What records lack."""

from kg.doctor.advice import Advice, Examination, Patient


def missing_of_methods(patient: Patient) -> Examination:
    """Methods without paper, code, licence, data set or task."""
    for key, method in patient.methods.items():
        show = f"stkg show method:{key}"
        if not method.papers:
            yield Advice("no-paper", "method", key, f"{method.name} has no paper", command=show)
        if method.repository is None:
            yield Advice("no-code", "method", key, f"{method.name} has no source code", command=show)
        elif not method.licenses:
            read = f", which was read at {method.repository.commit[:7]}" if method.repository.commit else ""
            message = f"{method.name} has no licence; its repository is {method.repository.url}{read}"
            yield Advice(
                "no-licence", "method", key, message, ("repository",), f"stkg enrich method/{key} --missing licenses"
            )
        if not method.datasets:
            yield Advice("no-dataset", "method", key, f"{method.name} names no data set", command=show)
        if not method.tasks:
            yield Advice("no-task", "method", key, f"{method.name} has no task", command=show)


def missing_of_papers(patient: Patient) -> Examination:
    """Papers without identifier, year or whole author list."""
    for key, paper in patient.papers.items():
        identified = paper.doi or paper.arxiv
        ask = f"stkg enrich paper/{key} --missing " if identified else ""
        if not identified:
            show = f"stkg show paper:{key}"
            yield Advice("no-doi", "paper", key, f"{paper.title} has no DOI or arXiv id", ("title",), show)
        if paper.year is None:
            yield Advice("no-year", "paper", key, f"{paper.title} has no year", ("title",), ask and f"{ask}year")
        if paper.authors is None:
            yield Advice(
                "no-authors", "paper", key, f"{paper.title} has no authors", ("title",), ask and f"{ask}authors"
            )
        elif not paper.authors.complete:
            message = f"{paper.title} has {len(paper.authors.names)} names of a longer list"
            yield Advice("cut-authors", "paper", key, message, ("authors", "complete"), ask and f"{ask}authors")
