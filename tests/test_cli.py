"""The commands as a person types them: exit codes, one sentence for wrong use, nothing written when something is wrong."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.cli import parser

Run = Callable[..., tuple[int, str, str]]

ARTICLE = "The ferry to Harrow Isle will not sail today, its owner said on Monday.\n"


def state(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_add_takes_an_article_once(corpus: Run, toy: Path, tmp_path: Path) -> None:
    (tmp_path / "ferry.txt").write_text(ARTICLE, encoding="utf-8")
    argv = ["add", str(tmp_path / "ferry.txt"), "--source", "toy", "--outlet", "Harrow Courier", "--date", "2026-11-20"]
    assert corpus(*argv)[:2] == (0, "added raw/toy/toy_0004.json\n")
    assert (toy / "raw/toy/toy_0004.txt").read_text(encoding="utf-8") == ARTICLE.strip()
    before = state(toy)
    assert "there already, as toy_0004" in corpus(*argv)[1]
    assert state(toy) == before
    assert corpus("check")[0] == 0


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"a\x00b", b"short", b"<html>" + ARTICLE.encode(), b"\xed\xa0\x80" + ARTICLE.encode()])
def test_add_writes_nothing_of_what_is_no_article(corpus: Run, toy: Path, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "bad.txt").write_bytes(data)
    (tmp_path / "good.txt").write_text(ARTICLE, encoding="utf-8")
    before = state(toy)
    code, _, err = corpus("add", str(tmp_path / "good.txt"), str(tmp_path / "bad.txt"), "--source", "toy")
    assert code == 2
    assert err.count("\n") == 1
    assert "bad.txt" in err
    assert state(toy) == before


@pytest.mark.parametrize(
    "option", [["--date", "yesterday"], ["--url", "ferry"], ["--id", "../ferry"], ["--language", "English"], ["--story", "A b"]]
)
def test_add_writes_nothing_with_bad_facts(corpus: Run, toy: Path, tmp_path: Path, option: list[str]) -> None:
    (tmp_path / "ferry.txt").write_text(ARTICLE, encoding="utf-8")
    before = state(toy)
    code, out, _ = corpus("add", str(tmp_path / "ferry.txt"), "--source", "toy", *option)
    assert code == 1
    assert "[matches-schema]" in out
    assert state(toy) == before


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["check", "nowhere.json"], "nowhere.json does not exist"),
        (["check", "--explain", "nothing"], "there is no check 'nothing'"),
        (["build", "one"], "'one' is no version"),
        (["build", "1.0"], "'1.0' is no version"),
        (["show", "toy_9999"], "there is no document 'toy_9999'"),
        (["show", "toy_0003", "--by", "77aa"], "choose a reading of toy_0003"),
        (["hydrate", "lee"], "'lee' is no source with withheld texts"),
        (["push", "toy_9999"], "there is no document 'toy_9999'"),
        (["push", "--annotator", "77aa"], "'77aa' is not in annotations/annotators.json"),
        (["pull", "nowhere.json"], "nowhere.json is no file"),
        (["add", "nowhere.txt", "--source", "toy"], "nowhere.txt is no file"),
        (["add", "nowhere.txt", "--source", "lee"], "there is no raw/lee/source.json"),
    ],
)
def test_wrong_use_is_one_sentence(corpus: Run, toy: Path, argv: list[str], words: str) -> None:
    before = state(toy)
    code, out, err = corpus(*argv)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"corpus {argv[0]}: ")
    assert words in err
    assert state(toy) == before


def test_outside_a_corpus_it_is_said(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "corpus", "-C", str(tmp_path), "stats"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "not in a corpus" in done.stderr


def test_check_formats_agree(corpus: Run, toy: Path) -> None:
    path = toy / "annotations/toy_0001/a3f1.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"end": 15,', '"end": 14,'), encoding="utf-8")
    code, out, err = corpus("check")
    assert (code, "1 problem in 1 file" in err) == (1, True)
    assert out.startswith("annotations/toy_0001/a3f1.json:13:9 /mentions/0/spans/0 [quote-matches-text]")
    assert "the words marked stand at 0-15 'Mayor Ilse Varn'" in out
    held = json.loads(corpus("check", "--format", "json")[1])
    assert [(one["where"], one["pointer"], one["line"], one["check"]) for one in held] == [
        ("annotations/toy_0001/a3f1.json", "/mentions/0/spans/0", 13, "quote-matches-text")
    ]
    lines = corpus("check", "--format", "github")[1]
    assert lines.startswith("::error file=annotations/toy_0001/a3f1.json,line=13,col=9,title=quote-matches-text::")


def test_format_rewrites_and_check_only_tells(corpus: Run, toy: Path) -> None:
    path = toy / "annotations/toy_0001/a3f1.json"
    good = path.read_bytes()
    path.write_text(json.dumps(json.loads(good)), encoding="utf-8")
    assert corpus("format", "--check")[0] == 1
    assert corpus("check")[1].startswith("annotations/toy_0001/a3f1.json:1:1 / [form-is-canonical]")
    assert corpus("format")[0] == 0
    assert path.read_bytes() == good
    assert corpus("format", "--check")[:2] == (0, "0 files to change\n")


def test_show_marks_the_text(corpus: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")
    code, out, _ = corpus("show", "toy_0002")
    assert code == 0
    assert '"[claim m1]The tea,"' in out
    assert "claim m1 “The tea … is free 👩‍👩‍👧 today”" in out
    assert "\x1b" not in out


def test_stats_count_what_is_there(corpus: Run) -> None:
    code, out, _ = corpus("stats")
    assert code == 0
    assert [line.split() for line in out.splitlines() if line.split()[0] == "denial"] == [["denial", "3", "5", "3"]]


def test_build_and_quiet(corpus: Run, toy: Path) -> None:
    assert corpus("-q", "build", "0.1.0")[:2] == (0, "")
    assert (toy / "dist/cda-corpus-0.1.0/manifest.json").is_file()
    (toy / "raw/toy/toy_0001.txt").write_text("other", encoding="utf-8")
    code, out, err = corpus("build", "0.1.0")
    assert code == 2
    assert "[text-matches-record]" in out
    assert "nothing was built" in err


def test_push_writes_tasks_and_pull_reads_them_back(corpus: Run, toy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The way for a server of one's own: tasks to a file, an export from a file."""
    monkeypatch.setenv("CORPUS_STUDIO_HOME", str(toy / "home"))
    before = state(toy / "annotations")
    assert corpus("push", "--out", str(toy / "tasks.json"))[0] == 0
    made = json.loads((toy / "tasks.json").read_bytes())
    exported = [task | {"annotations": [one | {"was_cancelled": False} for one in task["annotations"]]} for task in made]
    (toy / "export.json").write_text(json.dumps(exported), encoding="utf-8")
    for path in toy.glob("annotations/toy_*/*.json"):
        path.unlink()
    assert corpus("pull", str(toy / "export.json"))[:2] == (
        0,
        "".join(f"changed {name}\n" for name in _in_task_order(made)) + "5 tasks: 5 changed\n",
    )
    assert state(toy / "annotations") == before
    assert corpus("pull", str(toy / "export.json"))[1] == "5 tasks: 5 unchanged\n"


def _in_task_order(made: list[dict[str, dict[str, str]]]) -> list[str]:
    return [f"annotations/{one['data']['document']}/{one['data']['annotator']}.json" for one in made]


@pytest.mark.parametrize("data", [b"", b"{}", b"[", b"\xff", b'[{"data": 1}]', b"[1]", b'{"a": 1, "a": 2}'])
def test_pull_of_a_broken_export_writes_nothing(corpus: Run, toy: Path, monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setenv("CORPUS_STUDIO_HOME", str(toy.parent / "home"))
    (toy.parent / "export.json").write_bytes(data)
    before = state(toy)
    code, out, err = corpus("pull", str(toy.parent / "export.json"))
    assert code in (1, 2)
    assert "export.json" in out + err
    assert "Traceback" not in out + err
    assert state(toy) == before


def test_a_closed_pipe_is_no_fault(toy: Path) -> None:
    command = f"{sys.executable} -m corpus -C {toy} check --explain all | head -1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False, env=os.environ | {"PYTHONUNBUFFERED": "1"}
    )
    assert done.stderr == ""


def test_common_options_stand_before_the_command_or_after_it(toy: Path) -> None:
    for argv in (["-q", "-C", str(toy), "check"], ["check", "-q", "-C", str(toy)], ["-C", str(toy), "check", "--quiet"]):
        args = parser().parse_args(argv)
        assert (args.quiet, args.verbose, args.root) == (True, False, toy)
