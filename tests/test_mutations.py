"""Every mutation of tests/mutations.py on fifty clean exports, through `corpus pull`; and mutations of stored layers, through an audit.

A tenth of the pairs is run always, all of them under the mark long, which also writes the table tests/golden/mutations.md.
"""

import contextlib
import io
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

import pytest

from corpus import audit, cli, codec, locate, store
from tests.clean_exports import EXPORTS, Clean, clean_exports
from tests.conftest import ROOT
from tests.mutations import MUTATIONS, Absent, Damaged, Mutation, damaged
from tests.stored_mutations import STORED, Stored

TABLE = ROOT / "tests" / "golden" / "mutations.md"
LINE = re.compile(r"^(?P<where>.+?)(?::\d+:\d+)? (?P<pointer>/\S*) \[(?P<check>[a-z0-9-]+)\] ", re.MULTILINE)
LEGITIMATE = {
    "choice-changed", "name-changed", "choice-taken-back", "cue-deleted", "link-deleted", "claim-added", "all-deleted",
    "guidelines-of-another-version", "no-annotations", "all-skipped", "rows-from-a-prediction",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _pull_is_quick_and_remembers_in_its_corpus(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without what has tests of its own and would take most of the time: lines and columns, the disk's word, the options."""
    monkeypatch.delenv("CORPUS_STUDIO_HOME", raising=False)
    monkeypatch.setattr(locate, "LARGEST", 0)
    monkeypatch.setattr(os, "fsync", lambda handle: None)
    monkeypatch.setattr(cli, "parser", cache(cli.parser))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulled:
    """What a pull did: exit code, what it said, the faults it named as (where, pointer, check), the files it wrote."""

    code: int
    said: str
    faults: frozenset[tuple[str, str, str]]
    files: dict[str, bytes]


class Ground:
    """A corpus that one clean export fits; each pull starts from it as it was laid."""

    def __init__(self, root: Path, clean: Clean) -> None:
        self.root, self.clean, self.export = root / "corpus", clean, root / "export.json"
        (self.root / "raw").mkdir(parents=True)
        clean.lay(self.root)
        self.laid = self._files()

    def pull(self, data: bytes) -> Pulled:
        self.export.write_bytes(data)
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = cli.main(["-C", str(self.root), "pull", str(self.export)])
        files = {name: held for name, held in self._files().items() if self.laid.get(name) != held}
        for name in files:
            (self.root / name).unlink()
        return Pulled(code=code, said=out.getvalue() + err.getvalue(), faults=frozenset(_faults(out.getvalue())), files=files)

    def _files(self) -> dict[str, bytes]:
        return {path.relative_to(self.root).as_posix(): path.read_bytes() for path in self.root.rglob("*") if path.is_file()}


def _faults(said: str) -> Iterator[tuple[str, str, str]]:
    for found in LINE.finditer(said):
        yield found["where"], found["pointer"] if found["pointer"] != "/" else "", found["check"]


def wrong(mutation: Mutation, spoilt: Damaged, ground: Ground) -> str | None:
    """In what a mutation did not end as it must; None where it did."""
    pulled = ground.pull(spoilt.data)
    if any(b"@harrow.example" in held for held in pulled.files.values()):
        return "an e-mail address was stored"
    if mutation.outcome == "refused":
        return _not_refused(spoilt, ground, pulled)
    expected = stored(ground.clean, with_target=mutation.outcome == "harmless")
    held = {name: data for name, data in pulled.files.items() if name in expected or mutation.outcome == "harmless"}
    held.pop(".label-studio/met.json", None)
    return None if pulled.code == 0 and not pulled.faults and held == expected else f"not accepted as it was: {pulled.said}"


def _not_refused(spoilt: Damaged, ground: Ground, pulled: Pulled) -> str | None:
    if {pointer for pointer, _ in spoilt.faults} == {""}:  # the bytes
        (check,) = {check for _, check in spoilt.faults}
        told = pulled.said.startswith(f"corpus pull: {ground.export} is ") and pulled.said.endswith(f"[{check}]\n")
        return None if told and pulled.code == 2 and not pulled.files else f"not refused as {check}: {pulled.said}"
    expected = {_told(ground, pointer, check) for pointer, check in spoilt.faults}
    missed, more = expected - pulled.faults, {one for one in pulled.faults - expected if not any(_below(one, other) for other in expected)}
    if pulled.code != 1 or missed or more:
        return f"expected {sorted(expected)}: {pulled.said}"
    layers = {name: data for name, data in pulled.files.items() if name != ".label-studio/met.json"}
    return None if layers == stored(ground.clean, with_target=False) else f"wrote {sorted(layers)}"


def _told(ground: Ground, pointer: str, check: str) -> tuple[str, str, str]:
    if not pointer.startswith("layer:"):
        return str(ground.export), pointer, check
    name = store.layer_path(ground.clean.layer.document, ground.clean.layer.annotator)
    return f"{ground.export}/{ground.clean.at} as {name}", pointer.removeprefix("layer:"), check


def _below(one: tuple[str, str, str], other: tuple[str, str, str]) -> bool:
    return one[0] == other[0] and one[2] == other[2] and one[1].startswith(f"{other[1]}/")


def stored(clean: Clean, *, with_target: bool) -> dict[str, bytes]:
    """The layers that a pull of the clean export writes."""
    layers = [*clean.companions, *([clean.layer] if with_target else [])]
    return {store.layer_path(one.document, one.annotator): codec.canonical(codec.annotations_to_json(one)) for one in layers}


def cases(mutation: Mutation, exports: Iterable[int]) -> Iterator[tuple[int, Damaged]]:
    for nth in exports:
        with contextlib.suppress(Absent):
            yield nth, damaged(mutation, clean_exports()[nth], nth)


def run(mutations: Iterable[tuple[Mutation, Iterable[int]]], folder: Path) -> tuple[Counter[str], list[str]]:
    """How often each mutation was done, and all that did not end as it must."""
    grounds = [Ground(folder / f"{nth}", clean) for nth, clean in enumerate(clean_exports())]
    done, failures = Counter[str](), []
    for mutation, exports in mutations:
        for nth, spoilt in cases(mutation, exports):
            done[mutation.name] += 1
            fault = wrong(mutation, spoilt, grounds[nth])
            failures += [f"{mutation.name} on {grounds[nth].clean.name}: {fault}"] if fault else []
    return done, failures


def test_the_exports_are_clean(tmp_path: Path) -> None:
    assert len(clean_exports()) == EXPORTS
    for nth, clean in enumerate(clean_exports()):
        ground = Ground(tmp_path / f"{nth}", clean)
        pulled = ground.pull(clean.packed)
        assert (pulled.code, pulled.faults) == (0, frozenset())
        assert stored(clean, with_target=True).items() <= pulled.files.items()


def test_a_tenth_of_all_pairs_ends_as_it_must(tmp_path: Path) -> None:
    chosen = [(one, Random(name).sample(range(EXPORTS), k=EXPORTS // 10)) for name, one in MUTATIONS.items()]  # noqa: S311
    _, failures = run(chosen, tmp_path)
    assert not failures, "\n".join(failures[:20])


@pytest.mark.long
def test_every_pair_ends_as_it_must(tmp_path: Path) -> None:
    done, failures = run([(one, range(EXPORTS)) for one in MUTATIONS.values()], tmp_path)
    assert not failures, f"{len(failures)} of {done.total()}\n" + "\n".join(failures[:20])
    TABLE.write_text(table(done), encoding="utf-8")


def test_the_table_is_current() -> None:
    written = TABLE.read_text(encoding="utf-8")
    counts = Counter({found[1]: int(found[2]) for found in re.finditer(r"^\| ([a-z0-9-]+) \|.*\| (\d+) \|$", written, re.MULTILINE)})
    assert written == table(counts), "run the long test, which writes the table"


def test_there_is_enough_of_everything() -> None:
    assert len(MUTATIONS) >= 130
    assert {one.name for one in MUTATIONS.values() if one.outcome == "legitimate"} == LEGITIMATE
    assert all(one.reason for one in MUTATIONS.values() if one.outcome == "legitimate")
    assert not [name for name in MUTATIONS if next(cases(MUTATIONS[name], range(EXPORTS)), None) is None]


@pytest.mark.parametrize("name", ["blank-at-the-end", "blank-at-the-start"])
def test_what_was_trimmed_is_told(name: str, tmp_path: Path) -> None:
    nth, spoilt = next(cases(MUTATIONS[name], range(EXPORTS)))
    assert " trimmed to " in Ground(tmp_path, clean_exports()[nth]).pull(spoilt.data).said


def table(done: Counter[str]) -> str:
    """The mutations for a person: what each does, what becomes of it and where that is told, on how many exports it was tried."""
    outcomes = Counter[str]()
    for name, count in done.items():
        outcomes[MUTATIONS[name].outcome] += count
    head = [
        "# Mutations of exports",
        "",
        f"Written by the long test of `tests/test_mutations.py`: {len(MUTATIONS)} mutations, {EXPORTS} clean exports, "
        f"{done.total():,} pairs: {outcomes['refused']:,} refused, {outcomes['harmless']:,} harmless (the stored bytes are those of the "
        f"clean export), {outcomes['legitimate']:,} legitimate edits; no traceback. A place is a JSON pointer, N any number; `layer:` is "
        "the layer as it would be stored, no pointer the whole file.",
        "",
        "| mutation | what it does | outcome | place | exports |",
        "| --- | --- | --- | --- | ---: |",
    ]
    return "\n".join([*head, *(_line(one, done[name]) for name, one in MUTATIONS.items())]) + "\n"


def _line(one: Mutation, count: int) -> str:
    _, spoilt = next(cases(one, range(EXPORTS)))
    places = sorted({re.sub(r"\d+", "N", pointer) for pointer, _ in spoilt.faults if pointer})
    why = f"{one.about}: {one.reason}" if one.reason else one.about
    return f"| {one.name} | {why} | {one.expectation} | {' '.join(f'`{place}`' for place in places)} | {count} |"


@pytest.mark.parametrize("one", STORED, ids=lambda one: one.name)
def test_a_damaged_layer_has_its_faults_and_no_other(one: Stored, toy: Path) -> None:
    path = toy / one.damaged
    before = path.read_bytes()
    path.write_bytes(one.spoil(before))
    assert path.read_bytes() != before
    told = {(problem.where, problem.pointer, problem.check) for problem in audit.audit(toy)}
    assert told == {(one.where, *fault) for fault in one.faults}


def test_there_are_enough_damaged_layers() -> None:
    assert len({one.name for one in STORED}) == len(STORED) >= 40
