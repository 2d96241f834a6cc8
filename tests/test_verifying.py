"""A release is what its manifest says, to the last bit."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from corpus import manifest, release
from corpus.release import Plan
from corpus.release.verifying import verified
from tests.conftest import TOY

Run = Callable[..., tuple[int, str, str]]
FLIPS = 1000


@pytest.fixture
def built(tmp_path: Path) -> Path:
    release.build(TOY, Plan(version="1.0.0"), tmp_path / "release")
    return tmp_path / "release"


def checks(folder: Path) -> set[str]:
    return {problem.check for problem in verified(folder)[1]}


def test_a_release_as_it_was_built_has_no_problem(built: Path, corpus: Run) -> None:
    assert checks(built) == set()
    code, said, _ = corpus("verify", str(built))
    assert (code, "version 1.0.0: " in said) == (0, True)


def test_every_flipped_bit_is_found(built: Path) -> None:
    """Spread over all files, weighted by their size, with at least one in each."""
    chance = random.Random(5)  # noqa: S311
    files = sorted(path for path in built.rglob("*") if path.is_file())
    weights = [path.stat().st_size for path in files]
    for path in [*files, *chance.choices(files, weights, k=FLIPS - len(files))]:
        whole = path.read_bytes()
        at = chance.randrange(len(whole))
        path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << chance.randrange(8))]) + whole[at + 1 :])
        assert checks(built), f"{path.name}, byte {at}"
        path.write_bytes(whole)
    assert checks(built) == set()


def test_what_is_missing_added_or_linked_is_named(built: Path, corpus: Run) -> None:
    (built / "notes.txt").write_text("mine", encoding="utf-8")
    shard = min((built / "denials").glob("*.parquet"))
    shutil.move(shard, built.parent / "elsewhere.parquet")
    shard.symlink_to(built.parent / "elsewhere.parquet")
    (built / "CITATION.bib").unlink()
    assert checks(built) == {"file-is-named", "file-is-there"}
    code, said, _ = corpus("verify", str(built))
    assert code == 1
    assert f"denials/{shard.name} / [file-is-there]" in said


def rewritten(built: Path, where: str, data: bytes) -> None:
    """A file changed, and the manifest made to agree, as somebody would who wants it to pass."""
    (built / where).write_bytes(data)
    held = manifest.manifest_of(built)
    files = dict(held.files) | {where: dict(held.files[where]) | {"sha256": release.verifying._sha256(built / where)}}
    (built / manifest.NAME).write_bytes(manifest.to_bytes(manifest.with_files(held, files)))


def test_other_rows_under_a_manifest_that_agrees_are_found_by_their_digest(built: Path, tmp_path: Path) -> None:
    shard = min((built / "attributions").glob("*.parquet"))
    table = pq.read_table(shard)
    pq.write_table(table.slice(0, table.num_rows - 1), tmp_path / "x.parquet")
    rewritten(built, f"attributions/{shard.name}", (tmp_path / "x.parquet").read_bytes())
    assert checks(built) == {"rows-are-counted", "digest-is-that-of-the-rows"}


def test_another_column_and_another_card_are_found(built: Path, tmp_path: Path) -> None:
    shard = min((built / "attributions").glob("*.parquet"))
    pq.write_table(pq.read_table(shard).drop_columns(["polarity"]), tmp_path / "x.parquet")
    rewritten(built, f"attributions/{shard.name}", (tmp_path / "x.parquet").read_bytes())
    assert "shard-has-its-schema" in checks(built)
    card = (built / "README.md").read_text(encoding="utf-8")
    rewritten(built, "README.md", card.replace("num_examples: ", "num_examples: 1", 1).encode())
    assert "card-fits-the-shards" in checks(built)


def test_rows_of_another_split_are_found(built: Path, tmp_path: Path) -> None:
    first, *_ = shards = sorted((built / "documents").glob("*.parquet"))
    other = next(one for one in shards if one.name.split("-")[0] != first.name.split("-")[0])
    rewritten(built, f"documents/{first.name}", other.read_bytes())
    assert "rows-are-in-their-split" in checks(built)


def test_no_manifest_no_trust(built: Path) -> None:
    shutil.move(built / manifest.NAME, built.parent / manifest.NAME)
    assert checks(built) == {"manifest-is-whole"}
