"""An export found in stretches has the tasks that are found from its beginning, or there is no answer."""

import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import bundle
from corpus.problems import Problem
from corpus.release import ranging
from corpus.release.ranging import Task, ranged, task_of

Layout = Callable[[list[Any]], bytes]
LAYOUTS: dict[str, Layout] = {
    "compact": orjson.dumps,
    "indented": lambda value: json.dumps(value, indent=2).encode(),
    "loose": lambda value: json.dumps(value, separators=(" ,\n ", " : ")).encode(),
    "a line": lambda value: b"".join(orjson.dumps(one) + b"\n" for one in value),
}
TRICKY = '"}, {"data": {"document": "d", "annotator": "x"}}, \\"},{\\"data\\":{}}\n{"data":'


def task(nth: int, words: str = "x") -> dict[str, Any]:
    """A task with objects within it that begin as tasks do."""
    regions = [{"id": f"m{at}", "value": {"text": words, "start": at}} for at in range(nth % 7)]
    return {"id": nth, "data": {"document": f"d{nth}", "annotator": "4b22", "text": words}, "annotations": [{"id": 1, "result": regions}]}


def within(value: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return value | {"meta": [{"a": 1}, other, {"b": 2}]}


def from_the_beginning(data: bytes) -> list[Task] | None:
    found = list(bundle.split(io.BytesIO(data), "x.json"))
    tasks = [None if isinstance(one, Problem) else task_of(one, hash=True) for one in found]
    return None if None in tasks else [one for one in tasks if one is not None]


def in_stretches(data: bytes, stretch: int, path: Path) -> list[Task] | None:
    path.write_bytes(data)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ranging, "_STRETCH", stretch)
        found = ranged(path, map, hash=True)  # type: ignore[arg-type]
    return None if found is None else found.tasks


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ranging") / "export.json"


@pytest.mark.parametrize("layout", LAYOUTS)
@given(
    words=st.lists(st.sampled_from(["x", "é😀" * 40, TRICKY, "{" * 9, "\n{}\n"]), min_size=1, max_size=25), stretch=st.integers(40, 3000)
)
def test_the_tasks_are_the_same(layout: str, path: Path, words: list[str], stretch: int) -> None:
    data = LAYOUTS[layout]([task(nth, one) for nth, one in enumerate(words)])
    assert in_stretches(data, stretch, path) == from_the_beginning(data) != []


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("stretch", [50, 150, 400])
def test_a_task_within_a_task_is_not_taken_for_one(layout: str, stretch: int, path: Path) -> None:
    data = LAYOUTS[layout]([within(task(nth), task(100 + nth)) for nth in range(9)])
    assert in_stretches(data, stretch, path) in (None, from_the_beginning(data))
    assert in_stretches(data, len(data), path) == from_the_beginning(data)


@pytest.mark.parametrize("layout", LAYOUTS)
@given(at=st.floats(0, 1, exclude_max=True), damage=st.sampled_from([b"", b"}", b"]", b",", b"\n", b'"', b"{", b"\xff"]))
def test_of_a_damaged_export_nothing_else_is_found(layout: str, path: Path, at: float, damage: bytes) -> None:
    data = LAYOUTS[layout]([task(nth) for nth in range(9)])
    place = int(at * len(data))
    for damaged in (data[:place] + damage + data[place + 1 :], data[:place] + damage + data[place:], data[:place]):
        found = in_stretches(damaged, 200, path)
        assert found is None or found == from_the_beginning(damaged)


def test_what_is_no_export_has_no_answer(path: Path) -> None:
    for data in (b"", b"\n\n", b"[]", b"7", b'[{"a":1}]', b"[" + orjson.dumps(task(1)) + b"] ["):
        assert in_stretches(data, 10, path) is None


def test_the_hash_is_that_of_the_file(path: Path) -> None:
    path.write_bytes(orjson.dumps([task(nth) for nth in range(50)]))
    found = ranged(path, map, hash=False)  # type: ignore[arg-type]
    assert found is not None
    assert found.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert {one.sha256 for one in found.tasks} == {""}
