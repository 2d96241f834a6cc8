"""Faults: a Problem is a fault in data, collected and shown together; a CorpusError is a fault in use, one sentence.

Knows how a problem is shown (text, JSON, GitHub lines), not how one is found.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Literal

Format = Literal["text", "json", "github"]


class CorpusError(Exception):
    """The command cannot do what was asked; the message is one sentence that says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """A fault in data: file "annotations/…", JSON pointer "/mentions/0/spans/0", check id, what is wrong, how to cure it.

    Line and column, both from 1, where the file has been looked up; two problems that differ only there, or in the cure, are one.
    """

    where: str
    pointer: str
    check: str
    message: str
    hint: str | None = field(default=None, compare=False)
    line: int | None = field(default=None, compare=False)
    column: int | None = field(default=None, compare=False)


def show(problems: Iterable[Problem], form: Format) -> str:
    """Render problems for a person, a program or the lines of a pull request.

    >>> print(show([Problem(where="a.json", pointer="/mentions/0", check="quote-matches-text", message="reads 'x'")], "text"))
    a.json /mentions/0 [quote-matches-text] reads 'x'
    """
    if form == "json":
        return json.dumps([asdict(problem) for problem in problems], ensure_ascii=False, indent=2)
    return "\n".join((_line if form == "text" else _github)(problem) for problem in problems)


def _line(problem: Problem) -> str:
    place = problem.where if problem.line is None else f"{problem.where}:{problem.line}:{problem.column}"
    head = f"{_plain(place)} {_plain(problem.pointer or '/')} [{problem.check}] {_plain(problem.message)}"
    return head if problem.hint is None else f"{head}\n    cure: {_plain(problem.hint)}"


def _github(problem: Problem) -> str:
    words = f"{problem.pointer or '/'}: {problem.message}" + (f" Cure: {problem.hint}" if problem.hint else "")
    place = "" if problem.line is None else f"line={problem.line},col={problem.column},"
    return f"::error file={_property(problem.where)},{place}title={_property(problem.check)}::{_escape(words)}"


def _escape(words: str) -> str:
    """Workflow commands end at a line break; see GitHub's actions/toolkit, command.ts."""
    return words.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(words: str) -> str:
    return _escape(words).replace(":", "%3A").replace(",", "%2C")


def _plain(words: str) -> str:
    """No control character of a damaged file may reach the terminal."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in words)
