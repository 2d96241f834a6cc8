"""Answered pairs become judgements beside those that stand: held to the checks, set against what is here. Writes nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from corpus import checks, merge
from corpus.judgement import Judgement, Judgements
from corpus.model import Holdings
from corpus.pairs.page import Answered
from corpus.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of the answers: each annotator's judgements as they now are, a decision for each pair, problems, and what was agreed."""

    judgements: tuple[Judgements, ...]
    decisions: tuple[tuple[str, merge.Decision], ...]
    problems: tuple[Problem, ...]
    met: Mapping[str, str]


def take(holdings: Holdings, arrived: Iterable[tuple[str, str, Answered]], met: Mapping[str, str], *, overwrite: bool) -> Taken:
    """Lay every sound answer beside what stands, with the place that it came from: a file or words, and a pointer.

    `met` tells what each answer was when the two sides last agreed, as it does of layers.
    """
    arrived = list(arrived)
    standing = {one.annotator: one.by_pair() for one in holdings.judged.values()}
    agreed, decisions = dict(met), []
    problems = [problem for _, _, one in arrived for problem in one.problems]
    for where, pointer, one in arrived:
        faults = _faults(where, pointer, one, holdings)
        problems += faults
        if one.judgement is None or faults:
            continue
        here = standing.setdefault(one.annotator, {})
        name = one.judgement.pair.name
        key = f"pair {one.annotator} {name}"
        decision = _decide(here.get(name), one.judgement, agreed.get(key), overwrite=overwrite)
        decisions.append((f"{name} by {one.annotator}", decision))
        if decision == "conflict":
            problems.append(_conflict(where, pointer, one.judgement, here[name]))
        else:
            agreed[key] = one.judgement.answer
            here[name] = one.judgement if decision == "changed" else here[name]
    whole = [Judgements(annotator=who, judgements=tuple(sorted(held.values()))) for who, held in sorted(standing.items()) if held]
    return Taken(judgements=tuple(whole), decisions=tuple(decisions), problems=tuple(problems), met=agreed)


def _faults(where: str, pointer: str, one: Answered, holdings: Holdings) -> list[Problem]:
    """Of a single judgement, at the place of its task."""
    if one.judgement is None:
        return []
    found = checks.of_judged(where, Judgements(annotator=one.annotator, judgements=(one.judgement,)), holdings)
    return [replace(problem, pointer=f"{pointer}/data{problem.pointer.removeprefix('/judgements/0')}") for problem in found]


def _decide(here: Judgement | None, server: Judgement, met: str | None, *, overwrite: bool) -> merge.Decision:
    held = None if here is None else here.answer
    if here is not None and here.pair != server.pair:  # the mention has moved since, and what was judged is another statement
        held = None
    decision = merge.decide(here=held, server=server.answer, met=met)
    return "changed" if decision == "conflict" and overwrite else decision


def _conflict(where: str, pointer: str, server: Judgement, here: Judgement) -> Problem:
    message = f"{server.pair.name} is {here.answer!r} here and {server.answer!r} on the server"
    hint = "keep one: corpus pairs pull --overwrite takes the server's"
    return Problem(where=where, pointer=pointer, check="both-sides-unchanged", message=message, hint=hint)
