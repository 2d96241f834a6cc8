"""What changed in the agreement that two manifests record: over all articles figure by figure, and article by article."""

from collections.abc import Iterator, Mapping
from typing import Any

from corpus.agreement import NAMES, number
from corpus.manifest import Manifest

Recorded = Mapping[str, Any]


def changed(before: Manifest, after: Manifest) -> Iterator[tuple[str, str]]:
    """Document ("" for all of them) and what changed, in words; of articles that both releases hold."""
    old, new = before.agreement, after.agreement
    if old is None or new is None:
        if new is not None:
            yield "", f"agreement of {_whose(new)} is told, and was not before"
        if old is not None:
            yield "", f"agreement of {_whose(old)} is no longer told"
        return
    if _whose(old) != _whose(new):
        yield "", f"agreement was that of {_whose(old)} and is that of {_whose(new)}"
    yield from (("", words) for words in _over_all(old, new))
    for document in sorted(before.documents.keys() & after.documents.keys()):
        words = _of_document(old["by_document"].get(document), new["by_document"].get(document))
        if words:
            yield document, words


def _whose(held: Recorded) -> str:
    return f"{', '.join(held['annotators'])} over {held['documents']:,} {'article' if held['documents'] == 1 else 'articles'}"


def _over_all(old: Recorded, new: Recorded) -> Iterator[str]:
    was, now = ({(one["measure"], one["of"]): one for one in held["figures"]} for held in (old, new))
    for key in was | now:
        first, second = (held.get(key, {}).get("value") for held in (was, now))
        if first != second:
            yield f"{_name(' '.join(key))}: {number(first)} is now {number(second)} (n {now.get(key, {}).get('n', 0):,})"


def _of_document(old: Recorded | None, new: Recorded | None) -> str:
    if old is None or new is None:
        return "" if old is new else "agreement is measured now" if old is None else "agreement is no longer measured"
    told = [f"{_name(key)} {number(old.get(key))} is now {number(new.get(key))}" for key in {**old, **new} if old.get(key) != new.get(key)]
    return f"agreement: {'; '.join(told)}" if told else ""


def _name(key: str) -> str:
    """The measure as tables tell it.

    >>> _name("token_alpha role")
    'token alpha of role'
    """
    measure, _, of = key.partition(" ")
    return f"{NAMES.get(measure, measure)} of {of}"
