"""What changed from one release to another, by document and by mention, and what step of the version that asks for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from corpus import tables
from corpus.manifest import Manifest, manifest_of
from corpus.release import facts, figures

Step = Literal["none", "patch", "minor", "major"]
STEPS: tuple[Step, ...] = ("none", "patch", "minor", "major")
Row = Mapping[str, Any]
_ATTRIBUTES = ("responsibility", "denial_scope", "source_kind", "canonical_source")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Change:
    """One change: document "lee_0042", annotator "gold" (None of a whole document), what "mention-moved", and it in words."""

    document: str
    annotator: str | None
    what: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """From one version to another: all changes in order, the least step that may be taken, and the day of the new one, if it has one."""

    old: str
    new: str
    step: Step
    changes: tuple[Change, ...]
    date: str | None = None


def compared(old: Path, new: Path) -> Changes:
    """The changes between two release folders."""
    before, after = manifest_of(old), manifest_of(new)
    layers_before, layers_after = _layers(old, before), _layers(new, after)
    found = [*_of_documents(before, after), *_of_columns(old, new, before, after)]
    for key in sorted(layers_before.keys() | layers_after.keys()):
        found += _of_layer(*key, layers_before.get(key), layers_after.get(key))
    found += _of_facts(old, new, before, after)
    found += _unworded(before, after, found)
    found += [_change(document, None, "agreement-changed", words) for document, words in figures.changed(before, after)]
    none: Step = "none"
    step = max((_STEP_OF[one.what] for one in found), key=STEPS.index, default=none)
    ordered = tuple(sorted(found, key=lambda one: (one.document, one.what)))
    return Changes(old=before.version, new=after.version, step=step, changes=ordered, date=after.date)


def least_version(changes: Changes) -> str:
    """The smallest version that the step allows.

    >>> least_version(Changes(old="1.2.3", new="9.9.9", step="minor", changes=()))
    '1.3.0'
    """
    major, minor, patch = (int(part) for part in changes.old.split("."))
    following = {
        "major": (major + 1, 0, 0),
        "minor": (major, minor + 1, 0),
        "patch": (major, minor, patch + 1),
        "none": (major, minor, patch),
    }
    return ".".join(map(str, following[changes.step]))


_STEP_OF: Mapping[str, Step] = {
    "columns-changed": "major",
    "document-removed": "major",
    "split-changed": "major",
    "layer-removed": "major",
    "document-added": "minor",
    "layer-added": "minor",
    "mention-added": "patch",
    "mention-removed": "patch",
    "mention-moved": "patch",
    "mention-relabelled": "patch",
    "attribute-changed": "patch",
    "attribution-added": "patch",
    "attribution-removed": "patch",
    "attribution-changed": "patch",
    "link-added": "patch",
    "link-removed": "patch",
    "fact-changed": "patch",
    "registry-changed": "patch",
    "agreement-changed": "patch",
}


def _layers(folder: Path, manifest: Manifest) -> dict[tuple[str, str], Row]:
    return {(row["document"], row["annotator"]): row for row in facts.rows(folder, manifest, "annotations")}


def _of_facts(old: Path, new: Path, before: Manifest, after: Manifest) -> Iterator[Change]:
    was, now = (
        {config: facts.rows(folder, one, config) for config in ("documents", "claims")} for folder, one in ((old, before), (new, after))
    )
    told = (
        ("fact-changed", facts.of_documents(was["documents"], now["documents"])),
        ("registry-changed", facts.of_registry(was["claims"], now["claims"])),
    )
    both = before.documents.keys() & after.documents.keys()
    yield from (_change(document, None, what, words) for what, found in told for document, words in found if document in both)


def _unworded(before: Manifest, after: Manifest, found: list[Change]) -> Iterator[Change]:
    """Where the digest says that rows differ and nothing above does: a change is never passed over in silence."""
    worded = {one.document for one in found}
    for name in sorted((before.documents.keys() & after.documents.keys()) - worded if before.text == after.text else ()):
        if before.documents[name]["digest"] != after.documents[name]["digest"]:
            yield _change(name, None, "fact-changed", "its rows differ")


def _of_documents(before: Manifest, after: Manifest) -> Iterator[Change]:
    for name in sorted(before.documents.keys() | after.documents.keys()):
        if name not in after.documents:
            gone = next((one for one in after.withdrawn if one["document"] == name), None)
            yield _change(name, None, "document-removed", f"withdrawn: {gone['reason']}" if gone else "removed")
        elif name not in before.documents:
            yield _change(name, None, "document-added", f"added, in {after.splits[name]}")
        elif before.splits[name] != after.splits[name]:
            yield _change(name, None, "split-changed", f"moved from {before.splits[name]} to {after.splits[name]}")


def _of_columns(old: Path, new: Path, before: Manifest, after: Manifest) -> Iterator[Change]:
    """A config that is gone, or whose columns are not what they were."""
    firsts = [
        {tables.config_of(where): folder / where for where in sorted(one.files, reverse=True)}
        for folder, one in ((old, before), (new, after))
    ]
    for config, path in sorted((str(key), path) for key, path in firsts[0].items() if key is not None):
        other = firsts[1].get(config)  # type: ignore[call-overload]
        if other is None or tables.columns_of(path) != tables.columns_of(other):
            yield _change("", None, "columns-changed", f"{config}: {'no longer there' if other is None else 'other columns'}")


def _of_layer(document: str, annotator: str, before: Row | None, after: Row | None) -> Iterator[Change]:
    if before is None or after is None:
        what = "layer-added" if before is None else "layer-removed"
        yield _change(document, annotator, what, f"the reading by {annotator} {what.removeprefix('layer-')}")
        return
    pairs = _paired(before["mentions"], after["mentions"])
    names = {first["id"]: second["id"] for first, second in pairs if first and second}
    for first, second in pairs:
        yield from _of_mention(document, annotator, first, second)
    yield from _of_attributions(document, annotator, before, after, names)
    yield from _of_links(document, annotator, before, after, names)
    yield from (_change(document, annotator, "fact-changed", words) for words in facts.of_layer(before, after))


def _paired(before: list[Row], after: list[Row]) -> list[tuple[Row | None, Row | None]]:
    """Mentions of two readings: first the same stretches, then those of one kind that overlap most."""
    left, right = list(before), list(after)
    pairs: list[tuple[Row | None, Row | None]] = []
    for same in (_exactly, _by_place, _by_overlap):
        for first in list(left):
            second = same(first, right)
            if second is not None:
                pairs.append((first, second))
                left.remove(first)
                right.remove(second)
    return pairs + [(first, None) for first in left] + [(None, second) for second in right]


def _exactly(one: Row, others: list[Row]) -> Row | None:
    return next((other for other in others if (other["label"], _place(other)) == (one["label"], _place(one))), None)


def _by_place(one: Row, others: list[Row]) -> Row | None:
    hubs = ("claim", "denial", "content")
    alike = (other for other in others if _place(other) == _place(one) and {one["label"], other["label"]} <= {*hubs})
    return next(alike, None)


def _by_overlap(one: Row, others: list[Row]) -> Row | None:
    same = [other for other in others if other["label"] == one["label"]]
    best = max(same, key=lambda other: _shared(one, other), default=None)
    return best if best is not None and _shared(one, best) else None


def _place(one: Row) -> list[tuple[int, int]]:
    return [(span["start"], span["end"]) for span in one["spans"]]


def _shared(one: Row, other: Row) -> int:
    return sum(max(0, min(b, d) - max(a, c)) for a, b in _place(one) for c, d in _place(other))


def _of_mention(document: str, annotator: str, first: Row | None, second: Row | None) -> Iterator[Change]:
    if first is None or second is None:
        yield from (_change(document, annotator, "mention-added", f"{one['label']} at {_at(one)} added") for one in (second,) if one)
        yield from (_change(document, annotator, "mention-removed", f"{one['label']} at {_at(one)} removed") for one in (first,) if one)
        return
    if first["label"] != second["label"]:
        yield _change(document, annotator, "mention-relabelled", f"{first['label']} at {_at(first)} is now {second['label']}")
    if _place(first) != _place(second):
        yield _change(document, annotator, "mention-moved", f"{first['label']} at {_at(first)} is now at {_at(second)}")
    for name in _ATTRIBUTES:
        if first[name] != second[name] and first["label"] == second["label"]:
            words = f"{name} of the {second['label']} at {_at(second)}: {first[name] or 'none given'} is now {second[name] or 'none given'}"
            yield _change(document, annotator, "attribute-changed", words)


def _of_attributions(document: str, annotator: str, before: Row, after: Row, names: Mapping[str, str]) -> Iterator[Change]:
    now = {one["hub"]: one for one in after["attributions"]}
    places = {one["id"]: _at(one) for one in after["mentions"]}
    held = {names[one["hub"]] for one in before["attributions"] if one["hub"] in names}
    for hub in sorted(now.keys() - held, key=lambda hub: places[hub]):
        if hub in names.values():
            yield _change(document, annotator, "attribution-added", f"the hub at {places[hub]} is attributed")
    for one in before["attributions"]:
        other = now.get(names.get(one["hub"], ""))
        if other is None:
            if one["hub"] in names:
                yield _change(document, annotator, "attribution-removed", f"the hub at {places[names[one['hub']]]} is no longer attributed")
            continue
        for name in ("quote_type", "polarity", "certainty"):
            if one[name] != other[name]:
                words = f"{name} of the hub at {places[other['hub']]}: {one[name] or 'none given'} is now {other[name] or 'none given'}"
                yield _change(document, annotator, "attribute-changed", words)
        if {names.get(id) for id in (*one["sources"], *one["cues"])} != {*other["sources"], *other["cues"]}:
            yield _change(document, annotator, "attribution-changed", f"sources or cues of the hub at {places[other['hub']]}")


def _of_links(document: str, annotator: str, before: Row, after: Row, names: Mapping[str, str]) -> Iterator[Change]:
    held = {(one["type"], names.get(one["from"]), names.get(one["to"])) for one in before["links"]}
    now = {(one["type"], one["from"], one["to"]) for one in after["links"]}
    places = {one["id"]: _at(one) for one in after["mentions"]}
    for kind, first, second in sorted(now - held):
        yield _change(document, annotator, "link-added", f"{kind} from {places[first]} to {places[second]}")
    for kind, one, other in sorted((k, a, b) for k, a, b in held - now if a and b):
        yield _change(document, annotator, "link-removed", f"{kind} from {places[one]} to {places[other]}")


def _at(one: Row) -> str:
    return f"{one['spans'][0]['start']}-{one['spans'][-1]['end']}"


def _change(document: str, annotator: str | None, what: str, words: str) -> Change:
    return Change(document=document, annotator=annotator, what=what, words=words)
