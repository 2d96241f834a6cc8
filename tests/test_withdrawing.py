"""Taking an article out: everything of it goes, a tombstone stays, and no other shard of the next release changes."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus import audit, codec, manifest, release, store
from corpus.release import Plan
from corpus.release.hydrating import hydrated
from corpus.release.verifying import verified
from corpus.splits import bucket_of
from tests.test_release import contents, withhold

Run = Callable[..., tuple[int, str, str]]


def test_everything_of_it_goes_and_a_tombstone_stays(toy: Path, corpus: Run) -> None:
    code, said, _ = corpus("withdraw", "toy_0002", "--reason", "asked for by its publisher", "--date", "2026-11-01")
    assert (code, said.splitlines()[0].startswith("toy_0002 is withdrawn: ")) == (0, True)
    assert list(toy.rglob("*toy_0002*")) == []
    (one,) = store.read(toy).holdings.withdrawn
    assert (one.document, one.date, one.reason) == ("toy_0002", "2026-11-01", "asked for by its publisher")
    assert corpus("check")[0] == 0
    assert corpus("withdraw", "toy_0002", "--reason", "again")[1] == "toy_0002 is withdrawn already\n"


def test_every_other_shard_stays_as_it_was(toy: Path, tmp_path: Path, corpus: Run) -> None:
    release.build(toy, Plan(version="1.0.0", buckets=64), tmp_path / "old")
    corpus("withdraw", "toy_0002", "--reason", "asked for by its publisher")
    release.build(toy, Plan(version="1.1.0", buckets=64), tmp_path / "new")
    before, after = ({n: d for n, d in contents(tmp_path / x).items() if n.endswith(".parquet")} for x in ("old", "new"))
    assert len({bucket_of(name, 64) for name in ("toy_0001", "toy_0002", "toy_0003")}) == 3
    assert after.items() <= before.items()
    assert {name.partition("/")[0] for name in before.keys() - after.keys()} == {"annotations", "attributions", "documents", "tokens"}
    assert "asked for by its publisher" in (tmp_path / "new/README.md").read_text(encoding="utf-8")


def test_the_floor_is_lowered_by_what_went(toy: Path, corpus: Run) -> None:
    counts = {"documents": 3, "layers": 5, "claim": len(_claims(toy))}
    released = {"schema": "cda-released/1", "version": "1.0.0", "splits": {"toy_0002": "train"}, "counts": counts}
    store.write(toy / store.RELEASED, codec.canonical(released))
    assert corpus("withdraw", "toy_0002", "--reason", "asked for")[0] == 0
    now = json.loads((toy / store.RELEASED).read_bytes())
    assert now["splits"] == {}
    assert (now["counts"]["documents"], now["counts"]["claim"]) == (2, len(_claims(toy)))
    assert corpus("check")[0] == 0


def _claims(root: Path) -> list[object]:
    return [one for layer in store.read(root).holdings.layers.values() for one in layer.mentions if one.label == "claim"]


@pytest.mark.parametrize(("argv", "said"), [(["toy_9", "--reason", "x"], "no document"), (["toy_0001", "--reason", ""], "not withdrawn")])
def test_wrong_use_changes_nothing(argv: list[str], said: str, toy: Path, corpus: Run) -> None:
    before = contents(toy)
    code, _, err = corpus("withdraw", *argv)
    assert (code, said in err) == (2, True), err
    assert contents(toy) == before


def test_a_hydrated_release_is_the_one_built_with_all_texts(toy: Path, tmp_path: Path, corpus: Run) -> None:
    withhold(toy)
    release.build(toy, Plan(version="1.0.0"), tmp_path / "public")
    release.build(toy, Plan(version="1.0.0", all_texts=True), tmp_path / "private")
    code, said, _ = corpus("hydrate", str(tmp_path / "public"))
    assert (code, "0 texts not here" in said) == (0, True), said
    assert verified(tmp_path / "public")[1] == []
    shards = [{n: d for n, d in contents(tmp_path / x).items() if n.endswith(".parquet")} for x in ("public", "private")]
    assert shards[0] == shards[1]
    assert manifest.manifest_of(tmp_path / "public").digest == manifest.manifest_of(tmp_path / "private").digest
    assert "may not be passed on" in (tmp_path / "public/README.md").read_text(encoding="utf-8")


def test_another_text_is_not_taken(toy: Path, tmp_path: Path) -> None:
    withhold(toy)
    release.build(toy, Plan(version="1.0.0"), tmp_path / "public")
    _, lacking = hydrated(tmp_path / "public", {"toy_0001": "Another text."})
    assert "toy_0001" in lacking
    assert "Another text" not in str(contents(tmp_path / "public"))


def test_the_registry_loses_what_a_withdrawn_article_told(toy: Path) -> None:
    """A claim that other articles tell of stays; one that it alone told of goes."""
    member = {"document": "toy_0001", "mention": "m3", "check": "8dc0c9110575", "stance": "asserts"}
    alone, shared = toy / store.CLAIMS / "mill.json", toy / store.CLAIMS / "varn-flood.json"
    alone.write_bytes(
        codec.canonical({"schema": "cda-claim/1", "id": "mill", "statement": "The mill was set on fire.", "members": [member]})
    )
    value = json.loads(shared.read_text(encoding="utf-8"))
    shared.write_bytes(codec.canonical(value | {"members": [member, *value["members"]]}))
    assert audit.audit(toy) == []
    gone = store.withdraw(toy, store.read(toy).holdings.documents["toy_0001"], date="2026-11-20", reason="asked for")
    assert "annotations/claims/mill.json" in gone
    assert not alone.exists()
    assert json.loads(shared.read_text(encoding="utf-8")) == value
    assert audit.audit(toy) == []
