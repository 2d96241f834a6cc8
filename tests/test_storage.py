"""Exports and releases in an object store: a real server on loopback, read by ranges, written with the manifest last."""

import gzip
import shutil
import socket
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest
import s3fs
from moto.server import ThreadedMotoServer
from scripts import generate_exports

from corpus import cli, release, storage
from corpus.problems import CorpusError
from corpus.storage import Remote
from tests.test_from_exports import PLAN, contents

NEWS = "s3://news"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def store(address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A store with one bucket; this process and those that it starts find it as any tool would."""
    for name, value in {
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "b",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()
    client = boto3.client("s3")
    client.create_bucket(Bucket="news")
    yield client
    for one in client.list_objects_v2(Bucket="news").get("Contents", []):
        client.delete_object(Bucket="news", Key=one["Key"])
    client.delete_bucket(Bucket="news")
    client.close()
    s3fs.S3FileSystem.clear_instance_cache()


def keys(store: Any, prefix: str = "") -> list[str]:
    return [one["Key"] for one in store.list_objects_v2(Bucket="news", Prefix=prefix).get("Contents", [])]


def described(made: Path) -> Any:
    return release.described([made / "source.json"], made / "annotators.json")


def test_a_release_from_and_into_a_store_has_the_same_bytes(store: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export = generate_exports.write(tmp_path / "made", 40, twice=2, copies=9)
    store.upload_file(str(export), "news", "in/export.json")
    about = described(export.parent)
    release.build_from([export], about, PLAN, tmp_path / "here")
    asked: list[tuple[int | None, int | None]] = []
    fetch = s3fs.S3FileSystem._cat_file

    async def noted(self: Any, path: str, version_id: Any = None, start: int | None = None, end: int | None = None, **facts: Any) -> Any:
        if path.endswith("export.json"):
            asked.append((start, end))
        return await fetch(self, path, version_id=version_id, start=start, end=end, **facts)

    monkeypatch.setattr(s3fs.S3FileSystem, "_cat_file", noted)
    put: list[str] = []
    real = Remote.put
    monkeypatch.setattr(Remote, "put", lambda self, path: [put.append(self.name), real(self, path)][1])
    release.build_from([storage.place(f"{NEWS}/in/export.json")], about, PLAN, storage.place(f"{NEWS}/out/"))
    assert asked
    assert all(start is not None and end is not None and end - start <= 8 << 20 for start, end in asked)
    assert max((end or 0) for _, end in asked) <= export.stat().st_size
    assert put[0] == ".staged"
    assert put[-1] == "manifest.json"
    assert len([one for one in put if one.endswith(".parquet")]) > 20
    with storage.fetched(Remote(f"{NEWS}/out")) as folder:
        assert contents(folder) == contents(tmp_path / "here")


def test_a_compressed_export_is_unpacked_where_it_is_read(store: Any, tmp_path: Path) -> None:
    export = generate_exports.write(tmp_path / "made", 12, twice=0)
    store.put_object(Bucket="news", Key="export.json.gz", Body=gzip.compress(export.read_bytes()))
    about = described(export.parent)
    plan = replace(PLAN, configs=("documents",))
    held = release.build_from([Remote(f"{NEWS}/export.json.gz")], about, plan, Remote(f"{NEWS}/out"))
    assert held.digest == release.build_from([export], about, plan, tmp_path / "here").digest
    assert keys(store) == ["export.json.gz", *(f"out/{name}" for name in sorted(contents(tmp_path / "here")))]


def test_what_stands_in_a_store_is_never_written_over(store: Any, tmp_path: Path) -> None:
    export = generate_exports.write(tmp_path / "made", 8, twice=0)
    out = Remote(f"{NEWS}/out")
    release.build_from([export], described(export.parent), PLAN, out)
    before = {one["Key"]: one["LastModified"] for one in store.list_objects_v2(Bucket="news")["Contents"]}
    with pytest.raises(CorpusError, match="s3://news/out holds a release, and one in a store is never written over"):
        release.build_from([export], described(export.parent), PLAN, out)
    assert before == {one["Key"]: one["LastModified"] for one in store.list_objects_v2(Bucket="news")["Contents"]}
    store.put_object(Bucket="news", Key="mine/letter.txt", Body=b"mine")
    with pytest.raises(CorpusError, match=r"s3://news/mine holds letter\.txt and is no earlier build"):
        release.build_from([export], described(export.parent), PLAN, Remote(f"{NEWS}/mine"))
    assert keys(store, "mine/") == ["mine/letter.txt"]


def test_what_a_build_left_half_done_is_no_release_and_the_next_removes_it(store: Any, tmp_path: Path) -> None:
    export = generate_exports.write(tmp_path / "made", 8, twice=0)
    for name in (".staged", "documents/train-00000-of-00099.parquet"):
        store.put_object(Bucket="news", Key=f"out/{name}", Body=b"half")
    release.build_from([export], described(export.parent), PLAN, Remote(f"{NEWS}/out"))
    assert not {"out/.staged", "out/documents/train-00000-of-00099.parquet"} & {*keys(store)}
    assert cli.main(["verify", f"{NEWS}/out"]) == 0


@pytest.mark.parametrize("moment", ["reading", "manifest"])
def test_a_build_that_fails_leaves_nothing_in_the_store(moment: str, store: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault in the data, which is found when shards are there; and a store that takes no manifest."""
    export = generate_exports.write(tmp_path / "made", 30, twice=0)
    if moment == "reading":
        export.write_bytes(export.read_bytes().replace(b'"annotator":"4b22"', b'"annotator":"ffff"', 1))
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    put = Remote.put

    def refusing(self: Remote, path: Path) -> None:
        if self.name == "manifest.json":
            assert "out/.staged" in keys(store)
            assert any(one.endswith(".parquet") for one in keys(store))
            raise CorpusError("the store is full")
        put(self, path)

    monkeypatch.setattr(Remote, "put", refusing)
    told = "the store is full" if moment == "manifest" else "1 problem in the exports"
    with pytest.raises(CorpusError, match=told):
        release.build_from([export], described(export.parent), PLAN, Remote(f"{NEWS}/out"))
    assert keys(store) == []
    assert not list((tmp_path / "temporary").iterdir())


def test_of_two_builds_to_one_place_the_earlier_gives_up(store: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export = generate_exports.write(tmp_path / "made", 8, twice=0)
    put = Remote.put

    def interfering(self: Remote, path: Path) -> None:
        put(self, path)
        if self.name == "README.md":
            store.put_object(Bucket="news", Key="out/.staged", Body=b"another")

    monkeypatch.setattr(Remote, "put", interfering)
    with pytest.raises(CorpusError, match="another build began to write to s3://news/out; this one was given up"):
        release.build_from([export], described(export.parent), PLAN, Remote(f"{NEWS}/out"))
    assert "out/manifest.json" not in keys(store)
    assert "out/.staged" in keys(store)  # and what the other has written there so far


def test_faults_of_use_are_told_in_a_sentence(
    store: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    export = generate_exports.write(tmp_path / "made", 4, twice=0)
    store.upload_file(str(export), "news", "in.json")
    describing = ["--source", str(tmp_path / "made/source.json"), "--annotators", str(tmp_path / "made/annotators.json")]

    def told(*argv: str) -> str:
        assert cli.main(["-q", "-C", str(tmp_path), *argv]) == 2
        return capsys.readouterr().err

    build = ("build", "1.0.0", *describing, "--from")
    assert "s3://news/none.json is no file" in told(*build, "s3://news/none.json")
    assert "s3://nowhere/out cannot be reached" in told(*build, str(export), "--out", "s3://nowhere/out")
    assert "s3://news names no object; write s3://BUCKET/KEY" in told(*build, str(export), "--out", "s3://news")
    since = ("--since", str(tmp_path), "--out", "s3://news/out")
    assert "--since is held to shards on this machine" in told(*build, "s3://news/in.json", *since)
    assert "s3://news/empty is no folder" in told("verify", "s3://news/empty")
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    s3fs.S3FileSystem.clear_instance_cache()
    assert "s3://news/in.json cannot be reached" in told(*build, "s3://news/in.json")


def test_an_export_that_changes_meanwhile_is_told(store: Any, tmp_path: Path) -> None:
    export = generate_exports.write(tmp_path / "made", 4, twice=0)
    store.upload_file(str(export), "news", "in.json")
    before = storage.stamp(Remote(f"{NEWS}/in.json"))
    store.put_object(Bucket="news", Key="in.json", Body=export.read_bytes() + b" ")
    assert storage.stamp(Remote(f"{NEWS}/in.json")) != before
    assert not Remote(f"{NEWS}/in").is_file()


def test_stretches_of_an_object_are_what_a_file_would_give(store: Any, tmp_path: Path) -> None:
    data = bytes(range(256)) * 4000
    store.put_object(Bucket="news", Key="a", Body=data)
    path = tmp_path / "b"
    path.write_bytes(data)
    wanted = [(0, 5, 90), (1, 9, 20), (0, 500_000, 70_000), (0, 1_023_990, 10), (0, 60, 100), (0, 5, 90)]
    with storage.reading([Remote(f"{NEWS}/a"), path], wanted) as files:
        for file, offset, length in wanted:
            files[file].seek(offset)
            assert files[file].read(length) == data[offset : offset + length]


def test_without_s3fs_the_command_says_what_to_install(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    export = generate_exports.write(tmp_path / "made", 2, twice=0)
    shutil.copy(export.parent / "source.json", tmp_path)
    monkeypatch.setitem(__import__("sys").modules, "s3fs", None)  # what an import of an absent module meets
    assert cli.main(["verify", "s3://news/out"]) == 2
    assert 's3:// needs what is not installed: pip install "cda-corpus[s3]"' in capsys.readouterr().err
