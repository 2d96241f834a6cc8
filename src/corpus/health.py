"""What `corpus doctor` finds: a question, whether the answer is good, what was found, and the cure. Asks nothing itself."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal

State = Literal["good", "bad", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One answer: `question` is put as the statement that should hold; the cure is for one that is not good."""

    subject: str
    question: str
    state: State
    found: str
    cure: str | None = None


def shown(findings: Iterable[Finding], *, every: bool = True) -> str:
    """Findings for a person, the good ones too unless told otherwise.

    >>> print(shown([Finding(subject="here", question="disk-has-room", state="bad", found="12 MB free", cure="make room")]))
    bad      here: disk-has-room: 12 MB free
             cure: make room
    """
    return "\n".join(_lines(one) for one in findings if every or one.state != "good")


def as_json(findings: Iterable[Finding]) -> str:
    """Findings for a program: a list of objects."""
    return json.dumps([asdict(one) for one in findings], ensure_ascii=False, indent=2)


def _lines(one: Finding) -> str:
    line = f"{one.state:<8} {one.subject}: {one.question}: {one.found}"
    return line if one.state == "good" or one.cure is None else f"{line}\n{'':<8} cure: {one.cure}"
