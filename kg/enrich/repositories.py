"""Ask GitHub about a method's repository, and compare."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from kg.enrich.github import (
    RepositoryState,
    last_page,
    read_commit_day,
    read_license,
    read_repository,
)
from kg.enrich.proposals import Disagreement, Proposal, Right, Verdict
from kg.enrich.saved import Answer
from kg.enrich.services import SERVICES, github_path
from kg.enrich.telling import Asked
from kg.importing.text import repository_of
from kg.model import Catalog, Method

FIELDS: Final = ("licenses", "first_commit", "last_commit", "archived")
_LABEL: Final = SERVICES["github"].label


def github_name(method: Method) -> str | None:
    """``owner/name`` of a method's repository at GitHub, or None."""
    url = method.repository.url if method.repository else ""
    return repository_of(url) if url.lower().startswith(("https://github.com/", "http://github.com/")) else None


def lacks(method: Method) -> frozenset[str]:
    """What is unknown of a method's repository."""
    if method.repository is None:
        return frozenset()
    found = {name for name in ("first_commit", "last_commit", "archived") if getattr(method.repository, name) is None}
    return frozenset(found | ({"licenses"} if not method.licenses else set()))


def judge_repository(method: Method, fields: frozenset[str], asked: Asked, catalog: Catalog) -> Verdict:
    """Ask for what is missing of a repository, and compare the rest.

    Args:
        method: A method with a repository at GitHub.
        fields: Fields that may be asked for.
        asked: Keeps the account.
        catalog: For the licences.
    """
    verdict = Verdict([], [])
    name = github_name(method)
    if name is None:
        return verdict
    record = f"method/{method.id}"
    got = asked.ask(record, "github", lambda: github_path(name))
    if got is None:
        return verdict
    state = read_repository(got[0])
    if state is None:
        asked.refuse(record, "github", "the answer is not about a repository")
        return verdict
    asked.accept(record, "github", got[1], [f"repository {name}"], 0.99)
    line = asked.questions
    verdict.disagreements += _state_differences(method, name, state, line, catalog)
    if state.archived is not None and method.repository and method.repository.archived is None:
        verdict.proposals.append(_part(line, method, "archived", state.archived, got[1]))
    if not method.licenses:
        verdict.proposals += _license(method, name, state, got[1], asked, catalog)
    if fields & {"first_commit", "last_commit"}:
        _commits(method, name, state, asked, verdict)
    return verdict


def _part(line: int, method: Method, name: str, value: object, answer: Answer) -> Proposal:
    return Proposal(line, "method", method.id, f"repository.{name}", value, (answer.url,), (_LABEL,))


def _differs(
    line: int, method: Method, rule: str, field: str, listed: object, ours: object, right: Right, why: str
) -> Disagreement:
    return Disagreement(line, f"method/{method.id}", rule, field, str(listed), str(ours), right, why)


def _state_differences(
    method: Method, name: str, state: RepositoryState, line: int, catalog: Catalog
) -> Iterator[Disagreement]:
    if state.name.lower() != name.lower():
        why = "GitHub leads the old address to the new one"
        yield _differs(line, method, "moved", "repository", state.name, name, "list", why)
    ours = {catalog.licenses[g.license].spdx for g in method.licenses if g.license in catalog.licenses}
    if ours and state.spdx and not any(_same_license(state.spdx, spdx) for spdx in ours if spdx):
        why = "GitHub recognises the licence file of the newest commit; we name the commit that was read"
        shown = ", ".join(sorted(g.license for g in method.licenses))
        yield _differs(line, method, "other-licence", "licenses", state.spdx, shown, "unsettled", why)
    archived = method.repository.archived if method.repository else None
    if archived is not None and state.archived is not None and archived != state.archived:
        why = "GitHub says what holds today"
        yield _differs(line, method, "stale", "repository.archived", state.archived, archived, "list", why)


def _same_license(one: str, other: str) -> bool:
    """Whether two SPDX identifiers name one text; GNU licences have an old and a new form of each."""

    def bare(spdx: str) -> str:
        return spdx.lower().removesuffix("-only").removesuffix("-or-later").removesuffix("+")

    return bare(one) == bare(other)


def _license(
    method: Method, name: str, state: RepositoryState, answer: Answer, asked: Asked, catalog: Catalog
) -> Iterator[Proposal]:
    spdx, source, line = state.spdx, answer, asked.questions
    if not spdx:
        got = asked.ask(f"method/{method.id}", "github", lambda: github_path(name, "/license"))
        if got is None:
            return
        spdx, source, line = read_license(got[0]), got[1], asked.questions
        if not spdx:
            asked.refuse(f"method/{method.id}", "github", "GitHub does not recognise the licence file: read it")
            return
        asked.accept(f"method/{method.id}", "github", source, [f"repository {name}"], 0.99)
    fitting = [k for k, known in sorted(catalog.licenses.items()) if known.spdx and _same_license(known.spdx, spdx)]
    exact = [k for k in fitting if catalog.licenses[k].spdx == spdx]
    hindrance = "" if fitting else "no licence with this SPDX identifier is in licenses.yaml: add it there first"
    value: Any = {"license": (exact or fitting or [spdx])[0]}
    yield Proposal(line, "method", method.id, "licenses", value, (source.url,), (_LABEL,), hindrance)


def _commits(method: Method, name: str, state: RepositoryState, asked: Asked, verdict: Verdict) -> None:
    newest = _commit_day(method, name, "/commits?per_page=1", asked)
    if newest is None or method.repository is None:
        return
    line, (day, answer) = asked.questions, newest
    last = method.repository.last_commit
    if last is None:
        verdict.proposals.append(_part(line, method, "last_commit", day.isoformat(), answer))
    elif day > last:
        why = "there are newer commits than the one that was read"
        verdict.disagreements.append(_differs(line, method, "stale", "repository.last_commit", day, last, "list", why))
    if method.repository.first_commit is not None or state.fork:
        return  # the first commit of a fork is another repository's
    page = last_page(answer.headers.get("link", ""))
    oldest = (day, answer) if page is None else _commit_day(method, name, f"/commits?per_page=1&page={page}", asked)
    if oldest is not None:
        verdict.proposals.append(_part(asked.questions, method, "first_commit", oldest[0].isoformat(), oldest[1]))


def _commit_day(method: Method, name: str, part: str, asked: Asked) -> tuple[date, Answer] | None:
    record = f"method/{method.id}"
    got = asked.ask(record, "github", lambda: github_path(name, part))
    if got is None:
        return None
    day = read_commit_day(got[0])
    if day is None:
        asked.refuse(record, "github", "the answer holds no commit")
        return None
    asked.accept(record, "github", got[1], [f"repository {name}"], 0.99)
    return day, got[1]
