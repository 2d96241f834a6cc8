"""What changed in a release beside mentions, attributions and links: facts of articles and layers, places in the registry of claims."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from corpus import tables
from corpus.manifest import Manifest
from corpus.tables import Config

Row = Mapping[str, Any]
_OF_LAYERS = {"annotator", "annotator_kind", "origin", "guidelines", "made_from", "decisions", "mentions", "attributions", "links"}
_TOLD_OTHERWISE = {"mentions", "attributions", "links", "text"}  # of a text its hash is compared: a hydrated copy differs in nothing else


def rows(folder: Path, manifest: Manifest, config: Config) -> list[Row]:
    """All rows of a config under the present columns."""
    shards = sorted(where for where in manifest.files if tables.config_of(where) == config)
    return [row for where in shards for row in tables.rows_in(config, folder / where)]


def of_documents(before: list[Row], after: list[Row]) -> Iterator[tuple[str, str]]:
    """Document, and the facts of its record that differ, by name."""
    was, now = ({row["document"]: row for row in held} for held in (before, after))
    for document in sorted(was.keys() & now.keys()):
        names = [name for name in _differing(was[document], now[document]) if name not in _OF_LAYERS]
        if names:
            yield document, f"other facts: {', '.join(names)}"


def of_layer(before: Row, after: Row) -> Iterator[str]:
    """The facts of one layer that differ, by name."""
    names = _differing(before, after)
    if names:
        yield f"other facts of the reading: {', '.join(names)}"


def of_registry(before: list[Row], after: list[Row]) -> Iterator[tuple[str, str]]:
    """Document, and its places in the registry of claims, where they differ."""
    was, now = _places(before), _places(after)
    for document in sorted(was.keys() | now.keys()):
        more, less = now[document] - was[document], was[document] - now[document]
        if more or less:
            told = [f"{how} {', '.join(sorted(names))}" for how, names in (("now in", more), ("no longer in", less)) if names]
            yield document, f"registry of claims: {'; '.join(told)}"


def _differing(first: Row, second: Row) -> list[str]:
    return [name for name in first if first[name] != second[name] and name not in _TOLD_OTHERWISE]


def _places(held: list[Row]) -> dict[str, set[str]]:
    places: dict[str, set[str]] = defaultdict(set)
    for row in held:
        places[row["document"]].add(f"{row['claim']} ({row['stance']}, {row['mention']['id']})")
    return places
