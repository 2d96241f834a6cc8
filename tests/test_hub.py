"""Publishing to a stand-in for the Hub with the real client, by LFS and by Xet, under faults; and loading what was published."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from scripts import generate_exports

from corpus import cli, hub, manifest, release
from corpus.problems import CorpusError
from corpus.release import Plan
from tests.conftest import TOY
from tests.hub_standin import TOKEN, Fault, Hub, standin

REPOSITORY = "org/cda"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("built") / "cda-corpus-1.0.0"
    release.build(TOY, Plan(version="1.0.0", commit="0" * 40, date="2026-01-02"), folder)
    return folder


@pytest.fixture(params=["lfs", "xet"])
def server(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with standin(tmp_path / "hub", xet=request.param == "xet") as running:
        _client_of(running, tmp_path, monkeypatch)
        yield running


@pytest.fixture(autouse=True)
def _no_bars() -> Iterator[None]:
    from huggingface_hub.utils import disable_progress_bars, enable_progress_bars

    disable_progress_bars()
    yield
    enable_progress_bars()


@pytest.fixture
def lfs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with standin(tmp_path / "hub", xet=False) as running:
        _client_of(running, tmp_path, monkeypatch)
        yield running


def _client_of(running: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The client reads its settings once, at import; the modules of it that this path uses look them up again."""
    from huggingface_hub import constants
    from huggingface_hub.utils import _http

    monkeypatch.setattr(constants, "ENDPOINT", running.url)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", not running.xet)
    monkeypatch.setattr(_http.time, "sleep", lambda _seconds: None)  # its pauses between tries
    monkeypatch.setenv("HF_TOKEN", TOKEN)


def published(folder: Path) -> hub.Published:
    held = manifest.manifest_of(folder)
    return hub.publish(folder, REPOSITORY, tag=f"v{held.version}", files=sorted({*held.files, "manifest.json"}))


def files_of(server: Hub, revision: str) -> set[str]:
    return set(server.commits[str(server.resolve(revision))])


def test_one_commit_then_the_tag_and_nothing_the_second_time(server: Hub, built: Path) -> None:
    first = published(built)
    assert (first.committed, first.tagged, server.tags) == (True, True, {"v1.0.0": first.commit})
    assert server.history() == 2  # that of an empty repository, and the release
    assert files_of(server, "v1.0.0") == {*manifest.manifest_of(built).files, "manifest.json"}
    again = published(built)
    assert (again.committed, again.tagged, again.commit, server.history()) == (False, False, first.commit, 2)


def test_the_command_says_where_the_release_stands(lfs: Hub, built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["publish", str(built), REPOSITORY, "--quiet"]) == 0
    assert cli.main(["publish", str(built), REPOSITORY]) == 0
    assert f"org/cda@v1.0.0: stood there already, commit {lfs.tags['v1.0.0']}" in capsys.readouterr().out


def test_the_next_version_takes_away_what_it_does_not_have(lfs: Hub, built: Path, tmp_path: Path) -> None:
    published(built)
    release.build(TOY, Plan(version="1.1.0", buckets=1), tmp_path / "cda-corpus-1.1.0")
    published(tmp_path / "cda-corpus-1.1.0")
    assert files_of(lfs, "v1.1.0") == {*manifest.manifest_of(tmp_path / "cda-corpus-1.1.0").files, "manifest.json"}
    assert files_of(lfs, "v1.0.0") == {*manifest.manifest_of(built).files, "manifest.json"}


def test_a_tag_on_other_files_is_refused_and_stays(lfs: Hub, built: Path, tmp_path: Path) -> None:
    tagged = published(built).commit
    release.build(TOY, Plan(version="1.0.0", buckets=1), tmp_path / "other")
    with pytest.raises(CorpusError, match=r"has a tag v1\.0\.0 on other files"):
        published(tmp_path / "other")
    assert (lfs.tags, lfs.history()) == ({"v1.0.0": tagged}, 2)


def test_an_older_release_does_not_take_the_place_of_a_newer_one(lfs: Hub, built: Path, tmp_path: Path) -> None:
    release.build(TOY, Plan(version="1.10.0"), tmp_path / "newer")
    newer = published(tmp_path / "newer")
    with pytest.raises(CorpusError, match=r"has v1\.10\.0 already; v1\.0\.0 is older"):
        published(built)
    assert lfs.tags == {"v1.10.0": newer.commit}


def test_a_file_that_the_server_alters_is_found_before_the_tag(lfs: Hub, built: Path) -> None:
    lfs.alters = "README.md"
    with pytest.raises(CorpusError, match=r"holds other bytes than were sent: README\.md; nothing was tagged"):
        published(built)
    assert lfs.tags == {}


def test_a_release_with_withheld_texts_is_not_published(lfs: Hub, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    release.build(TOY, Plan(version="1.0.0", all_texts=True), tmp_path / "all")
    assert cli.main(["publish", str(tmp_path / "all"), REPOSITORY]) == 2
    assert "texts that may not be passed on" in capsys.readouterr().err
    assert lfs.log == []


def test_a_release_of_files_that_no_commit_has_is_not_published(lfs: Hub, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    release.build(TOY, Plan(version="1.0.0"), tmp_path / "unclean")
    assert cli.main(["publish", str(tmp_path / "unclean"), REPOSITORY]) == 2
    assert "names no commit: it was built from files that were not committed" in capsys.readouterr().err
    assert lfs.log == []
    made = generate_exports.write(tmp_path / "made", 5, twice=0)
    about = release.described([made.parent / "source.json"], made.parent / "annotators.json")
    release.build_from([made], about, Plan(version="1.0.0"), tmp_path / "exports")
    assert cli.main(["publish", str(tmp_path / "exports"), REPOSITORY]) == 0


def test_a_changed_release_is_not_published(lfs: Hub, built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    release.build(TOY, Plan(version="1.0.0"), tmp_path / "changed")
    (tmp_path / "changed" / "README.md").write_text("Another card.\n", encoding="utf-8")
    assert cli.main(["publish", str(tmp_path / "changed"), REPOSITORY]) == 2
    assert "is not a release as it was built; nothing was published" in capsys.readouterr().err
    assert lfs.log == []


BROKE = r"the Hub broke off \(\w+\); run the command again"
FAULTS = {
    "401 at the start": (Fault("repos/create", "401"), "does not let you write to org/cda; log in with `hf auth login`"),
    "403 at the commit": (Fault("/commit/main", "403"), "does not let you write to org/cda"),
    "404 at the commit": (Fault("/commit/main", "404"), "refused with status 404"),
    "412 at the commit": (Fault("/commit/main", "412"), "somebody committed to org/cda meanwhile; nothing was published"),
    "429 at the commit": (Fault("/commit/main", "429", 9), "refused with status 429"),
    "500 at the commit": (Fault("/commit/main", "500"), "refused with status 500"),
    "commit lands, 502": (Fault("/commit/main", "502", after=True), "refused with status 502"),
    "commit lands, reply lost": (Fault("/commit/main", "drop", after=True), BROKE),
    "commit never arrives": (Fault("/commit/main", "drop"), BROKE),
    "commit answered by a log-in page": (Fault("/commit/main", "html"), "answered with something else than JSON"),
    "repository made, reply lost": (Fault("repos/create", "drop", after=True), BROKE),
    "list of tags breaks off": (Fault("/refs", "drop"), BROKE),
    "list of tags is a log-in page": (Fault("/refs", "html"), "answered with something else than JSON"),
    "list of files refused": (Fault("GET .*/tree/", "500", 9), "refused with status 500"),
    "list of files cut": (Fault("GET .*/tree/", "cut", 9), BROKE),
    "upload not planned": (Fault("/preupload/", "500", 9), "refused with status 500"),
    "upload plan cut": (Fault("/preupload/", "cut", 9), BROKE),
    "large files refused": (Fault("objects/batch", "500", 9), "refused with status 500"),
    "one shard lost on the way": (Fault("PUT /lfs/", "drop", 999), BROKE),
    "one shard refused": (Fault("PUT /lfs/", "500", 999), "refused with status 500"),
    "tag refused": (Fault("/tag/", "503"), "refused with status 503"),
    "tag made, reply lost": (Fault("/tag/", "drop", after=True), BROKE),
    "somebody else's tag": (Fault("/tag/", "409"), "got this tag from somebody else meanwhile"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_after_any_fault_the_next_run_finishes_with_one_commit(lfs: Hub, built: Path, name: str) -> None:
    fault, sentence = FAULTS[name]
    lfs.faults.append(fault)
    with pytest.raises(CorpusError, match=sentence) as told:
        published(built)
    assert TOKEN not in str(told.value)
    assert "127.0.0.1" not in str(told.value)
    assert set(lfs.tags) <= ({"v1.0.0"} if name == "tag made, reply lost" else set())
    lfs.faults.clear()
    done = published(built)
    assert (lfs.tags, lfs.history()) == ({"v1.0.0": done.commit}, 2)
    assert files_of(lfs, "v1.0.0") == {*manifest.manifest_of(built).files, "manifest.json"}


def test_a_shard_that_is_refused_once_is_sent_again_by_the_client(lfs: Hub, built: Path) -> None:
    lfs.faults.append(Fault("PUT /lfs/", "503", 1))
    assert published(built).tagged


PROGRAM = """
import json, sys, warnings
import datasets
import corpus
datasets.disable_progress_bars()
def rows(opened):
    return sorted(row["document"] for split in opened.values() for row in split)
loaded = corpus.load("org/cda@v1.0.0", "documents")
plain = datasets.load_dataset("org/cda", "documents", revision="v1.0.0")
stream = datasets.load_dataset("org/cda", "documents", revision="v1.0.0", streaming=True)
print(json.dumps({"loaded": rows(loaded), "plain": rows(plain), "stream": rows(stream)}))
"""

STALE = """
import json
import datasets
import corpus
from corpus.problems import CorpusError
datasets.disable_progress_bars()
def licences(revision):
    opened = datasets.load_dataset("org/cda", "documents", revision=revision)
    return str(next(iter(opened.values())).info.version)
told = {"plain": licences("v9.9.9")}
try:
    corpus.load("org/cda@v9.9.9", "documents")
except CorpusError as error:
    told["ours"] = str(error)
told["right"] = str(next(iter(corpus.load("org/cda@v1.0.0", "documents").values())).info.version)
print(json.dumps(told))
"""


SINCE = """
import json, warnings
import datasets
import corpus
datasets.disable_progress_bars()
def told(revision):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        opened = corpus.load(f"org/cda@{revision}", "documents")
    return sum(map(len, opened.values())), [str(one.message) for one in caught if "withdrawn" in str(one.message)]
print(json.dumps({revision: told(revision) for revision in ("v1.0.0", "v2.0.0")}))
"""


def python(program: str, server: Hub, tmp_path: Path, **more: str) -> dict[str, object]:
    """What a fresh interpreter prints: the clients read the address of the Hub once, at import."""
    home = {
        "HF_HOME": str(tmp_path / "home"),
        "HF_ENDPOINT": server.url,
        "HF_TOKEN": TOKEN,
        "HF_HUB_DISABLE_XET": "" if server.xet else "1",
    }
    env = {**os.environ, **home, "HF_HUB_DISABLE_TELEMETRY": "1", **more}
    done = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    told: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return told


@pytest.mark.long
def test_what_was_published_is_loaded_by_both_ways_and_as_a_stream(server: Hub, built: Path, tmp_path: Path) -> None:
    published(built)
    told = python(PROGRAM, server, tmp_path)
    assert told["loaded"] == told["plain"] == told["stream"] == sorted(manifest.manifest_of(built).documents)


def test_load_of_an_older_release_asks_the_newest_what_was_withdrawn(lfs: Hub, built: Path, toy: Path, tmp_path: Path) -> None:
    """Of a cache that holds nothing yet: the manifest of main is fetched beside the release. Offline it is the one fetched last."""
    published(built)
    assert cli.main(["-q", "-C", str(toy), "withdraw", "toy_0002", "--reason", "asked for by its publisher", "--date", "2026-11-28"]) == 0
    release.build(toy, Plan(version="2.0.0"), tmp_path / "cda-corpus-2.0.0")
    published(tmp_path / "cda-corpus-2.0.0")
    expected = {"v1.0.0": [3, ["withdrawn since version 1.0.0, please leave out: toy_0002"]], "v2.0.0": [2, []]}
    assert python(SINCE, lfs, tmp_path) == expected
    lfs.faults.append(Fault("", "500", 99))
    assert python(SINCE, lfs, tmp_path, HF_HUB_OFFLINE="1") == expected


@pytest.mark.long
def test_offline_load_dataset_hands_back_another_version_and_ours_refuses(lfs: Hub, built: Path, tmp_path: Path) -> None:
    published(built)
    python(PROGRAM, lfs, tmp_path)
    told = python(STALE, lfs, tmp_path, HF_HUB_OFFLINE="1")
    assert told["plain"] == "1.0.0"  # it was asked for v9.9.9, which never was
    assert "v9.9.9 was not fetched before, and the Hub cannot be reached" in str(told["ours"])
    assert told["right"] == "1.0.0"
