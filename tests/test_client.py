"""What the client does without a server: requests of bounded size, secrets that are not shown, answers that are not trusted."""

import json
import sys
from itertools import pairwise
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import schema
from corpus.adjudication.page import labelling_page as adjudicators_page
from corpus.problems import CorpusError
from corpus.studio import client, pages, twins
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


class TestPages:
    """Which page on a server may be replaced."""

    @pytest.mark.parametrize(
        ("kind", "page"), [("labels", schema.labelling_page()), ("adjudication", adjudicators_page()), ("pair", schema.page("pair"))]
    )
    def test_every_page_of_today_is_the_last_that_is_known(self, kind: str, page: str) -> None:
        """A changed page needs a line more, or the projects that have the one before would keep it."""
        last = [sha256 for of, sha256 in pages.known() if of == kind][-1]
        assert pages.fingerprint(page) == last, f"add to src/corpus/studio/pages.txt: {kind} {pages.fingerprint(page)}"

    def test_none_is_known_twice(self) -> None:
        assert len(set(pages.known())) == len(pages.known())
        assert {kind for kind, _ in pages.known()} == {"labels", "adjudication", "pair"}

    def test_only_an_earlier_one_of_the_same_kind_may_be_replaced(self, monkeypatch: pytest.MonkeyPatch) -> None:
        made = {name: pages.fingerprint(name) for name in ("first", "second", "third", "other")}
        monkeypatch.setattr(
            pages, "known", lambda: [("a", made["first"]), ("b", made["other"]), ("a", made["second"]), ("a", made["third"])]
        )
        assert [pages.standing(there, "second") for there in ("first", " second\n", "third", "other", "mine", "")] == [
            "earlier", "same", "strange", "strange", "strange", "strange",
        ]  # fmt: skip
        assert pages.standing("first", "not yet listed") == "strange"


class TestTwins:
    """Which of several tasks with one article can go."""

    BLANK: ClassVar = {"annotations": [], "drafts": []}
    READ: ClassVar = {"annotations": [{"result": [{"id": "m1"}], "was_cancelled": False}], "drafts": []}
    OTHER: ClassVar = {"annotations": [{"result": [{"id": "m2"}], "was_cancelled": False}], "drafts": []}
    SKIPPED: ClassVar = {"annotations": [{"result": [{"id": "m1"}], "was_cancelled": True}], "drafts": []}
    BEGUN: ClassVar = {"annotations": [], "drafts": [{"result": []}]}

    @pytest.mark.parametrize(
        ("held", "gone"),
        [
            ((BLANK, BLANK, BLANK), [8, 9]), ((READ, BLANK), [8]), ((READ, READ), [8]), ((READ, OTHER), []), ((BLANK, READ), []),
            ((BLANK, BEGUN), []), ((BEGUN, BLANK), [8]), ((READ, SKIPPED), []), ((BLANK, BEGUN, BLANK), [9]),
        ],
    )  # fmt: skip
    def test_nothing_is_lost_and_the_oldest_stays(self, held: tuple[dict[str, Any], ...], gone: list[int]) -> None:
        tasks = dict(enumerate(held, 7))
        assert twins.superfluous(tuple(tasks), tasks.__getitem__) == gone
