"""The short way of an exported task gives the rows that the way with words gives, or none."""

import contextlib
import io
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given

from corpus import bundle, codec, shapes
from corpus.model import GOLD, Annotator, Source
from corpus.problems import Problem
from corpus.release.entries import Entry, Gathered
from corpus.release.of_exports import Exports, packed
from corpus.release.plainly import Ground
from tests.clean_exports import CLOSED, EXPORTS, OPEN, clean_exports
from tests.mutations import MUTATIONS, Absent, damaged
from tests.strategies import ANNOTATORS, Case, cases

Way = Callable[[], Gathered | None]
SOURCES = {one.id: one for one in (OPEN, CLOSED)}
BYTES = (b'"id": "m1"', b'"labels"', b"true", b"null", b"12", b"\\u00e9", b'"toy_0001"', b"[]", b"{}", b"0", b'"', b":", b"\xc3", b" ")


def ways(data: bytes, sources: Mapping[str, Source], annotators: Mapping[str, Annotator]) -> tuple[Way, Way]:
    whose = shapes.glance(data)
    name = "nobody" if whose is None else whose.document
    entry = Entry(name, name, packed([(0, 0, len(data), 0)]))
    exports = Exports(files=(Path("x.json"),), names=("x.json",), sources=sources, annotators=annotators, all_texts=False)
    ground = Ground(sources=sources, annotators=annotators, all_texts=False)
    return lambda: exports._plainly(entry, [io.BytesIO(data)], ground), lambda: exports._worded(entry, [io.BytesIO(data)])


def agree(data: bytes, sources: Mapping[str, Source] = SOURCES, annotators: Mapping[str, Annotator] = ANNOTATORS) -> bool:
    """Whether the short way was taken; if it was, all that it gave is what the other gives."""
    short, worded = ways(data, sources, annotators)
    plain = short()
    assert plain is None or plain == worded(), data
    return plain is not None


def tasks_in(data: bytes) -> Iterable[bytes]:
    return [one[1] for one in bundle.split(io.BytesIO(data), "x.json") if not isinstance(one, Problem)]


def unparted(task: Any, sources: Mapping[str, str]) -> Any:
    """A task that names its source, and has no fragments, where it has the form of a task: the short way knows none."""
    with contextlib.suppress(KeyError, TypeError, AttributeError, IndexError):
        task["data"].setdefault("source", sources[task["data"]["document"]])
        for one in task["annotations"]:
            one["result"] = [row for row in one["result"] if not is_of_fragment(row)]
    return task


def is_of_fragment(row: Any) -> bool:
    labels = row.get("labels") or row.get("value", {}).get("labels")
    return labels in (["fragment"], ["continues"])


@given(cases())
def test_sound_tasks_go_the_short_way(case: Case) -> None:
    task = orjson.loads(orjson.dumps(case.task()))
    for one in task["annotations"]:
        one |= {"id": 1, "completed_by": 1, "was_cancelled": False, "lead_time": 1.5}
    data = orjson.dumps({"id": 1, **task, "predictions": [], "meta": {}})
    taken = agree(data, case.holdings.sources, case.holdings.annotators)
    parted = any(len(one.spans) > 1 for one in case.layer.mentions) or any(one.type == "embedded_in" for one in case.layer.links)
    assert taken or parted or case.layer.annotator == GOLD or "\0" in (case.document.text or "")


@given(cases())
def test_blanks_between_signs_are_nothing(case: Case) -> None:
    task = {**case.task(), "id": 1}
    for one in task["annotations"]:
        one["was_cancelled"] = False
    plain, spread = (
        ways(data, case.holdings.sources, case.holdings.annotators)[0]()
        for data in (orjson.dumps(task), json.dumps(task, ensure_ascii=False, indent=1).encode())
    )
    assert plain == spread


@pytest.mark.parametrize("part", [10, pytest.param(1, marks=pytest.mark.long)])
def test_damaged_tasks_go_it_never_or_rightly(part: int) -> None:
    """Each mutation on clean exports; a part of the pairs only in the default run."""
    taken = seen = 0
    for nth, mutation in enumerate(MUTATIONS.values()):
        for at in range(nth % part, EXPORTS, part):
            clean = clean_exports()[at]
            sources = {one.id: one.source for one in clean.documents}
            try:
                data = damaged(mutation, clean, at).data
            except Absent:
                continue
            for task in tasks_in(data):
                seen += 1
                taken += agree(task)
                bare = shapes.without_blanks(task) or b""
                if (value := codec.soundly_compact(bare, bare)) is not None:
                    taken += agree(orjson.dumps(unparted(value, sources)))
    assert taken > seen / 5


@given(cases())
def test_bytes_put_in_or_taken_out(case: Case) -> None:
    """Whatever a reader would pass over, the short way must not."""
    task = case.task()
    for one in task["annotations"]:
        one["was_cancelled"] = False
    data = orjson.dumps(task)
    places = range(0, len(data), max(1, len(data) // 23))
    for at in places:
        for what in BYTES:
            agree(data[:at] + what + data[at:], case.holdings.sources, case.holdings.annotators)
        agree(data[:at] + data[at + 1 :], case.holdings.sources, case.holdings.annotators)


@pytest.mark.parametrize(
    "twice", [b'"start":1,', b'"id":"x",', b'"labels":["cue"],', b'"text":"x",', b'"document":"x",', b'"result":[],', b'"unheard_of":1,']
)
def test_a_key_that_stands_twice_or_is_unknown_goes_the_other_way(twice: bytes) -> None:
    data = orjson.dumps(unparted(clean_exports()[0].fresh()[0], {one.id: one.source for one in clean_exports()[0].documents}))
    key = twice.split(b":", 1)[0]
    spoilt = data.replace(key, twice + key, 1) if key in data else data.replace(b'"annotations":', twice + b'"annotations":')
    assert spoilt != data
    assert shapes.exported(data) is not None
    assert shapes.exported(spoilt) is None
