"""Named ways to damage an export, each with what must become of it: a check id and a place, or the proof that it changes nothing.

A mutation is a small function on the target task (or on the bytes of the file) that returns where the fault must be told: a JSON pointer
in the file, or `layer:` and one in the layer as it would be stored. Harmless: the stored bytes are those of the clean export.
Legitimate: another sound layer than before, or none; these are few, and each says why.
"""

import copy
import gzip
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Literal

from corpus.model import HUBS
from corpus.tasks import CHOICES, FRAGMENT, MUTUAL, WORDS, bearers
from tests.clean_exports import Clean, written

Told = str | Sequence[str | tuple[str, str]] | None  # pointers; with a check id where it is another than the mutation's
Outcome = Literal["refused", "harmless", "legitimate"]
Row = dict[str, Any]


class Absent(Exception):
    """The export has nothing that this mutation could damage."""


@dataclass(slots=True)
class Target:
    """An export that is being damaged: the file's value, and the task in it that is meant."""

    clean: Clean
    random: Random
    tasks: Any
    data: bytes | None = None  # where the bytes themselves were damaged

    @property
    def at(self) -> int:
        return self.clean.at

    @property
    def task(self) -> dict[str, Any]:
        held: dict[str, Any] = self.tasks[self.at]
        return held

    @property
    def annotation(self) -> dict[str, Any]:
        held: dict[str, Any] = self.task["annotations"][0]
        return held

    @property
    def rows(self) -> list[Row]:
        held: list[Row] = self.annotation["result"]
        return held

    @property
    def text(self) -> str:
        return self.clean.document.text or ""

    def pointer(self, *steps: object) -> str:
        return "".join(f"/{step}" for step in (self.at, *steps))

    def row_pointer(self, row: Row, *steps: object) -> str:
        """Where a row stands; rows are told apart by identity, for two may be equal."""
        at = next(at for at, one in enumerate(self.rows) if one is row)
        return self.pointer("annotations", 0, "result", at, *steps)

    def pick(self, wanted: Callable[[Row], bool]) -> Row:
        found = [row for row in self.rows if wanted(row)]
        if not found:
            raise Absent
        return self.random.choice(found)

    def region(self, *labels: str, wanted: Callable[[Row], bool] = lambda row: True) -> Row:
        """A region with one of the labels, or any that is no fragment."""
        return self.pick(lambda row: row["type"] == "labels" and self._label(row) in (labels or (*HUBS, "source", "cue")) and wanted(row))

    def relation(self, *names: str, wanted: Callable[[Row], bool] = lambda row: True) -> Row:
        return self.pick(lambda row: row["type"] == "relation" and (not names or row["labels"][0] in names) and wanted(row))

    def choice(self, *names: str) -> Row:
        return self.pick(lambda row: row["type"] == "choices" and (not names or row["from_name"] in names))

    def named(self) -> Row:
        return self.pick(lambda row: row["type"] == "textarea")

    def by_id(self, region: str) -> Row:
        return self.pick(lambda row: row["type"] == "labels" and row["id"] == region)

    def label(self, region: str) -> str:
        return self._label(self.by_id(region))

    def add(self, row: Row) -> Row:
        self.rows.append(row)
        return row

    def remove(self, wanted: Callable[[Row], bool]) -> None:
        self.rows[:] = [row for row in self.rows if not wanted(row)]

    def without(self, region: str) -> None:
        """Remove a region with all that is said of it."""
        gone = {region, *(row["from_id"] for row in self.links("continues") if row["to_id"] == region)}
        self.remove(lambda row: row.get("id") in gone or row.get("from_id") in gone or row.get("to_id") in gone)

    def links(self, *names: str) -> list[Row]:
        return [row for row in self.rows if row["type"] == "relation" and (not names or row["labels"][0] in names)]

    def mention_pointer(self, region: str) -> str:
        return f"layer:/mentions/{self._order().index(region)}"

    def link_pointer(self, kind: str, first: str, second: str, *, nth: int = 0) -> str:
        """Where a link stands in the stored layer; of several between the two, the nth."""
        order = self._order()
        ends = sorted(self._link(row, order) for row in self.links() if row["labels"][0] not in ("has_source", "has_cue", "continues"))
        pair = {order.index(first), order.index(second)}
        found = [at for at, (start, end, name) in enumerate(ends) if {start, end} == pair and (nth or name == kind)]
        return f"layer:/links/{found[nth]}"

    def _link(self, row: Row, order: list[str]) -> tuple[int, int, str]:
        first, second = (order.index(row[end]) for end in ("from_id", "to_id"))
        if row["direction"] == "left":
            first, second = second, first
        if row["labels"][0] in MUTUAL:  # stored from the later to the earlier
            first, second = max(first, second), min(first, second)
        return first, second, row["labels"][0]

    def _order(self) -> list[str]:
        """The mentions as they are stored: by first start, last end, label and id."""
        heads = [row for row in self.rows if row["type"] == "labels" and self._label(row) != FRAGMENT]
        return [place[3] for place in sorted(self._place(row) for row in heads)]

    def _place(self, row: Row) -> tuple[int, int, str, str]:
        pieces = [self.by_id(one["from_id"]) for one in self.links("continues") if one["to_id"] == row["id"]]
        spans = sorted((one["value"]["start"], one["value"]["end"]) for one in (row, *pieces))
        return spans[0][0], spans[-1][1], self._label(row), row["id"]

    @staticmethod
    def _label(row: Row) -> str:
        label: str = row["value"]["labels"][0]
        return label


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """A way to damage an export: name "start-is-true", what it does, and what must become of it."""

    name: str
    about: str
    outcome: Outcome
    check: str | None
    reason: str | None
    damage: Callable[[Target], Told]

    @property
    def expectation(self) -> str:
        return f"`{self.check}`" if self.check else self.outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Damaged:
    """The bytes of a damaged export and the faults it must have: (pointer, check id)."""

    data: bytes
    faults: frozenset[tuple[str, str]]


MUTATIONS: dict[str, Mutation] = {}


def damaged(mutation: Mutation, clean: Clean, seed: int) -> Damaged:
    """A mutation done to a clean export; raises Absent where there is nothing to do it to."""
    target = Target(clean=clean, random=Random(f"{seed} {mutation.name}"), tasks=clean.fresh())  # noqa: S311
    told = mutation.damage(target)
    data = target.data if target.data is not None else written(target.tasks)
    return Damaged(data=data, faults=frozenset(_fault(one, mutation) for one in ([told] if isinstance(told, str) else told or [])))


def _fault(one: str | tuple[str, str], mutation: Mutation) -> tuple[str, str]:
    return (one, mutation.check or "") if isinstance(one, str) else one


def _enter(name: str, about: str, outcome: Outcome, damage: Callable[[Target], Told], check: str | None, reason: str | None) -> None:
    assert name not in MUTATIONS, name
    MUTATIONS[name] = Mutation(name=name, about=about, outcome=outcome, check=check, reason=reason, damage=damage)


def _named(damage: Callable[[Target], Told]) -> str:
    return damage.__name__.strip("_").replace("_", "-")


def refused(check: str, about: str) -> Callable[[Callable[[Target], Told]], Callable[[Target], Told]]:
    """Enter a function as a mutation that must be refused with this check, at the place it returns."""

    def enter(damage: Callable[[Target], Told]) -> Callable[[Target], Told]:
        _enter(_named(damage), about, "refused", damage, check, None)
        return damage

    return enter


def harmless(about: str) -> Callable[[Callable[[Target], Told]], Callable[[Target], Told]]:
    def enter(damage: Callable[[Target], Told]) -> Callable[[Target], Told]:
        _enter(_named(damage), about, "harmless", damage, None, None)
        return damage

    return enter


def legitimate(about: str, reason: str) -> Callable[[Callable[[Target], Told]], Callable[[Target], Told]]:
    def enter(damage: Callable[[Target], Told]) -> Callable[[Target], Told]:
        _enter(_named(damage), about, "legitimate", damage, None, reason)
        return damage

    return enter


# --- bytes: the whole file is refused, at the root


def _of_bytes(name: str, check: str | None, about: str, spoil: Callable[[bytes], bytes]) -> None:
    def damage(target: Target) -> Told:
        target.data = spoil(written(target.tasks))
        return "" if check else None

    _enter(name, about, "refused" if check else "harmless", damage, check, None)


def _in_a_string(data: bytes, what: bytes) -> bytes:
    return data.replace(b'"facts": "', b'"facts": "' + what, 1)


def _number(digits: bytes) -> Callable[[bytes], bytes]:
    return lambda data: data.replace(b'"lead_time": 12.5', b'"lead_time": ' + digits, 1)


def _extra(what: bytes) -> Callable[[bytes], bytes]:
    return lambda data: data.replace(b'"data": {', b'"meta": ' + what + b', "data": {', 1)


def _cut(data: bytes, share: float) -> bytes:
    """Cut before a character of ASCII, so that no letter is halved."""
    at = next(at for at in range(int(len(data) * share), 0, -1) if data[at] < 128)
    return data[:at]


def _twice(key: bytes) -> Callable[[bytes], bytes]:
    """A key with its value, twice in one object."""
    pattern = re.compile(rb'("' + key + rb'": (?:"[^"]*"|[0-9.]+|true|false|null)),')
    return lambda data: pattern.sub(rb"\1, \1,", data, count=1)


def _respelled(**how: Any) -> Callable[[bytes], bytes]:
    return lambda data: json.dumps(json.loads(data), **how).encode()


_BYTES: tuple[tuple[str, str | None, str, Callable[[bytes], bytes]], ...] = (
    ("byte-order-mark", "bytes-are-utf8", "a UTF-8 byte order mark in front", lambda data: b"\xef\xbb\xbf" + data),
    ("utf-16", "bytes-are-utf8", "saved as UTF-16 with its mark", lambda data: data.decode().encode("utf-16")),
    ("utf-16-without-mark", "bytes-are-utf8", "saved as UTF-16 without mark", lambda data: data.decode().encode("utf-16-le")),
    ("utf-32", "bytes-are-utf8", "saved as UTF-32", lambda data: data.decode().encode("utf-32")),
    ("latin-1-byte", "bytes-are-utf8", "one letter as Latin-1", lambda data: _in_a_string(data, b"caf\xe9 ")),
    ("raw-lone-surrogate", "bytes-are-utf8", "half a surrogate pair as three bytes", lambda data: _in_a_string(data, b"\xed\xa0\x80")),
    ("overlong-slash", "bytes-are-utf8", "a slash in two bytes", lambda data: _in_a_string(data, b"\xc0\xaf")),
    ("beyond-unicode", "bytes-are-utf8", "a code point past U+10FFFF", lambda data: _in_a_string(data, b"\xf4\x90\x80\x80")),
    ("cut-inside-a-character", "bytes-are-utf8", "cut after the first byte of an emoji", lambda data: data[: data.index(b"\xf0") + 1]),
    ("gzip", "bytes-are-utf8", "compressed with gzip", lambda data: gzip.compress(data, mtime=0)),
    ("raw-nul", "no-nul", "the character NUL in a string", lambda data: _in_a_string(data, b"\0")),
    ("nul-between-tokens", "no-nul", "NUL after the last bracket", lambda data: data + b"\0"),
    ("escaped-nul", "no-nul", "NUL as an escape", lambda data: _in_a_string(data, rb"\u0000")),
    ("escaped-nul-after-backslash", "no-nul", "NUL as an escape, after a backslash", lambda data: _in_a_string(data, rb"\\\u0000")),
    ("escaped-high-surrogate", "no-lone-surrogate", "the first half of a pair as an escape", lambda data: _in_a_string(data, rb"\ud83d")),
    ("escaped-low-surrogate", "no-lone-surrogate", "the second half of a pair as an escape", lambda data: _in_a_string(data, rb"\ude00")),
    ("escaped-pair-reversed", "no-lone-surrogate", "the halves the wrong way round", lambda data: _in_a_string(data, rb"\ude00\ud83d")),
    ("lone-surrogate-in-a-key", "no-lone-surrogate", "a key that is half a pair", _extra(rb'{"\ud800": 1}')),
    ("key-twice-in-task", "keys-are-unique", "the key id twice in a task", _twice(b"id")),
    ("key-twice-in-data", "keys-are-unique", "the key document twice in data", _twice(b"document")),
    ("key-twice-in-annotation", "keys-are-unique", "the key was_cancelled twice", _twice(b"was_cancelled")),
    ("key-twice-in-row", "keys-are-unique", "the key to_name twice in a row", _twice(b"to_name")),
    ("key-twice-in-value", "keys-are-unique", "the key start twice in a value", _twice(b"start")),
    ("key-twice-by-escape", "keys-are-unique", "the same key, once spelt with an escape", _extra(rb'{"a": 1, "\u0061": 2}')),
    ("key-twice-where-nothing-is-read", "keys-are-unique", "a key twice where nothing is read", _extra(b'[{"x": [{"a": 1, "a": 1}]}]')),
    ("not-a-number", "numbers-are-finite", "NaN", _number(b"NaN")),
    ("infinity", "numbers-are-finite", "Infinity", _number(b"Infinity")),
    ("minus-infinity", "numbers-are-finite", "-Infinity", _number(b"-Infinity")),
    ("float-too-large", "numbers-are-finite", "1e999", _number(b"1e999")),
    ("integer-past-2-to-53", "integers-are-small", "an integer that other readers round", _number(b"9007199254740993")),
    ("integer-of-20-digits", "integers-are-small", "2 to the power of 64", _number(b"18446744073709551616")),
    ("integer-of-5000-digits", "integers-are-small", "an integer that Python itself refuses", _number(b"9" * 5000)),
    ("negative-huge-integer", "integers-are-small", "a negative integer that other readers round", _number(b"-9007199254740993")),
    ("nested-lists", "nesting-is-shallow", "65 lists in one another", _extra(b"[" * 65 + b"]" * 65)),
    ("nested-objects", "nesting-is-shallow", "65 objects in one another", _extra(b'{"a":' * 65 + b"1" + b"}" * 65)),
    ("nested-without-end", "nesting-is-shallow", "100,000 opened brackets", lambda data: b"[" * 100_000),
    ("empty", "file-is-not-empty", "no byte at all", lambda data: b""),
    ("only-blanks", "file-is-not-empty", "blanks and line ends only", lambda data: b" \n\t\n"),
    ("cut-after-one-byte", "json-is-well-formed", "the first bracket only", lambda data: data[:1]),
    ("cut-at-a-tenth", "json-is-well-formed", "cut after a tenth", lambda data: _cut(data, 0.1)),
    ("cut-in-the-middle", "json-is-well-formed", "cut in the middle", lambda data: _cut(data, 0.5)),
    ("cut-before-the-last-bracket", "json-is-well-formed", "the last bracket is missing", lambda data: data.rstrip()[:-1]),
    ("first-bracket-missing", "json-is-well-formed", "the first bracket is missing", lambda data: data[1:]),
    ("trailing-garbage", "json-is-well-formed", "a word after the last bracket", lambda data: data + b" ready"),
    ("two-arrays", "json-is-well-formed", "two exports in one file", lambda data: data + b"\n" + data),
    ("one-task-a-line", "json-is-well-formed", "JSON lines", lambda data: b"\n".join(written(one) for one in json.loads(data))),
    ("trailing-comma", "json-is-well-formed", "a comma before the last bracket", lambda data: data.rstrip()[:-1] + b",]"),
    ("comment", "json-is-well-formed", "a comment", lambda data: b"// exported today\n" + data),
    ("single-quotes", "json-is-well-formed", "single quotes round a key", lambda data: data.replace(b'"data"', b"'data'", 1)),
    ("leading-zero", "json-is-well-formed", "a number with a leading zero", _number(b"012")),
    ("plus-sign", "json-is-well-formed", "a number with a plus sign", _number(b"+12")),
    ("raw-line-end-in-a-string", "json-is-well-formed", "a line end inside a string", lambda data: _in_a_string(data, b"\n")),
    ("bad-escape", "json-is-well-formed", "an escape that JSON has not", lambda data: _in_a_string(data, rb"\x41")),
    ("no-json-at-all", "json-is-well-formed", "the login page of the server", lambda data: b"<!doctype html><title>Log in</title>"),
    ("one-object", "matches-schema", "an object where a list of tasks belongs", lambda data: written(json.loads(data)[0])),
    ("only-a-word", "matches-schema", "a string where a list of tasks belongs", lambda data: b'"tasks"'),
    ("ascii-escapes", None, "every letter past ASCII as an escape", _respelled()),
    ("one-line", None, "no blank between tokens", _respelled(ensure_ascii=False, separators=(",", ":"))),
    ("keys-sorted", None, "the keys of every object by name", _respelled(ensure_ascii=False, sort_keys=True)),
    ("crlf-between-tokens", None, "line ends of Windows between tokens", lambda data: _respelled(indent=1)(data).replace(b"\n", b"\r\n")),
    ("blanks-around", None, "line ends before and after", lambda data: b"\n\n" + data + b"\n \n"),
    ("nested-as-deep-as-allowed", None, "60 lists in what the server adds", _extra(b"[" * 60 + b"]" * 60)),
    ("escaped-emoji", None, "a surrogate pair as two escapes", lambda data: _in_a_string(data, rb"\ud83d\ude00")),
    ("literal-backslash-u0000", None, "a backslash and u0000, which is no NUL", lambda data: _in_a_string(data, rb"\\u0000")),
    ("largest-double", None, "the largest number that is finite", _number(b"1.7976931348623157e308")),
    ("integer-of-15-digits", None, "a long integer that every reader keeps", _number(b"123456789012345")),
)  # fmt: skip
for _name, _check, _about, _spoil in _BYTES:
    _of_bytes(_name, _check, _about, _spoil)


# --- schema: one place of one row, annotation or task has a wrong shape

MISSING = object()
Find = Callable[[Target], Row]


def _put(held: Any, steps: Sequence[str | int], value: Any) -> None:
    for step in steps[:-1]:
        held = held[step]
    if value is MISSING:
        del held[steps[-1]]
    else:
        held[steps[-1]] = value(held[steps[-1]]) if callable(value) else value


def _of_rows(find: Find, name: str, about: str, steps: Sequence[str | int], value: Any, below: Sequence[str | int] = ()) -> None:
    """A value put into a row; the fault is told there, or at the object that misses a key, or `below`."""

    def damage(target: Target) -> Told:
        row = find(target)
        _put(row, steps, value)
        return target.row_pointer(row, *(steps[:-1] if value is MISSING else steps), *below)

    _enter(name, about, "refused", damage, "matches-schema", None)


def _of_task(name: str, about: str, steps: Sequence[str | int], value: Any, below: Sequence[str | int] = ()) -> None:
    def damage(target: Target) -> Told:
        if steps[-1] == "annotator":  # only gold names what it was made from
            target.task["data"].pop("made_from", None)
        _put(target.tasks, (target.at, *steps), value)
        return target.pointer(*(steps[:-1] if value is MISSING else steps), *below)

    _enter(name, about, "refused", damage, "matches-schema", None)


def _region(target: Target) -> Row:
    return target.region()


def _choice(target: Target) -> Row:
    return target.choice()


def _words(target: Target) -> Row:
    return target.named()


def _relation(target: Target) -> Row:
    return target.relation()


START, END, LABELS, SHOWN = ("value", "start"), ("value", "end"), ("value", "labels"), ("value", "text")
_REGIONS: tuple[tuple[Any, ...], ...] = (
    ("start-is-a-string", "a start in quotes", START, str),
    ("start-is-a-whole-float", "a start with .0, which JSON Schema calls an integer", START, float),
    ("start-is-a-float", "a start with a half", START, lambda held: held + 0.5),
    ("start-is-an-exponent", "a start of 1e2, which is read as a float", START, 1e2),
    ("start-is-true", "true as start, which Python counts as 1", START, True),
    ("start-is-false", "false as start, which Python counts as 0", START, False),
    ("start-is-null", "null as start", START, None),
    ("start-is-a-list", "a list as start", START, lambda held: [held]),
    ("start-is-negative", "a start of -3", START, -3),
    ("start-is-missing", "no start", START, MISSING),
    ("end-is-a-string", "an end in quotes", END, str),
    ("end-is-a-whole-float", "an end with .0", END, float),
    ("end-is-true", "true as end", END, True),
    ("end-is-zero", "an end of 0", END, 0),
    ("end-is-negative", "an end of -9", END, -9),
    ("end-is-missing", "no end", END, MISSING),
    ("words-are-a-number", "a number as the words of a region", SHOWN, 12),
    ("words-are-null", "null as the words of a region", SHOWN, None),
    ("words-are-a-list", "a list as the words of a region", SHOWN, lambda held: [held]),
    ("label-is-unknown", "a label that the page has not", LABELS, ["rumour"], (0,)),
    ("label-in-capitals", "a label with a capital", LABELS, ["Claim"], (0,)),
    ("label-is-null", "null as label", LABELS, [None], (0,)),
    ("two-labels", "two labels on one region", LABELS, ["claim", "denial"]),
    ("label-twice", "the same label twice on one region", LABELS, lambda held: held * 2),
    ("labels-are-empty", "an empty list of labels", LABELS, []),
    ("labels-are-a-word", "the label as a plain string", LABELS, lambda held: held[0]),
    ("labels-are-missing", "no labels", LABELS, MISSING),
    ("value-is-a-list", "a list as value of a region", ("value",), lambda held: [held]),
    ("value-is-missing", "no value in a region", ("value",), MISSING),
    ("region-id-is-missing", "a region without an id", ("id",), MISSING),
    ("region-id-is-null", "null as id of a region", ("id",), None),
    ("region-id-is-a-number", "a number as id of a region", ("id",), 7),
    ("region-id-is-empty", "an empty id", ("id",), ""),
    ("region-id-with-line-end", "a line end after the id, which $ lets pass", ("id",), lambda held: held + "\n"),
    ("region-id-with-blank", "a blank in the id", ("id",), "m 1"),
    ("region-id-beyond-ascii", "an id with an accent", ("id",), "é1"),
    ("region-id-of-49", "an id of 49 characters", ("id",), "m" * 49),
    ("region-of-unknown-control", "a control that the page has not", ("from_name",), "labels"),
    ("region-without-control", "no control named", ("from_name",), MISSING),
    ("region-of-unknown-text", "a text that the page has not", ("to_name",), "article"),
    ("row-of-unknown-type", "a type of row that the page cannot make", ("type",), "hypertextlabels"),
    ("row-without-type", "no type", ("type",), MISSING),
    ("row-type-is-a-list", "a list as type", ("type",), ["labels"]),
    ("row-origin-is-unknown", "an origin that the server has not", ("origin",), "imported"),
)  # fmt: skip
CHOSEN = ("value", "choices")
_CHOICES: tuple[tuple[Any, ...], ...] = (
    ("no-choice", "an empty list of choices", CHOSEN, []),
    ("two-choices", "two choices where one is made", CHOSEN, lambda held: [*held, "full"]),
    ("choices-are-a-word", "the choice as a plain string", CHOSEN, lambda held: held[0]),
    ("choice-is-a-number", "a number as choice", CHOSEN, [1], (0,)),
    ("choice-is-null", "null as choice", CHOSEN, [None], (0,)),
    ("choices-are-missing", "no choices", CHOSEN, MISSING),
    ("choice-of-unknown-control", "a choice of a control that the page has not", ("from_name",), "mood"),
    ("choice-as-a-name", "a choice under the control of names", ("from_name",), WORDS),
    ("choice-on-unknown-text", "a choice on a text that the page has not", ("to_name",), "article"),
    ("choice-without-region", "a choice without an id", ("id",), MISSING),
)  # fmt: skip
_NAMES: tuple[tuple[Any, ...], ...] = (
    ("name-is-a-string", "a name as a plain string", SHOWN, lambda held: held[0]),
    ("two-names", "two entries in the field of names", SHOWN, lambda held: [*held, "Ilse Varn"]),
    ("no-name", "an empty list of names", SHOWN, []),
    ("name-is-empty", "an empty name", SHOWN, [""], (0,)),
    ("name-is-blank", "a name of blanks only", SHOWN, [" \n "], (0,)),
    ("name-of-81", "a name of 81 characters", SHOWN, ["v" * 81], (0,)),
    ("name-is-a-number", "a number as name", SHOWN, [4], (0,)),
)  # fmt: skip
_RELATIONS: tuple[tuple[Any, ...], ...] = (
    ("relation-without-label", "an empty list of labels of a relation", ("labels",), []),
    ("relation-with-labels-missing", "no labels of a relation", ("labels",), MISSING),
    ("relation-with-two-labels", "two labels of one relation", ("labels",), ["denies", "affirms"]),
    ("relation-of-unknown-label", "a relation that the page has not", ("labels",), ["contradicts"], (0,)),
    ("relation-label-is-a-word", "the label of a relation as a plain string", ("labels",), lambda held: held[0]),
    ("relation-direction-is-unknown", "a direction that the page has not", ("direction",), "up"),
    ("relation-direction-is-null", "null as direction", ("direction",), None),
    ("relation-direction-is-missing", "no direction", ("direction",), MISSING),
    ("relation-start-is-missing", "no from_id", ("from_id",), MISSING),
    ("relation-end-is-null", "null as to_id", ("to_id",), None),
    ("relation-end-with-line-end", "a line end after to_id", ("to_id",), lambda held: held + "\n"),
)  # fmt: skip
ANNOTATION, RESULT = ("annotations", 0), ("annotations", 0, "result")
_TASKS: tuple[tuple[Any, ...], ...] = (
    ("task-is-a-string", "a string where a task belongs", (), "task"),
    ("task-is-null", "null where a task belongs", (), None),
    ("task-is-a-list", "a list where a task belongs", (), lambda held: [held]),
    ("task-id-is-a-string", "the number of the task in quotes", ("id",), str),
    ("data-is-missing", "no data", ("data",), MISSING),
    ("data-is-a-list", "a list as data", ("data",), lambda held: [held]),
    ("document-is-missing", "no document named", ("data", "document"), MISSING),
    ("document-is-a-number", "a number as document", ("data", "document"), 1),
    ("document-in-capitals", "the document in capitals", ("data", "document"), str.upper),
    ("document-with-line-end", "a line end after the document", ("data", "document"), lambda held: held + "\n"),
    ("document-is-a-path", "a path that leads out of the corpus", ("data", "document"), "../../toy_0001"),
    ("document-id-of-81", "a document of 81 characters", ("data", "document"), "d" * 81),
    ("annotator-is-missing", "no annotator named", ("data", "annotator"), MISSING),
    ("annotator-is-a-name", "an annotator by name", ("data", "annotator"), "Ilse Varn"),
    ("annotator-with-line-end", "a line end after the annotator", ("data", "annotator"), lambda held: held + "\n"),
    ("annotator-in-capitals", "the annotator in capitals", ("data", "annotator"), "A3F1"),
    ("hash-is-missing", "no SHA-256 of the text", ("data", "text_sha256"), MISSING),
    ("hash-in-capitals", "the SHA-256 in capitals", ("data", "text_sha256"), "A" * 64),
    ("hash-of-63", "a SHA-256 with a digit missing", ("data", "text_sha256"), lambda held: held[:-1]),
    ("guidelines-are-a-number", "the version of the guidelines as a number", ("data", "guidelines"), 0.1),
    ("page-text-is-a-list", "a list as text of the page", ("data", "text"), lambda held: [held]),
    ("fingerprint-is-a-number", "a number as fingerprint of the layer", ("data", "layer_sha256"), 3),
    ("origin-of-layer-is-unknown", "an origin of the layer that the scheme has not", ("data", "layer_origin"), "guessed"),
    ("annotations-are-missing", "no list of annotations", ("annotations",), MISSING),
    ("annotations-are-an-object", "an object as annotations", ("annotations",), lambda held: held[0]),
    ("annotation-is-a-string", "a string as annotation", ANNOTATION, "m1"),
    ("result-is-missing", "no result", RESULT, MISSING),
    ("result-is-an-object", "an object as result", RESULT, lambda held: {str(at): row for at, row in enumerate(held)}),
    ("result-is-null", "null as result", RESULT, None),
    ("cancelled-is-missing", "not said whether it was skipped", (*ANNOTATION, "was_cancelled"), MISSING),
    ("cancelled-is-a-string", "the word false for false", (*ANNOTATION, "was_cancelled"), "false"),
    ("prediction-is-a-string", "the prediction by a name", (*ANNOTATION, "parent_prediction"), "p1"),
    ("row-is-a-string", "a string as row", (*RESULT, 0), "m1"),
    ("row-is-null", "null as row", (*RESULT, 1), None),
)  # fmt: skip
for _find, _group in ((_region, _REGIONS), (_choice, _CHOICES), (_words, _NAMES), (_relation, _RELATIONS)):
    for _one in _group:
        _of_rows(_find, *_one)


def _whole_task(name: str, about: str, value: Any) -> None:
    def damage(target: Target) -> Told:
        target.tasks[target.at] = value(target.task) if callable(value) else value
        return target.pointer()

    _enter(name, about, "refused", damage, "matches-schema", None)


for _one in _TASKS:
    if _one[2]:
        _of_task(*_one)
    else:
        _whole_task(_one[0], _one[1], _one[3])


@refused("matches-schema", "a dot in the id of a claim, which only a fragment has")
def region_id_with_dot(target: Target) -> Told:
    row = target.region("claim", wanted=lambda row: not any(row["id"] in (one["from_id"], one["to_id"]) for one in target.links()))
    target.remove(lambda one: one is not row and one.get("id") == row["id"])
    row["id"] = "m1.2"
    return target.row_pointer(row, "id")


@refused("matches-schema", "an id of 41 characters, which only a fragment has")
def region_id_of_41(target: Target) -> Told:
    row = target.add(_new_region(target, "m" * 41, "claim", *_a_word(target)))
    return target.row_pointer(row, "id")


@refused("value-is-in-scheme", "a choice that the page does not offer")
def choice_is_unknown(target: Target) -> Told:
    row = target.choice()
    row["value"]["choices"] = ["perhaps"]
    return target.row_pointer(row, "value/choices/0")


@refused("value-is-in-scheme", "a choice with a capital")
def choice_in_capitals(target: Target) -> Told:
    row = target.choice()
    row["value"]["choices"] = [row["value"]["choices"][0].upper()]
    return target.row_pointer(row, "value/choices/0")


@refused("value-is-in-scheme", "a choice of another control")
def choice_of_another_control(target: Target) -> Told:
    row = target.choice("polarity", "certainty")
    row["value"]["choices"] = ["attributed_to_other"]
    return target.row_pointer(row, "value/choices/0")


@refused("value-is-in-scheme", "a blank after a choice")
def choice_with_blank(target: Target) -> Told:
    row = target.choice()
    row["value"]["choices"][0] += " "
    return target.row_pointer(row, "value/choices/0")


@harmless("keys that the server adds to task, annotation, row and value")
def keys_of_the_server(target: Target) -> Told:
    target.task.update({"file_upload": "x.json", "inner_id": 3, "project": 1, "updated_by": 1, "cancelled_annotations": 0})
    target.annotation.update({"unique_id": "0e7b", "last_action": None, "bulk_created": False, "import_id": None, "task": 3})
    for row in target.rows:
        row.update({"readonly": False, "hidden": False, "score": 0.5, "meta": {"text": ["a note"]}})
        row.setdefault("value", {}).update({"globalOffsets": {"from": 0}, "hypertext": None})


# --- text: what the offsets say, beside the text of record


def _move(row: Row, start: int, end: int) -> None:
    row["value"].update({"start": row["value"]["start"] + start, "end": row["value"]["end"] + end})


def _new_region(target: Target, id: str, label: str, start: int, end: int) -> Row:
    value = {"start": start, "end": end, "text": target.text[start:end], "labels": [label]}
    return {"id": id, "from_name": "label", "to_name": "text", "type": "labels", "value": value, "origin": target.rows[0]["origin"]}


def _new_relation(first: str, second: str, name: str, direction: str = "right") -> Row:
    return {"type": "relation", "from_id": first, "to_id": second, "direction": direction, "labels": [name]}


def _a_word(target: Target) -> tuple[int, int]:
    """A stretch that bears no mark yet: one letter that no span has for itself, outside furniture."""
    taken = {(row["value"]["start"], row["value"]["end"]) for row in target.rows if row["type"] == "labels"}
    furniture = target.clean.document.furniture
    most = furniture[0].start if furniture else len(target.text)
    free = [at for at in range(most) if not target.text[at].isspace() and (at, at + 1) not in taken]
    at = target.random.choice(free)
    return at, at + 1


def _utf16(text: str, at: int) -> int:
    return len(text[:at].encode("utf-16-le")) // 2


def _counted(target: Target, count: Callable[[str, int], int]) -> Row:
    """A region whose offsets another tool would count otherwise, and whose other offsets still lie in the text."""

    def wanted(row: Row) -> bool:
        start, end = (count(target.text, row["value"][one]) for one in ("start", "end"))
        return start != row["value"]["start"] and end <= len(target.text)

    row = target.region(*HUBS, "source", "cue", FRAGMENT, wanted=wanted)
    row["value"].update({one: count(target.text, row["value"][one]) for one in ("start", "end")})
    return row


def _is_long(row: Row) -> bool:
    """Long enough to lose a letter at either end, and not at the start of the text."""
    return 1 < row["value"]["start"] < row["value"]["end"] - 1


def _offsets(name: str, check: str, about: str, move: Callable[[Target, Row], object], below: str = "value") -> None:
    def damage(target: Target) -> Told:
        row = target.region(*HUBS, "source", "cue", FRAGMENT, wanted=_is_long)
        move(target, row)
        return target.row_pointer(row, below)

    _enter(name, about, "refused", damage, check, None)


def _set(**facts: Callable[[Target, Row], Any]) -> Callable[[Target, Row], object]:
    return lambda target, row: row["value"].update({name: fact(target, row) for name, fact in facts.items()})


def _exchange(target: Target, row: Row) -> None:
    row["value"].update({"start": row["value"]["end"], "end": row["value"]["start"]})


_OFFSETS: tuple[tuple[str, str, str, Callable[[Target, Row], object]], ...] = (
    ("start-plus-one", "quote-matches-text", "the start one code point too far", lambda target, row: _move(row, 1, 0)),
    ("end-minus-one", "quote-matches-text", "the end one code point short", lambda target, row: _move(row, 0, -1)),
    ("both-plus-one", "quote-matches-text", "the whole region one code point too far", lambda target, row: _move(row, 1, 1)),
    ("both-minus-two", "quote-matches-text", "the whole region two code points short", lambda target, row: _move(row, -2, -2)),
    ("from-the-start-of-the-text", "quote-matches-text", "a start of 0", _set(start=lambda target, row: 0)),
    ("up-to-the-end-of-the-text", "quote-matches-text", "an end at the text's end", _set(end=lambda target, row: len(target.text))),
    ("end-past-the-text-by-1", "offsets-are-in-text", "an end one past the text", _set(end=lambda target, row: len(target.text) + 1)),
    ("end-past-the-text-by-9999", "offsets-are-in-text", "an end far past it", _set(end=lambda target, row: len(target.text) + 9999)),
    ("start-and-end-past-the-text", "offsets-are-in-text", "a region after the text", lambda target, row: _move(row, 99_999, 99_999)),
    ("end-of-15-digits", "offsets-are-in-text", "the largest end that can be read", _set(end=lambda target, row: 10**15 - 1)),
    ("reversed", "offsets-are-in-text", "start and end exchanged", _exchange),
    ("zero-length", "offsets-are-in-text", "an end at the start", _set(end=lambda target, row: row["value"]["start"])),
    ("words-are-others", "quote-matches-text", "words that do not stand there", _set(text=lambda target, row: "nobody said so")),
    ("words-are-empty", "quote-matches-text", "no words, though some stand there", _set(text=lambda target, row: "")),
    ("words-with-a-letter-more", "quote-matches-text", "a letter more", _set(text=lambda target, row: row["value"]["text"] + "s")),
)  # fmt: skip
for _place in _OFFSETS:
    _offsets(*_place)


@refused("quote-matches-text", "offsets in UTF-16 units, after an emoji")
def offsets_in_utf_16(target: Target) -> Told:
    return target.row_pointer(_counted(target, _utf16), "value")


@refused("quote-matches-text", "offsets in bytes of UTF-8, after a letter past ASCII")
def offsets_in_bytes(target: Target) -> Told:
    return target.row_pointer(_counted(target, lambda text, at: len(text[:at].encode())), "value")


@refused("quote-matches-text", "offsets in the text with line ends of Windows")
def offsets_with_crlf(target: Target) -> Told:
    return target.row_pointer(_counted(target, lambda text, at: at + text[:at].count("\n")), "value")


@refused("quote-matches-text", "the offsets of two regions exchanged")
def offsets_of_two_exchanged(target: Target) -> Told:
    one = target.region()
    other = target.region(wanted=lambda row: row["value"]["start"] != one["value"]["start"])
    places = [{"start": row["value"]["start"], "end": row["value"]["end"]} for row in (other, one)]
    for row, place in zip((one, other), places, strict=True):
        row["value"].update(place)
    return [target.row_pointer(row, "value") for row in (one, other)]


@refused("quote-matches-text", "words in another normal form")
def words_decomposed(target: Target) -> Told:
    row = target.region(*HUBS, "source", "cue", FRAGMENT, wanted=lambda row: "é" in row["value"]["text"])
    row["value"]["text"] = row["value"]["text"].replace("é", "e\u0301")
    return target.row_pointer(row, "value")


@refused("span-has-clean-edges", "a region of one blank")
def region_of_a_blank(target: Target) -> Told:
    at = target.random.choice([at for at, letter in enumerate(target.text) if letter.isspace()])
    row = target.add(_new_region(target, "blank", "claim", at, at + 1))
    return target.row_pointer(row, "value")


@refused("furniture-is-unmarked", "a claim in the login line")
def region_in_furniture(target: Target) -> Told:
    if not target.clean.document.furniture:
        raise Absent
    one = target.clean.document.furniture[0]
    target.add(_new_region(target, "login", "claim", one.start, one.end))
    return target.mention_pointer("login") + "/spans/0"


@refused("furniture-is-unmarked", "a claim that ends one letter inside the login line")
def region_into_furniture(target: Target) -> Told:
    if not target.clean.document.furniture:
        raise Absent
    end = target.clean.document.furniture[0].start + 1
    target.add(_new_region(target, "login", "claim", len(target.text[: end - 1].rstrip()) - 1, end))
    return target.mention_pointer("login") + "/spans/0"


@refused("mention-is-unique", "a claim marked twice")
def region_twice_under_two_ids(target: Target) -> Told:
    place = _a_word(target)
    for id in ("again-1", "again-2"):
        target.add(_new_region(target, id, "claim", *place))
    return target.mention_pointer("again-2")


@refused("spans-do-not-overlap", "a fragment on the words of its head")
def fragment_on_its_head(target: Target) -> Told:
    drawn = target.relation("continues", wanted=lambda row: [one["to_id"] for one in target.links("continues")].count(row["to_id"]) == 1)
    head, piece = target.by_id(drawn["to_id"]), target.by_id(drawn["from_id"])
    piece["value"].update({name: head["value"][name] for name in ("start", "end", "text")})
    return target.mention_pointer(head["id"]) + "/spans/1"


@refused("text-unchanged", "another text on the page than the text of record")
def page_text_changed(target: Target) -> Told:
    target.task["data"]["text"] += " Nobody was hurt."
    return target.pointer("data/text")


@refused("text-unchanged", "a blank more at the start of the text on the page")
def page_text_shifted(target: Target) -> Told:
    target.task["data"]["text"] = " " + target.task["data"]["text"]
    return target.pointer("data/text")


@refused("text-unchanged", "line ends of Windows in the text on the page")
def page_text_with_crlf(target: Target) -> Told:
    if "\n" not in target.text:
        raise Absent
    target.task["data"]["text"] = target.text.replace("\n", "\r\n")
    return target.pointer("data/text")


@refused("text-unchanged", "the SHA-256 of another text")
def hash_of_another_text(target: Target) -> Told:
    target.task["data"]["text_sha256"] = "0" * 64
    return target.pointer("data/text_sha256")


@harmless("no text beside the hash")
def page_text_missing(target: Target) -> Told:
    del target.task["data"]["text"]


@harmless("the words of the regions missing")
def words_missing(target: Target) -> Told:
    for row in target.rows:
        if row["type"] == "labels":
            del row["value"]["text"]


@harmless("a line end as the two characters that the page shows")
def words_with_literal_line_end(target: Target) -> Told:
    row = target.region(*HUBS, "source", "cue", FRAGMENT, wanted=lambda row: "\n" in row["value"]["text"])
    row["value"]["text"] = row["value"]["text"].replace("\n", "\\n")


@harmless("a line end of Windows as the four characters that the page shows")
def words_with_literal_crlf(target: Target) -> Told:
    row = target.region(*HUBS, "source", "cue", FRAGMENT, wanted=lambda row: "\n" in row["value"]["text"])
    row["value"]["text"] = row["value"]["text"].replace("\n", "\\n\\n")


@harmless("every run of blanks in the words as one")
def words_with_single_blanks(target: Target) -> Told:
    for row in target.rows:
        if row["type"] == "labels":
            row["value"]["text"] = re.sub(r"\s+", " ", row["value"]["text"])


@harmless("a blank more at the end of a region, told in a note")
def blank_at_the_end(target: Target) -> Told:
    row = target.region(*HUBS, "source", "cue", FRAGMENT, wanted=lambda row: target.text[row["value"]["end"] :][:1].isspace())
    _move(row, 0, 1)
    row["value"]["text"] = target.text[row["value"]["start"] : row["value"]["end"]]


@harmless("a blank more at the start of a region, told in a note")
def blank_at_the_start(target: Target) -> Told:
    row = target.region(
        *HUBS, "source", "cue", FRAGMENT, wanted=lambda row: row["value"]["start"] > 0 and target.text[row["value"]["start"] - 1].isspace()
    )
    _move(row, -1, 0)
    row["value"]["text"] = target.text[row["value"]["start"] : row["value"]["end"]]


@harmless("the offsets that choices and names repeat, which are never read")
def offsets_of_choices(target: Target) -> Told:
    for row in target.rows:
        if row["type"] in ("choices", "textarea"):
            row["value"].update({"start": 1, "end": 0})


# --- relations


def _turned(row: Row) -> None:
    row["from_id"], row["to_id"] = row["to_id"], row["from_id"]


def _dangling(name: str, *, end: str) -> None:
    def damage(target: Target) -> Told:
        row = target.relation(name)
        row[end] = "nobody"
        return target.row_pointer(row)

    side = "starts" if end == "from_id" else "ends"
    _enter(f"{name.replace('_', '-')}-{side}-nowhere", f"{name} {side} at no region", "refused", damage, "relation-resolves", None)


for _name in ("has_source", "has_cue", "denies", "same_claim"):
    _dangling(_name, end="from_id")
    _dangling(_name, end="to_id")


@refused("relation-resolves", "a fragment that continues no region")
def continues_nowhere(target: Target) -> Told:
    row = target.relation("continues")
    row["to_id"] = "nobody"
    return [target.row_pointer(row), (target.row_pointer(row), "fragment-continues-one-mention")]


@refused("relation-resolves", "a source deleted, its rows left behind")
def source_deleted_alone(target: Target) -> Told:
    gone = target.region("source")
    target.rows.remove(gone)
    said = [(target.row_pointer(row, "id"), "row-belongs-to-region") for row in target.rows if row.get("id") == gone["id"]]
    drawn = [target.row_pointer(row) for row in target.links() if gone["id"] in (row["from_id"], row["to_id"])]
    return [*said, *drawn]


@refused("relation-joins-right-labels", "has_source from the source to the hub")
def has_source_reversed(target: Target) -> Told:
    row = target.relation("has_source")
    _turned(row)
    return target.row_pointer(row)


@refused("relation-joins-right-labels", "has_cue from the cue to the hub")
def has_cue_reversed(target: Target) -> Told:
    row = target.relation("has_cue")
    _turned(row)
    return target.row_pointer(row)


@refused("relation-joins-right-labels", "has_source to a cue")
def has_source_to_a_cue(target: Target) -> Told:
    row = target.relation("has_source")
    row["to_id"] = target.region("cue")["id"]
    return target.row_pointer(row)


@refused("relation-joins-right-labels", "has_cue to a claim")
def has_cue_to_a_claim(target: Target) -> Told:
    row = target.relation("has_cue")
    row["to_id"] = target.region("claim")["id"]
    return target.row_pointer(row)


@refused("relation-joins-right-labels", "has_source from a hub to itself")
def has_source_to_itself(target: Target) -> Told:
    row = target.relation("has_source")
    row["to_id"] = row["from_id"]
    return target.row_pointer(row)


@refused("relation-joins-right-labels", "has_source from a fragment")
def has_source_from_a_fragment(target: Target) -> Told:
    source, piece = target.region("source")["id"], target.region(FRAGMENT)["id"]
    return target.row_pointer(target.add(_new_relation(piece, source, "has_source")))


@refused("relation-joins-right-labels", "a link at a fragment")
def link_at_a_fragment(target: Target) -> Told:
    denial, piece = target.region("denial")["id"], target.region(FRAGMENT)["id"]
    return target.row_pointer(target.add(_new_relation(denial, piece, "denies")))


@refused("relation-joins-right-labels", "a mutual link from a fragment")
def mutual_link_at_a_fragment(target: Target) -> Told:
    claim, piece = target.region("claim")["id"], target.region(FRAGMENT)["id"]
    return target.row_pointer(target.add(_new_relation(piece, claim, "same_claim")))


@refused("fragment-continues-one-mention", "continues drawn from the head")
def continues_reversed(target: Target) -> Told:
    row = target.relation("continues")
    _turned(row)
    return target.row_pointer(row)


@refused("fragment-continues-one-mention", "a fragment that continues nothing")
def fragment_alone(target: Target) -> Told:
    gone = target.relation("continues")
    target.rows.remove(gone)
    return target.row_pointer(target.by_id(gone["from_id"]))


@refused("fragment-continues-one-mention", "a fragment that continues two mentions")
def fragment_of_two(target: Target) -> Told:
    drawn = target.relation("continues")
    other = target.region(*HUBS, wanted=lambda row: row["id"] != drawn["to_id"])
    return target.row_pointer(target.add(_new_relation(drawn["from_id"], other["id"], "continues")))


@refused("fragment-continues-one-mention", "the same continues twice")
def continues_twice(target: Target) -> Told:
    return target.row_pointer(target.add(dict(target.relation("continues"))))


@refused("fragment-continues-one-mention", "a fragment that continues itself")
def fragment_of_itself(target: Target) -> Told:
    row = target.relation("continues")
    row["to_id"] = row["from_id"]
    return target.row_pointer(row)


@refused("fragment-continues-one-mention", "a fragment that continues another fragment")
def fragment_of_a_fragment(target: Target) -> Told:
    row = target.relation("continues")
    row["to_id"] = target.region(FRAGMENT, wanted=lambda one: one["id"] != row["from_id"])["id"]
    return target.row_pointer(row)


@refused("relation-joins-right-labels", "continues from a mention that is no fragment, to one that is")
def continues_from_a_mention(target: Target) -> Told:
    piece = target.region(FRAGMENT)["id"]
    return target.row_pointer(target.add(_new_relation(target.region()["id"], piece, "continues")))


@refused("relation-joins-right-labels", "continues between two mentions, neither a fragment")
def continues_without_fragment(target: Target) -> Told:
    first = target.region("claim")["id"]
    second = target.region(wanted=lambda row: row["id"] != first)["id"]
    return target.row_pointer(target.add(_new_relation(first, second, "continues")))


@refused("relation-joins-right-labels", "a fragment that continues its head, and another fragment besides")
def fragment_of_head_and_fragment(target: Target) -> Told:
    first = target.region(FRAGMENT)["id"]
    second = target.region(FRAGMENT, wanted=lambda row: row["id"] != first)["id"]
    return target.row_pointer(target.add(_new_relation(first, second, "continues")))


@refused("relation-has-direction", "a relation that runs one way drawn both ways")
def directed_relation_both_ways(target: Target) -> Told:
    row = target.relation("denies", "affirms", "embedded_in")
    row["direction"] = "bi"
    return target.row_pointer(row, "direction")


@refused("relation-has-direction", "has_source drawn both ways")
def has_source_both_ways(target: Target) -> Told:
    row = target.relation("has_source")
    row["direction"] = "bi"
    return target.row_pointer(row, "direction")


@harmless("every relation drawn backwards, with its arrow turned")
def arrows_turned(target: Target) -> Told:
    for row in target.links():
        _turned(row)
        row["direction"] = "left"


@harmless("mutual links drawn both ways")
def mutual_links_both_ways(target: Target) -> Told:
    target.relation(*MUTUAL)
    for row in target.links(*MUTUAL):
        row["direction"] = "bi"


@harmless("mutual links drawn from the earlier to the later")
def mutual_links_turned(target: Target) -> Told:
    target.relation(*MUTUAL)
    for row in target.links(*MUTUAL):
        _turned(row)


@harmless("has_source twice between the same two")
def has_source_twice(target: Target) -> Told:
    target.add(dict(target.relation("has_source")))


@refused("pair-has-one-link", "the same link twice")
def link_twice(target: Target) -> Told:
    row = target.add(dict(target.relation("denies", "same_claim", "same_source")))
    return target.link_pointer(row["labels"][0], row["from_id"], row["to_id"], nth=1)


@refused("pair-has-one-link", "a mutual link twice, once from each end")
def mutual_link_from_both_ends(target: Target) -> Told:
    row = target.relation(*MUTUAL)
    _turned(target.add(dict(row)))
    return target.link_pointer(row["labels"][0], row["from_id"], row["to_id"], nth=1)


@refused("pair-has-one-link", "two kinds of link between the same two")
def two_links_for_a_pair(target: Target) -> Told:
    row = target.relation("denies", wanted=lambda row: target.label(row["to_id"]) == "claim")
    target.add(row | {"labels": ["affirms"]})
    return target.link_pointer("affirms", row["from_id"], row["to_id"], nth=1)


@refused("link-joins-right-labels", "denies drawn from what is denied")
def denies_reversed(target: Target) -> Told:
    row = target.relation("denies", wanted=lambda row: target.label(row["to_id"]) != "denial")
    _turned(row)
    return target.link_pointer("denies", row["from_id"], row["to_id"]) + "/from"


@refused("link-joins-right-labels", "a claim that denies")
def denies_from_a_claim(target: Target) -> Told:
    first, second = _apart(target, "claim", HUBS)
    target.add(_new_relation(first, second, "denies"))
    return target.link_pointer("denies", first, second) + "/from"


@refused("link-joins-right-labels", "a denial of a source")
def denies_a_source(target: Target) -> Told:
    first, second = _apart(target, "denial", ("source",))
    target.add(_new_relation(first, second, "denies"))
    return target.link_pointer("denies", first, second) + "/to"


@refused("link-joins-right-labels", "an affirmation of a denial")
def affirms_a_denial(target: Target) -> Told:
    first, second = _apart(target, "claim", ("denial",))
    target.add(_new_relation(first, second, "affirms"))
    return target.link_pointer("affirms", first, second) + "/to"


@refused("link-joins-right-labels", "same_source between cues")
def same_source_between_cues(target: Target) -> Told:
    first, second = _apart(target, "cue", ("cue",))
    target.add(_new_relation(first, second, "same_source"))
    return target.link_pointer("same_source", first, second) + "/from"


@refused("link-joins-right-labels", "same_claim between sources")
def same_claim_between_sources(target: Target) -> Told:
    first, second = _apart(target, "source", ("source",))
    target.add(_new_relation(first, second, "same_claim"))
    return target.link_pointer("same_claim", first, second) + "/from"


def _apart(target: Target, label: str, others: tuple[str, ...]) -> tuple[str, str]:
    """Two regions that no relation joins yet."""
    joined = {frozenset((row["from_id"], row["to_id"])) for row in target.links()}
    first = target.region(label)["id"]
    return first, target.region(*others, wanted=lambda row: row["id"] != first and frozenset((first, row["id"])) not in joined)["id"]


@refused("link-is-not-to-itself", "a denial that denies itself")
def denies_itself(target: Target) -> Told:
    denial = target.region("denial")["id"]
    target.add(_new_relation(denial, denial, "denies"))
    return target.link_pointer("denies", denial, denial)


@refused("link-is-not-to-itself", "a claim that is the same as itself")
def same_claim_as_itself(target: Target) -> Told:
    claim = target.region("claim")["id"]
    target.add(_new_relation(claim, claim, "same_claim"))
    return target.link_pointer("same_claim", claim, claim)


@refused("embedding-is-not-shown-already", "embedded_in where one span lies in the other")
def embedding_shown_already(target: Target) -> Told:
    taken = {(row["value"]["start"], row["value"]["end"]) for row in target.rows if row["type"] == "labels"}
    outer = target.region("claim", wanted=lambda row: (row["value"]["start"], row["value"]["start"] + 1) not in taken)
    start = outer["value"]["start"]
    target.add(_new_region(target, "inner", "claim", start, start + 1))
    target.add(_new_relation("inner", outer["id"], "embedded_in"))
    return target.link_pointer("embedded_in", "inner", outer["id"])


@refused("region-id-is-unique", "two regions with one id")
def region_id_twice(target: Target) -> Told:
    return target.row_pointer(target.add(_new_region(target, target.region()["id"], "claim", *_a_word(target))), "id")


@refused("region-id-is-unique", "a region copied whole")
def region_twice(target: Target) -> Told:
    return target.row_pointer(target.add(copy.deepcopy(target.region())), "id")


@refused("row-belongs-to-region", "a choice of no region")
def choice_of_no_region(target: Target) -> Told:
    row = target.choice()
    row["id"] = "nobody"
    return target.row_pointer(row, "id")


@refused("row-belongs-to-region", "a name of no region")
def name_of_no_region(target: Target) -> Told:
    row = target.named()
    row["id"] = "nobody"
    return target.row_pointer(row, "id")


@refused("attribute-fits-label", "a choice on a label that does not bear it")
def choice_on_the_wrong_label(target: Target) -> Told:
    name = target.choice()["from_name"]
    wrong = target.region(wanted=lambda row: row["value"]["labels"][0] not in bearers(name))
    return target.row_pointer(target.add(_new_choice(wrong["id"], name, CHOICES[name][0])))


@refused("attribute-fits-label", "a choice on a fragment")
def choice_on_a_fragment(target: Target) -> Told:
    piece = target.region(FRAGMENT)["id"]
    return target.row_pointer(target.add(_new_choice(piece, "polarity", "positive")))


@refused("attribute-fits-label", "a name on a cue")
def name_on_a_cue(target: Target) -> Told:
    row = target.add(copy.deepcopy(target.named()))
    row["id"] = target.region("cue")["id"]
    return target.row_pointer(row)


@refused("attribute-has-one-value", "a choice made twice, once otherwise")
def choice_twice_otherwise(target: Target) -> Told:
    row = target.choice()
    return target.row_pointer(target.add(_new_choice(row["id"], row["from_name"], _another(row))))


@refused("attribute-has-one-value", "a name given twice, once otherwise")
def name_twice_otherwise(target: Target) -> Told:
    row = target.add(copy.deepcopy(target.named()))
    row["value"]["text"] = ["Orla Penk"]
    return target.row_pointer(row)


def _new_choice(region: str, name: str, value: str) -> Row:
    return {"id": region, "from_name": name, "to_name": "text", "type": "choices", "value": {"choices": [value]}}


def _another(row: Row) -> str:
    return next(value for value in CHOICES[row["from_name"]] if value != row["value"]["choices"][0])


@harmless("a choice made twice, the same")
def choice_twice(target: Target) -> Told:
    target.add(copy.deepcopy(target.choice()))


@refused("hub-is-attributed", "a denial with all that attributes it gone")
def denial_without_attribution(target: Target) -> Told:
    hub = target.region("denial", wanted=lambda row: _lone_parts(target, row["id"]))["id"]
    parts = [row["to_id"] for row in target.links("has_source", "has_cue") if row["from_id"] == hub]
    for part in parts:
        target.without(part)
    target.remove(lambda row: row.get("id") == hub and row.get("from_name") in ("quote_type", "polarity", "certainty"))
    return target.mention_pointer(hub)


def _lone_parts(target: Target, hub: str) -> bool:
    """Whether the sources and cues of a hub belong to no other."""
    drawn = target.links("has_source", "has_cue")
    mine = {row["to_id"] for row in drawn if row["from_id"] == hub}
    return not any(row["to_id"] in mine and row["from_id"] != hub for row in drawn)


@refused("source-and-cue-are-used", "a source whose relation was deleted")
def source_of_nothing(target: Target) -> Told:
    drawn = target.links("has_source")
    gone = target.relation("has_source", wanted=lambda row: [one["to_id"] for one in drawn].count(row["to_id"]) == 1)
    target.rows.remove(gone)
    return target.mention_pointer(gone["to_id"])


@refused("source-and-cue-are-used", "a cue that belongs to nothing")
def cue_of_nothing(target: Target) -> Told:
    target.add(_new_region(target, "lone", "cue", *_a_word(target)))
    return target.mention_pointer("lone")


@refused("relation-joins-right-labels", "a cue turned into a source, its relation left")
def cue_became_a_source(target: Target) -> Told:
    cue = target.region("cue")
    cue["value"]["labels"] = ["source"]
    return [target.row_pointer(row) for row in target.links("has_cue") if row["to_id"] == cue["id"]]


# --- task


@refused("document-is-known", "a document that the corpus has not")
def document_unknown(target: Target) -> Told:
    target.task["data"]["document"] = "toy_9999"
    return target.pointer("data/document")


@refused("text-unchanged", "the id of another article of the corpus")
def document_of_another_task(target: Target) -> Told:
    target.task["data"]["document"] = _other(target)["data"]["document"]
    return target.pointer("data/text_sha256")


@refused("text-unchanged", "the id and the hash of another article of the corpus")
def document_and_hash_of_another_task(target: Target) -> Told:
    target.task["data"].update({name: _other(target)["data"][name] for name in ("document", "text_sha256")})
    return target.pointer("data/text")


def _other(target: Target) -> dict[str, Any]:
    found: dict[str, Any] = target.tasks[target.at - 1]
    return found


@refused("annotator-is-known", "an annotator whom the corpus does not know")
def annotator_unknown(target: Target) -> Told:
    target.task["data"].update({"annotator": "dead"})
    target.task["data"].pop("made_from", None)
    return target.pointer("data/annotator")


@refused("matches-schema", "gold that names no layers it was made from")
def gold_of_nothing(target: Target) -> Told:
    target.task["data"]["annotator"] = "gold"
    target.task["data"].pop("made_from", None)
    return target.pointer("data")


@refused("matches-schema", "layers it was made from, of a reading that is no gold")
def made_from_without_gold(target: Target) -> Told:
    if target.task["data"]["annotator"] == "gold":
        raise Absent
    target.task["data"]["made_from"] = [{"annotator": "a3f1", "sha256": "0" * 64}]
    return target.pointer("data/made_from")


@refused("gold-is-made-from-its-layers", "gold made from a layer that has changed since")
def gold_of_an_older_layer(target: Target) -> Told:
    _made_from(target)[0]["sha256"] = "0" * 64
    return "layer:/made_from/0/sha256"


@refused("gold-is-made-from-its-layers", "gold made from a layer that is not here")
def gold_of_a_missing_layer(target: Target) -> Told:
    _made_from(target)[0]["annotator"] = "0000"  # sorts first
    return "layer:/made_from/0"


def _made_from(target: Target) -> list[dict[str, str]]:
    if "made_from" not in target.task["data"]:
        raise Absent
    held: list[dict[str, str]] = target.task["data"]["made_from"]
    return held


@refused("one-layer-per-annotator", "two annotations, neither skipped")
def two_annotations(target: Target) -> Told:
    target.task["annotations"].append(copy.deepcopy(target.annotation))
    return target.pointer("annotations/1")


@refused("one-layer-per-annotator", "a second, empty annotation")
def empty_annotation_besides(target: Target) -> Told:
    target.task["annotations"].insert(0, {"result": [], "was_cancelled": False})
    return target.pointer("annotations/1")


@refused("one-layer-per-annotator", "the same article twice, read differently")
def article_twice_otherwise(target: Target) -> Told:
    target.tasks.append(copy.deepcopy(target.task))
    target.add(_new_region(target, "more", "claim", *_a_word(target)))
    return [target.pointer(), f"/{len(target.tasks) - 1}"]


@harmless("the same task twice")
def task_twice(target: Target) -> Told:
    target.tasks.append(copy.deepcopy(target.task))


@harmless("an annotation that was skipped, besides")
def skipped_annotation_besides(target: Target) -> Told:
    target.task["annotations"].append({"result": [], "was_cancelled": True})


@harmless("a skipped annotation whose rows are broken, besides")
def skipped_annotation_with_rows(target: Target) -> Told:
    target.task["annotations"].append({"result": [copy.deepcopy(target.region())] * 2, "was_cancelled": True})


@harmless("drafts and predictions, which nobody submitted")
def drafts_and_predictions(target: Target) -> Told:
    drawn = [copy.deepcopy(target.region())]
    target.task["drafts"] = [{"result": drawn, "was_postponed": False}]
    target.task["predictions"] = [{"result": [], "score": 0.3, "model_version": "x"}]


@harmless("names and e-mail addresses of people, which must not be stored")
def people_named(target: Target) -> Told:
    person = {"id": 3, "email": "ilse.varn@harrow.example", "first_name": "Ilse", "last_name": "Varn"}
    target.annotation.update({"completed_by": person, "updated_by": person})
    target.task.update({"updated_by": [person], "comment_authors": [person]})
    target.task["data"]["assigned_to"] = person["email"]


@harmless("the rows in another order")
def rows_shuffled(target: Target) -> Told:
    target.random.shuffle(target.rows)


@harmless("the tasks in another order")
def tasks_shuffled(target: Target) -> Told:
    target.tasks.reverse()


@harmless("other facts above the text")
def facts_changed(target: Target) -> Told:
    target.task["data"]["facts"] = "Harrow Gazette · 1999"


@harmless("no facts and no memory of the last push")
def only_what_is_read(target: Target) -> Told:
    for name in ("facts", "layer_sha256"):
        del target.task["data"][name]


@harmless("the numbers of task and annotation missing")
def numbers_missing(target: Target) -> Told:
    del target.task["id"], target.annotation["id"]


# --- legitimate edits: another sound layer than before, or none


@legitimate("a choice changed to another of the scheme", "what the page is for")
def choice_changed(target: Target) -> Told:
    row = target.choice()
    row["value"]["choices"] = [_another(row)]


@legitimate("a name changed", "what the page is for")
def name_changed(target: Target) -> Told:
    target.named()["value"]["text"] = ["Orla Penk"]


@legitimate("a choice taken back", "an attribute may be undecided")
def choice_taken_back(target: Target) -> Told:
    target.rows.remove(target.choice("responsibility", "denial_scope", "source_kind"))


@legitimate("a cue deleted together with its relations", "a hub may have no cue")
def cue_deleted(target: Target) -> Told:
    target.without(target.region("cue", wanted=lambda row: _has_more(target, row["id"]))["id"])


def _has_more(target: Target, part: str) -> bool:
    """Whether the hubs of a cue are attributed without it."""
    hubs = {row["from_id"] for row in target.links("has_cue") if row["to_id"] == part}
    return all(any(row["from_id"] == hub for row in target.links("has_source")) for hub in hubs)


@legitimate("a link deleted", "a link may have been wrong")
def link_deleted(target: Target) -> Told:
    target.rows.remove(target.relation("denies", "affirms", "same_claim", "same_source", "embedded_in"))


@legitimate("a claim added in the writer's own voice", "only a claim may stand unattributed")
def claim_added(target: Target) -> Told:
    target.add(_new_region(target, "new-1", "claim", *_a_word(target)))


@legitimate("everything deleted, and submitted", "an article may hold no statement; a pull says that the layer changed")
def all_deleted(target: Target) -> Told:
    target.rows.clear()


@legitimate("another version of the guidelines", "any version can be named; annotators.json says what was last worked with")
def guidelines_of_another_version(target: Target) -> Told:
    target.task["data"]["guidelines"] = "9.9"


@legitimate("no annotation", "an article that nobody has submitted yet; nothing is stored")
def no_annotations(target: Target) -> Told:
    target.task["annotations"].clear()


@legitimate("the only annotation was skipped", "skipped is not submitted; nothing is stored")
def all_skipped(target: Target) -> Told:
    target.annotation["was_cancelled"] = True


@legitimate("rows that came from a prediction", "a suggestion that was seen stays one: the origin of a human reading says so")
def rows_from_a_prediction(target: Target) -> Told:
    for row in target.rows:
        if row["type"] != "relation":
            row["origin"] = "prediction"
