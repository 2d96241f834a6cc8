"""Line and column of a JSON pointer in a file, both from 1, for editors and pull requests. Only asked once something is wrong."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from corpus.problems import Problem

LARGEST = 4 * 1024 * 1024  # bytes; beyond that the pointer must do


def located(problems: Iterable[Problem], data: bytes) -> Iterator[Problem]:
    r"""The problems of one file with the line and column of their pointers, where the file is JSON.

    >>> problem = Problem(where="x.json", pointer="/a/0", check="matches-schema", message="wrong")
    >>> [(one.line, one.column) for one in located([problem], b'{\n  "a": [1]\n}')]
    [(2, 9)]
    """
    places = _places(data) if len(data) <= LARGEST else {}
    for problem in problems:
        at = places.get(problem.pointer) or places.get(problem.pointer.rpartition("/")[0])
        yield replace(problem, line=at[0], column=at[1]) if at else problem


def all_located(problems: Iterable[Problem], read: Callable[[str], bytes | None]) -> list[Problem]:
    """Problems of many files with their lines; `read` gives the bytes of a file, or None where there is none."""
    by_file: dict[str, list[Problem]] = {}
    for problem in problems:
        by_file.setdefault(problem.where, []).append(problem)
    return sorted(one for where, group in by_file.items() for one in located(group, read(where) or b""))


def _places(data: bytes) -> dict[str, tuple[int, int]]:
    import json_source_map  # only asked for once something is wrong
    from json_source_map.errors import BaseError

    try:
        entries = json_source_map.calculate(data.decode("utf-8")).items()
    except (BaseError, ValueError, RecursionError):  # no JSON: its own problem tells the line
        return {}
    return {pointer: (entry.value_start.line + 1, entry.value_start.column + 1) for pointer, entry in entries}
