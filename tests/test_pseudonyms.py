"""People who share a project, and what a pull tells beside what it takes: no address of anybody reaches a file."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus import store, tasks
from corpus.problems import CorpusError
from corpus.pseudonyms import pseudonym

Run = Callable[..., tuple[int, str, str]]
KEY = "a key of the tests"
ILSE, IDRIS = "ilse@example.org", "idris@example.org"


@pytest.fixture
def shared_project(toy: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The toy corpus with two people declared by their pseudonyms."""
    monkeypatch.setenv("CORPUS_PSEUDONYM_KEY", KEY)
    path = toy / store.ANNOTATORS
    value = json.loads(path.read_text(encoding="utf-8"))
    for user in (ILSE, IDRIS):
        value["annotators"].append({"id": pseudonym(KEY.encode(), user), "kind": "human", "guidelines": "0.1", "model": None, "note": None})
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
    return toy


def exported(root: Path, *annotations: dict[str, Any], **more: Any) -> Path:
    """A hosted server's export: people as objects with names and addresses, predictions expanded."""
    holdings = store.read(root).holdings
    document = holdings.documents["toy_0001"]
    task = tasks.to_task(document, "a3f1", "0.1", holdings.layers["annotations/toy_0001/a3f1.json"])
    (made,) = task["annotations"]
    done = [made | {"id": at, "was_cancelled": False, "updated_at": "2026-11-02T10:00:00Z"} | one for at, one in enumerate(annotations)]
    whole = {
        "id": 5,
        "data": task["data"] | {"layer_sha256": None},
        "annotations": done,
        "predictions": [{"result": [], "model_version": "x"}],
    }
    path = root.parent / "export.json"
    path.write_text(json.dumps([whole | more]), encoding="utf-8")
    return path


def person(email: str) -> dict[str, Any]:
    return {"completed_by": {"id": 3, "email": email, "first_name": "Ilse", "last_name": "Varn"}}


def test_each_person_becomes_an_annotator_and_no_address_is_stored(shared_project: Path, corpus: Run) -> None:
    path = exported(shared_project, person(ILSE), person(IDRIS))
    code, said, _ = corpus("pull", str(path), "--by-user")
    assert code == 0, said
    written = {one.stem for one in (shared_project / "annotations/toy_0001").iterdir()}
    assert written == {"a3f1", pseudonym(KEY.encode(), ILSE), pseudonym(KEY.encode(), IDRIS)}
    for one in shared_project.rglob("*"):
        assert not one.is_file() or not re.search(r"@example\.org|first_name|\"Varn\"", one.read_text(encoding="utf-8")), one


def test_somebody_undeclared_is_named_by_the_pseudonym_only(shared_project: Path, corpus: Run) -> None:
    code, said, _ = corpus("pull", str(exported(shared_project, person("orla@example.org"))), "--by-user")
    assert code == 1
    assert f"'{pseudonym(KEY.encode(), 'orla@example.org')}' is not in annotations/annotators.json" in said
    assert "orla" not in said


def test_a_key_is_made_once_for_its_owner_only(toy: Path, corpus: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CORPUS_PSEUDONYM_KEY", raising=False)
    path = exported(toy, person(ILSE))
    first, second = (corpus("pull", str(path), "--by-user")[1] for _ in range(2))
    assert first == second
    (key,) = toy.rglob("pseudonym.key")
    assert key.stat().st_mode & 0o777 == 0o600


def test_an_annotation_by_nobody_is_refused(shared_project: Path, corpus: Run) -> None:
    code, _, err = corpus("pull", str(exported(shared_project, {"completed_by": None})), "--by-user")
    assert (code, "does not say who made it" in err) == (2, True)


@pytest.mark.parametrize(
    ("drafts", "said"),
    [
        ([{"annotation": 0, "updated_at": "2026-11-02T10:00:01Z", "result": []}], "a draft is newer than what was submitted"),
        ([{"annotation": 0, "updated_at": "2026-11-02T09:00:00Z", "result": []}], ""),
        ([7], ""),
    ],
    ids=["newer", "older", "number only"],
)
def test_an_edit_that_was_not_submitted_is_told(drafts: list[Any], said: str, toy: Path, corpus: Run) -> None:
    out = corpus("pull", str(exported(toy, {}, drafts=drafts)))[1]
    assert said in out
    assert ("a draft" in out) == bool(said)


def test_a_task_with_a_draft_only_and_a_skipped_one_are_told(toy: Path, corpus: Run) -> None:
    draft = [{"annotation": None, "updated_at": "2026-11-02T10:00:01Z", "result": []}]
    assert "a draft was never submitted" in corpus("pull", str(exported(toy, drafts=draft)))[1]
    assert "skipped by the annotator" in corpus("pull", str(exported(toy, {"was_cancelled": True, "result": []})))[1]


def test_two_people_of_one_pseudonym_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from corpus import pseudonyms
    from corpus.intake import Arrived

    monkeypatch.setattr(pseudonyms, "pseudonym", lambda key, user: "aaaa")
    task = {"data": {}, "annotations": [{"completed_by": 1, "result": []}, {"completed_by": 2, "result": []}]}
    with pytest.raises(CorpusError, match="would both be aaaa"):
        pseudonyms.by_user([Arrived(where="x", pointer="/0", task=task)], b"key")
