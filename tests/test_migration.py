"""Older kinds of files are read and can be made new; newer ones are refused by name, wherever they are met, and never written over."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from scripts import migrate_manifest_1_to_2

import corpus as package
from corpus import codec, manifest, migration, release, schema, store
from corpus.problems import CorpusError
from corpus.release import Plan
from corpus.release.comparing import compared
from corpus.release.verifying import verified
from tests.conftest import ROOT, TOY
from tests.test_release import contents

Run = Callable[..., tuple[int, str, str]]
OLD = ROOT / "tests" / "older" / "manifest-1"  # a part of the toy corpus, built by the version before the manifest told agreement
NEW = ROOT / "tests" / "older" / "manifest-2.json"
STORED = (
    "annotations/toy_0001/a3f1.json", "annotations/annotators.json", "raw/toy/toy_0002.json", "raw/toy/source.json",
    "annotations/claims/varn-flood.json", store.RELEASED, store.WITHDRAWN, store.ASSIGNMENTS,
)  # fmt: skip


@pytest.fixture
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    import datasets

    datasets.disable_progress_bars()
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    yield
    datasets.enable_progress_bars()


def test_every_older_kind_has_a_step_a_schema_and_a_script() -> None:
    """A change of a schema's version without its migration fails here."""
    for kind in schema.KINDS:
        named = schema.load(kind).get("properties", {}).get("schema", {}).get("const", "")
        sort, _, version = named.removeprefix("cda-").partition("/")
        for older in range(1, int(version or 1)):
            assert f"cda-{sort}/{older}" in migration.STEPS
            assert (ROOT / "schema" / f"{sort}-{older}.schema.json").is_file()
            assert (ROOT / "scripts" / f"migrate_{sort}_{older}_to_{older + 1}.py").is_file()


def test_a_step_leads_from_a_file_that_holds_to_one_that_holds() -> None:
    old, new = json.loads((OLD / "manifest.json").read_bytes()), json.loads(NEW.read_bytes())
    assert schema.problems("manifest-1", old, "old") == schema.problems("manifest", new, "new") == []
    changed = migration.upgraded(old)
    assert schema.problems("manifest", changed, "changed") == []
    assert changed | {"sha256_of_the_rest": new["sha256_of_the_rest"]} == new
    assert list(changed) == list(new)
    assert migration.upgraded(new) == new


@pytest.mark.usefixtures("_own_cache")
def test_an_older_release_is_read_by_every_command(corpus: Run, tmp_path: Path) -> None:
    """Verified under the columns that its own card describes, whatever columns a release has by now."""
    assert verified(OLD)[1] == []
    assert manifest.manifest_of(OLD).agreement is None
    assert corpus("cite", str(OLD))[0] == 0
    assert {row["document"] for split in package.load(OLD, "denials").values() for row in split} == {"toy_0003"}
    changes = compared(OLD, built(tmp_path))
    assert [one.words for one in changes.changes if one.what == "agreement-changed"] == [
        "agreement of 4b22, a3f1 over 1 article is told, and was not before"
    ]
    assert {one.document for one in changes.changes if one.what == "document-added"} == {"toy_0001", "toy_0002"}


def test_an_older_release_is_hydrated_into_one_of_the_present_kind(corpus: Run, tmp_path: Path) -> None:
    shutil.copytree(OLD, tmp_path / "mine")
    assert corpus("hydrate", str(tmp_path / "mine"))[0] == 0
    assert verified(tmp_path / "mine")[1] == []
    assert json.loads((tmp_path / "mine/manifest.json").read_bytes())["schema"] == manifest.KIND


def test_the_script_writes_the_manifest_alone_and_again_the_same(tmp_path: Path) -> None:
    before = contents(OLD)
    assert migrate_manifest_1_to_2.main([str(OLD), str(tmp_path / "new")]) == 0
    assert contents(tmp_path / "new") == before | {"manifest.json": NEW.read_bytes()}
    assert contents(OLD) == before
    assert migrate_manifest_1_to_2.main([str(tmp_path / "new"), str(tmp_path / "again")]) == 0
    assert contents(tmp_path / "again") == contents(tmp_path / "new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again", "new"]


def test_the_script_takes_nothing_that_is_not_whole_and_replaces_nothing_that_is_no_release(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(OLD, tmp_path / "old")
    (tmp_path / "old/CITATION.bib").write_text("other", encoding="utf-8")
    assert migrate_manifest_1_to_2.main([str(tmp_path / "old"), str(tmp_path / "new")]) == 2
    assert "is not a release as it was built" in capsys.readouterr().err
    (tmp_path / "mine").mkdir()
    assert migrate_manifest_1_to_2.main([str(OLD), str(tmp_path / "mine")]) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine", "old"]


def test_a_file_of_an_older_kind_with_what_only_the_present_has_is_none(tmp_path: Path) -> None:
    shutil.copytree(OLD, tmp_path / "r")
    value = json.loads((OLD / "manifest.json").read_bytes()) | {"agreement": None}
    (tmp_path / "r/manifest.json").write_bytes(codec.canonical(value))
    with pytest.raises(CorpusError, match="is no manifest of a release: Additional properties"):
        manifest.manifest_of(tmp_path / "r")


REFUSED = "'cda-manifest/3', which this version of cda-corpus does not read"


@pytest.mark.parametrize(
    "argv",
    [
        ["verify", "NEWER"], ["diff", "NEWER", "OLD"], ["diff", "OLD", "NEWER"], ["hydrate", "NEWER"], ["cite", "NEWER"],
        ["publish", "NEWER", "org/cda"], ["build", "9.0.0", "--since", "NEWER"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_newer_release_is_refused_by_name(argv: list[str], corpus: Run, tmp_path: Path) -> None:
    newer = of_tomorrow(tmp_path)
    before = contents(newer)
    code, said, told = corpus(*(one.replace("NEWER", str(newer)).replace("OLD", str(OLD)) for one in argv))
    assert (code != 0, REFUSED in said + told, "install a newer cda-corpus" in said + told) == (True, True, True), said + told
    assert contents(newer) == before


def test_load_and_the_script_refuse_a_newer_release_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    newer = of_tomorrow(tmp_path)
    with pytest.raises(CorpusError, match=REFUSED):
        package.load(newer)
    assert migrate_manifest_1_to_2.main([str(newer), str(tmp_path / "new")]) == 2
    assert REFUSED in capsys.readouterr().err


@pytest.mark.usefixtures("_own_cache")
def test_a_newer_release_beside_an_older_one_does_not_hide_it(tmp_path: Path) -> None:
    of_tomorrow(tmp_path)
    shutil.copytree(OLD, tmp_path / "old")
    with pytest.warns(UserWarning, match="what newer says of withdrawn documents cannot be read"):
        assert len(package.load(tmp_path / "old", "denials"))


@pytest.mark.parametrize("where", STORED)
def test_a_stored_file_of_a_newer_kind_is_refused_by_name_and_never_written_over(where: str, toy: Path, corpus: Run) -> None:
    value = in_toy(toy, where)
    kind, _, version = value["schema"].partition("/")
    named = f"{kind}/{int(version) + 1}"
    (toy / where).write_bytes(codec.canonical(value | {"schema": named, "of_tomorrow": True}))
    before = (toy / where).read_bytes()
    problems = [one for one in store.read(toy).problems if one.where == where]
    assert [(one.pointer, one.check) for one in problems] == [("/schema", "matches-schema")]
    code, said, told = corpus("check")
    assert (code, repr(named) in said, "install a newer cda-corpus" in said) == (1, True, True), said + told
    for command in (
       ["build", "9.0.0"], ["format"], ["push", "--out", str(toy / "tasks.json")], ["assign", "toy_0001", "--annotators", "a3f1", "4b22"],
        ["stats"], ["agree"], ["show", "toy_0001"], ["withdraw", "toy_0003", "--reason", "asked for"],
    ):  # fmt: skip
        code, said, told = corpus(*command)
        assert (toy / where).read_bytes() == before, command
        assert code != 0 or command[0] not in ("build", "format"), command
        assert code != 0 or command[0] != "withdraw" or where not in (store.RELEASED, store.WITHDRAWN), command


def in_toy(toy: Path, where: str) -> dict[str, Any]:
    """A stored file of the toy corpus, made where the toy has none."""
    sort = "assignments" if where == store.ASSIGNMENTS else Path(where).stem
    made = {
        "released": {"schema": "cda-released/1", "version": "0.1.0", "splits": {}, "counts": {}},
        "withdrawn": {"schema": "cda-withdrawn/1", "documents": []},
        "assignments": {"schema": "cda-assignments/1"},
    }
    value: dict[str, Any] = json.loads((toy / where).read_bytes()) if (toy / where).is_file() else made[sort]
    return value


def of_tomorrow(place: Path) -> Path:
    """A release whose manifest is of a kind that there is not yet."""
    shutil.copytree(OLD, place / "newer")
    path = place / "newer" / manifest.NAME
    path.write_bytes(path.read_bytes().replace(b"cda-manifest/1", b"cda-manifest/3"))
    return place / "newer"


def built(place: Path) -> Path:
    release.build(TOY, Plan(version="9.0.0"), place / "built")
    return place / "built"
