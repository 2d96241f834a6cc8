"""Pairs of post and reply become documents marked whole and claims of the registry with their members."""

import json
from pathlib import Path

import pytest

from corpus import store
from corpus.formats import reader
from corpus.formats.converted import Given
from corpus.formats.converting import convert
from corpus.model import Holdings
from corpus.problems import CorpusError

CSV = """id,source_text,reply_text,label
0,The mill burns.,It does not.,deny
1,The mill burns.,"Seen it,
myself.",0
2,The mill burns.,Which mill?,1
3,The dam holds.,Lovely.,comment
"""


def converted(folder: Path, name: str, words: str) -> Holdings:
    (folder / name).write_text(words, encoding="utf-8")
    return reader("stance-pairs")(folder / name, Given(source="rumours", licence="CC-BY-4.0")).holdings()


def test_posts_and_replies(tmp_path: Path) -> None:
    held = converted(tmp_path, "pairs.csv", CSV)
    assert len(held.documents) == 6
    first = held.registry["annotations/claims/rumours-post-00001.json"]
    assert {(one.document, one.stance) for one in first.members} == {
        ("rumours_post-00001", "asserts"), ("rumours_reply-00001", "denies"), ("rumours_reply-00002", "affirms"),
    }  # fmt: skip
    assert "mill" not in first.statement
    labels = {one.document: [mention.label for mention in one.mentions] for one in held.layers.values()}
    assert (labels["rumours_reply-00001"], labels["rumours_reply-00003"]) == (["denial"], [])


def test_the_registry_of_a_conversion_is_sound(tmp_path: Path) -> None:
    (tmp_path / "pairs.csv").write_text(CSV, encoding="utf-8")
    told = Given(source="rumours", licence="CC-BY-4.0")
    done = convert("stance-pairs", tmp_path / "pairs.csv", "corpus", tmp_path / "out", told, progress=lambda now, total: None)
    assert (done.problems, done.counts["claims of the registry"]) == ((), 2)
    back = store.read(tmp_path / "out")
    assert not back.problems
    extra = json.loads(next((tmp_path / "out" / "extra" / "rumours_reply-00003").glob("*.json")).read_text(encoding="utf-8"))
    assert extra["of"]["document"] == {"stance": "query", "replies_to": "rumours_post-00001"}


@pytest.mark.parametrize(
    ("name", "words"),
    [("x.jsonl", '{"claim": "a b", "text": "c d", "stance": "Deny"}\n'), ("x.tsv", "claim\ttext\tstance\na b\tc d\tdeny\n")],
)
def test_other_tables(tmp_path: Path, name: str, words: str) -> None:
    (claim,) = converted(tmp_path, name, words).registry.values()
    assert [one.stance for one in claim.members] == ["asserts", "denies"]


def test_threads_of_rumoureval(tmp_path: Path) -> None:
    reddit = {"data": {"children": [{"data": {"title": "The dam is gone", "selftext": "", "id": "a"}}]}}
    posts = {
        "twitter/mill/1/source-tweet/1": {"text": "The mill burns."}, "twitter/mill/1/replies/2": {"text": "It does not."},
        "twitter/mill/1/replies/3": {"text": "unlabelled"}, "reddit/a/source-tweet/a": [reddit],
        "reddit/a/replies/b": {"data": {"body": "Who says?"}}, "reddit/a/replies/c": {"data": {"body": "[deleted]"}},
    }  # fmt: skip
    for name, value in posts.items():
        path = tmp_path / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(value), encoding="utf-8")
    key = {"subtaskaenglish": {"2": "deny", "b": "query", "c": "support"}, "subtaskbenglish": {"1": "false"}}
    (tmp_path / "train-key.json").write_text(json.dumps(key), encoding="utf-8")
    held = reader("stance-pairs")(tmp_path, Given(source="rumours", licence="CC-BY-4.0")).holdings()
    assert sorted(one.text or "" for one in held.documents.values()) == ["It does not.", "The dam is gone", "The mill burns.", "Who says?"]
    assert sorted(one.stance for claim in held.registry.values() for one in claim.members) == ["asserts", "asserts", "denies"]


def test_a_folder_without_threads_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="holds no threads of RumourEval"):
        reader("stance-pairs")(tmp_path, Given())


def test_a_row_that_lacks_something_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"row 1 of x\.csv lacks"):
        converted(tmp_path, "x.csv", "claim,text\na,b\n")
