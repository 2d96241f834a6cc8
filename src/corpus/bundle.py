"""An exported file as a stream of tasks: split without being loaded, each task as the bytes that it is. Knows JSON's outer form only.

A file is a JSON array of tasks or a task a line, plain or compressed (.gz, .zst). Memory is that of the largest task.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from corpus import codec, shapes, tables
from corpus.problems import Problem

COMPRESSIONS = {".gz": "gzip", ".zst": "zstd"}
_BLOCK = 1 << 20
_BLANK = b" \t\r\n"
_FIRST, _NEXT = re.compile(rb"[ \t\r\n]*"), re.compile(rb"[ \t\r\n]*,?[ \t\r\n]*")
_BETWEEN = re.compile(rb"(?:\}[ \t\r\n]*,|\n)[ \t\r\n]*(?=\{)")
_LONGEST_BETWEEN = 64  # bytes between two tasks, in any layout that is not odd
_MARK = b"\xef\xbb\xbf"


Found = tuple[int, bytes, shapes.Whose | None]


@dataclass(frozen=True, slots=True)
class Within:
    """A place in an export where a task begins, and whether the export is a list of tasks, not a task a line."""

    offset: int
    is_list: bool


def is_list(stream: BinaryIO) -> bool:
    """Whether an export is a list of tasks, by its first sign; what has blanks alone at the beginning is none."""
    return stream.read(_BLOCK).lstrip(_BLANK).startswith(b"[")


def first_task(stream: BinaryIO, at: int, *, is_list: bool) -> Within | None:
    """The first place from an offset on where a task seems to begin that says whose it is: nothing in a string reads as one.

    It may stand within another task. None where there is none nearby.
    """
    before = max(0, at - _LONGEST_BETWEEN)
    stream.seek(before)
    data = stream.read(2 * _BLOCK)
    for found in _BETWEEN.finditer(data):
        within = Within(before + found.end(), is_list)
        stream.seek(within.offset)
        one = next(split(stream, "", within)) if within.offset >= at else None
        if one is not None and not isinstance(one, Problem) and one[2] is not None:
            return within
    return None


def opened(file: BinaryIO, path: Path) -> BinaryIO:
    """The bytes of an export in an open file, unpacked where its name says that it is compressed."""
    compression = COMPRESSIONS.get(path.suffix)
    return file if compression is None else tables.unpacked(file, compression)


def split(stream: BinaryIO, where: str, within: Within | None = None) -> Iterator[Found | Problem]:
    """Offset and bytes of each task, and whose it is if it says so; last a Problem, where the file cannot be read further.

    `within` says that the stream stands before a task that is not the first.
    """
    data, base, number, inside = b"", 0, 0, False
    if within is not None:
        base, number, inside = within.offset, 1, within.is_list
    while True:
        more = stream.read(_BLOCK)
        data += more
        at = 0
        while True:
            at, sign = _next_sign(data, at, inside=number > 0)
            if sign == b"" or (sign == b"]" and inside):
                break
            if sign == b"[" and number == 0 and not inside:
                at, inside = at + 1, True
                continue
            try:
                if sign != b"{":
                    raise ValueError(_strange(data, at))
                end, whose = _line(data, at) if not inside else (None, None)
                if end is None and (end := shapes.value_end(memoryview(data)[at:], last=not more)) is not None:
                    whose = shapes.glance(data[at : at + end])
            except ValueError as error:
                yield _broken(where, base + at, number, inside=inside, message=str(error))
                return
            if end is None:
                break
            yield base + at, data[at : at + end].rstrip(_BLANK), whose
            at, number = at + end, number + 1
        if sign == b"]":
            yield from _after_the_end(data[at + 1 :], stream, where, base + at + 1)
            return
        data, base = data[at:], base + at
        if len(data) > codec.LARGEST_FILE:
            message = f"a task of more than {codec.LARGEST_FILE:,} bytes"
            yield Problem(where=where, pointer=f"/{number}", check="file-is-not-huge", message=message)
            return
        if not more:
            if data or inside or number == 0:
                yield _broken(where, base + len(data), number, inside=inside, message="the file ends before its tasks do")
            return


def task_in(data: bytes, where: str, pointer: str) -> tuple[Any, list[Problem]]:
    """The task in its bytes, read strictly."""
    bare = shapes.without_blanks(data)
    value = None if bare is None else codec.soundly_compact(data, bare)
    if value is not None:
        return value, []
    value, problems = codec.read_json(data, where)
    return value, [Problem(where=where, pointer=pointer, check=one.check, message=one.message) for one in problems]


def _line(data: bytes, at: int) -> tuple[int | None, shapes.Whose | None]:
    """Length and owner of a task that ends with its line, which is found twice as fast as the end of a value."""
    end = data.find(b"\n", at)
    whose = shapes.glance(data[at:end]) if end > 0 else None
    return (None if whose is None else end - at), whose


def _next_sign(data: bytes, at: int, *, inside: bool) -> tuple[int, bytes]:
    """Past blanks, and past one comma where a task came before."""
    passed = (_NEXT if inside else _FIRST).match(data, at)
    at = passed.end() if passed else at
    return at, data[at : at + 1]


def _strange(data: bytes, at: int) -> str:
    if data.startswith(_MARK, at):
        return "the file starts with a byte order mark; save it as plain UTF-8"
    return f"{data[at : at + 20].decode('utf-8', 'replace')!r} stands where a task is due; an export is a list of tasks, or a task a line"


def _after_the_end(rest: bytes, stream: BinaryIO, where: str, offset: int) -> Iterator[Problem]:
    while rest or (rest := stream.read(_BLOCK)):
        if rest.strip(_BLANK):
            yield _broken(where, offset, 0, inside=False, message="something stands after the end of the list")
            return
        rest = b""


def _broken(where: str, offset: int, number: int, *, inside: bool, message: str) -> Problem:
    words = f"byte {offset:,}, after task {number:,}: {message}"
    return Problem(where=where, pointer=f"/{number}" if inside else "", check="json-is-well-formed", message=words)
