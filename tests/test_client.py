"""What the client does without a server: requests of bounded size, secrets that are not shown, answers that are not trusted."""

import json
import sys
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.problems import CorpusError
from corpus.studio import client
from corpus.studio.client import Connection

SECRET = "0123abcd" * 5
TASKS = st.lists(st.integers(0, 300).map(lambda size: {"data": {"text": "é" * size}}), max_size=30)


def weight(batch: list[dict[str, Any]]) -> int:
    return sum(len(json.dumps(task).encode("utf-8")) for task in batch)


@given(TASKS, st.integers(1, 8), st.integers(1, 3000))
def test_batches_lose_nothing_keep_the_order_and_hold_the_limits(tasks: list[dict[str, Any]], most: int, most_bytes: int) -> None:
    made = list(client.batches(tasks, most=most, most_bytes=most_bytes))
    assert [task for batch in made for task in batch] == tasks
    assert all(1 <= len(batch) <= most for batch in made)
    assert all(weight(batch) <= most_bytes or len(batch) == 1 for batch in made)


@given(TASKS, st.integers(1, 8), st.integers(1, 3000))
def test_no_batch_ends_before_it_must(tasks: list[dict[str, Any]], most: int, most_bytes: int) -> None:
    made = list(client.batches(tasks, most=most, most_bytes=most_bytes))
    for batch, following in pairwise(made):
        assert len(batch) == most or weight([*batch, following[0]]) > most_bytes


def test_a_connection_does_not_show_its_token() -> None:
    assert SECRET not in repr(Connection(url="http://127.0.0.1:1", token=SECRET))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b'[{"id": 1', "json-is-well-formed"),
        (b"", "file-is-not-empty"),
        (b"\xff\xff", "bytes-are-utf8"),
        (b'["\\ud800"]', "no-lone-surrogate"),
        (b"[" * 100_000, "nesting-is-shallow"),
        (b"{}", "is no list of tasks"),
        (b"[7]", "is no list of tasks"),
    ],
)
def test_an_export_that_is_not_one_is_refused(answer: bytes, words: str) -> None:
    with pytest.raises(CorpusError, match=words) as refused:
        client._tasks(answer, "CDA a3f1")
    assert "'CDA a3f1'" in str(refused.value)


def test_without_the_sdk_the_cure_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "label_studio_sdk.core.api_error", None)
    with pytest.raises(CorpusError, match=r"pip install \"cda-corpus\[studio\]\""):
        list(client.pull(Connection(url="http://127.0.0.1:1", token=SECRET)))
