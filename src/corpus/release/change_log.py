"""Changes from one release to another as Markdown: all of them article by article, or drafted as an entry of CHANGELOG.md.

The draft follows Keep a Changelog 1.1: it counts and names the first few; what the changes mean is for a person to add.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from corpus.release.comparing import Change, Changes

NAMED = 5  # ids or words told of one sort; corpus diff tells the rest
_NOUN: Mapping[str, str] = {
    "mention-added": "mentions added",
    "mention-removed": "mentions removed",
    "mention-moved": "mentions moved",
    "mention-relabelled": "mentions with another label",
    "attribute-changed": "attributes with another value",
    "attribution-added": "attributions added",
    "attribution-removed": "attributions removed",
    "attribution-changed": "attributions with other sources or cues",
    "link-added": "links added",
    "link-removed": "links removed",
    "fact-changed": "articles and readings with other facts",
    "registry-changed": "articles with other places in the registry of claims",
}
_SPECIAL = re.compile(r"([\\`*_\[\]<>|&#!])")


def markdown(changes: Changes) -> Iterator[str]:
    """Numbers first, then each document with what changed in it; a line each."""
    yield f"## {changes.new}\n"
    yield f"Changes from {changes.old} ({changes.step}):\n"
    numbers = Counter(one.what for one in changes.changes)
    yield from (f"- {what.replace('-', ' ')}: {number}" for what, number in sorted(numbers.items()))
    for document, held in groupby(changes.changes, key=lambda one: one.document):
        yield f"\n### {document or 'All documents'}\n"
        yield from (f"- {_escaped(one.words)}" + (f" ({one.annotator})" if one.annotator else "") for one in held)


def drafted(changes: Changes) -> Iterator[str]:
    """The entry of CHANGELOG.md, a line each; a section without changes is left out."""
    yield f"## [{changes.new}] - {changes.date or 'unreleased'}\n"
    yield f"A {changes.step} step from {changes.old}." if changes.step != "none" else f"The same data as {changes.old}."
    by_sort: dict[str, list[Change]] = defaultdict(list)
    for one in changes.changes:
        by_sort[one.what].append(one)
    for section, lines in (("Added", _added), ("Changed", _changed), ("Removed", _removed), ("Fixed", _fixed)):
        told = list(lines(by_sort))
        if told:
            yield f"\n### {section}\n"
            yield from (f"- {line}" for line in told)


def _added(sorts: Mapping[str, list[Change]]) -> Iterator[str]:
    added = sorts.get("document-added", [])
    if added:
        yield f"articles: {len(added):,}, namely {_first(one.document for one in added)}"
    yield from _layers(sorts.get("layer-added", ()))


def _changed(sorts: Mapping[str, list[Change]]) -> Iterator[str]:
    yield from (f"columns of {_escaped(one.words)}" for one in sorts.get("columns-changed", ()))
    yield from (f"{one.document}: {_escaped(one.words)}" for one in sorts.get("split-changed", ()))
    agreement = sorts.get("agreement-changed", [])
    overall, single = [one.words for one in agreement if not one.document], [one.document for one in agreement if one.document]
    yield from map(_escaped, overall[:NAMED])
    if len(overall) > NAMED:
        yield f"figures of agreement over all articles that changed, too: {len(overall) - NAMED:,}"
    if single:
        yield f"articles whose agreement changed: {len(single):,}, namely {_first(single)}"


def _removed(sorts: Mapping[str, list[Change]]) -> Iterator[str]:
    yield from (f"{one.document}: {_escaped(one.words)}" for one in sorts.get("document-removed", ()))
    yield from _layers(sorts.get("layer-removed", ()))


def _fixed(sorts: Mapping[str, list[Change]]) -> Iterator[str]:
    for what, noun in _NOUN.items():
        if held := sorts.get(what):
            yield f"{noun}: {len(held):,}, in {_first(one.document for one in held)}"


def _layers(held: Iterable[Change]) -> Iterator[str]:
    """By annotator, as the readings of one person come in one stretch of work."""
    by_annotator: dict[str, list[str]] = defaultdict(list)
    for one in held:
        by_annotator[str(one.annotator)].append(one.document)
    for annotator, documents in sorted(by_annotator.items()):
        yield f"readings by `{annotator}`: {len(documents):,}, of {_first(documents)}"


def _first(documents: Iterable[str]) -> str:
    """The first ids, and how many more.

    >>> _first(["a", "b", "a"]), _first("abcdefg")
    ('a, b', 'a, b, c, d, e and 2 more')
    """
    names = list(dict.fromkeys(documents))
    return ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED:,} more" if len(names) > NAMED else "")


def _escaped(words: str) -> str:
    """Words of an annotator or of a reason can become no markup, and stay on their line."""
    return _SPECIAL.sub(r"\\\1", " ".join(words.split()))
