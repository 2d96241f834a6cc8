"""Withheld texts come back from a reader's own copy, or not at all."""

import hashlib
import io
import json
import tarfile
import zipfile
from pathlib import Path

import pytest

from corpus import hydrate, store
from corpus.problems import CorpusError
from tests.conftest import ROOT
from tests.test_release import withhold

LINES = ["The ferry will not sail.", "The dam is safe.", "The mill burnt."]


@pytest.fixture
def bare(toy: Path) -> Path:
    """The toy corpus with its texts withheld and gone."""
    withhold(toy)
    for path in toy.glob("raw/toy/*.txt"):
        path.rename(toy / path.name)
    return toy


def run(root: Path, given: Path | None) -> hydrate.Hydrated:
    holdings = store.read(root).holdings
    return hydrate.hydrate(root, holdings.sources["toy"], holdings.documents.values(), given)


def test_a_text_is_put_back_and_a_second_run_changes_nothing(bare: Path) -> None:
    assert run(bare, bare / "toy_0001.txt").written == ("toy_0001",)
    assert (bare / "raw/toy/toy_0001.txt").read_bytes() == (bare / "toy_0001.txt").read_bytes()
    again = run(bare, bare / "toy_0001.txt")
    assert (again.written, again.there, again.missing) == ((), ("toy_0001",), ("toy_0002", "toy_0003"))


def test_line_ends_of_another_system_do_not_matter(bare: Path) -> None:
    path = bare / "toy_0001.txt"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n") + b"\r\n")
    assert run(bare, path).written == ("toy_0001",)


def test_a_folder_hydrates_all(bare: Path) -> None:
    assert run(bare, bare).written == ("toy_0001", "toy_0002", "toy_0003")


def test_another_text_is_refused_by_name_and_nothing_is_written(bare: Path) -> None:
    path = bare / "toy_0001.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("Monday", "Tuesday"), encoding="utf-8")
    with pytest.raises(CorpusError, match=r"refused.*toy_0001"):
        run(bare, path)
    assert not list(bare.glob("raw/toy/*.txt"))


def test_without_a_copy_it_is_said_what_to_do(bare: Path) -> None:
    with pytest.raises(CorpusError, match="corpus hydrate toy --from FILE"):
        run(bare, None)


def member() -> bytes:
    return "\n".join([*LINES, ""]).encode()


def wheel(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("pack/data.cor", member())
    return path


def sdist(path: Path) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        info = tarfile.TarInfo("pack-1.0/pack/data.cor")
        info.size = len(member())
        archive.addfile(info, io.BytesIO(member()))
    return path


def bare_file(path: Path) -> Path:
    path.write_bytes(member())
    return path


FACTS = {
    "from": "package",
    "package": "pack",
    "version": "1.0",
    "wheel_sha256": "0" * 64,
    "member": "pack/data.cor",
    "member_sha256": hashlib.sha256(member()).hexdigest(),
}


@pytest.mark.parametrize("make", [wheel, sdist, bare_file])
def test_articles_are_read_from_an_archive_without_installing_it(make: object, tmp_path: Path) -> None:
    assert hydrate.lines_of_package(FACTS, make(tmp_path / "archive")) == LINES  # type: ignore[operator]


def test_another_archive_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="refused"):
        hydrate.lines_of_package(FACTS | {"member_sha256": "0" * 64}, wheel(tmp_path / "archive"))
    with pytest.raises(CorpusError, match="holds no pack/other"):
        hydrate.lines_of_package(FACTS | {"member": "pack/other"}, wheel(tmp_path / "archive"))
    with pytest.raises(CorpusError, match="is no file"):
        hydrate.lines_of_package(FACTS, tmp_path / "nothing")


def test_a_document_is_refused_by_name_when_its_line_is_another(toy: Path, tmp_path: Path) -> None:
    withhold(toy)
    path = toy / "raw/toy/source.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"hydrate": FACTS}), encoding="utf-8")
    (toy / "raw/toy/toy_0001.txt").unlink()
    with pytest.raises(CorpusError, match=r"line 1 is refused.*toy_0001"):
        run(toy, wheel(tmp_path / "archive"))


def test_the_seed_hydrates_from_its_file(shared: Path, tmp_path: Path) -> None:
    holdings = store.read(ROOT).holdings
    for path in ("raw/seed/seed_0001.json", "raw/seed/source.json"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes((ROOT / path).read_bytes())
    done = hydrate.hydrate(tmp_path, holdings.sources["seed"], store.read(tmp_path).holdings.documents.values(), shared / "articles")
    assert done.written == ("seed_0001",)
    text = (tmp_path / "raw/seed/seed_0001.txt").read_text(encoding="utf-8")
    furniture = holdings.documents["seed_0001"].furniture[0]
    assert text[furniture.start : furniture.end] == "Login"
