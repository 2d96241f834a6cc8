"""What a request from a stranger may change. Owns the rules of the gate; knows no git, no disk, and not whether a layer is right.

One check is one generator function in CHECKS; its name is its id, its docstring the entry in the catalogue. Each is asked of a change
only where the ones before found nothing: of a file that may not be there at all, nobody need say what is wrong inside.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from itertools import islice

from corpus.policy import of_file, of_path
from corpus.policy.change import ANNOTATOR, LARGEST_FILE, LONGEST_PATH, MOST_FILES, Change, Finding, Kind, Request, shown
from corpus.problems import Problem

__all__ = ["ANNOTATOR", "CHECKS", "LARGEST_FILE", "MOST_FILES", "Change", "Kind", "review"]

CHECKS: tuple[Callable[[Change, Request], Iterator[Finding]], ...] = (
    of_path.request_is_small,
    of_path.path_has_no_hidden_character,
    of_path.path_stays_inside,
    of_path.path_is_short,
    of_path.path_works_everywhere,
    of_path.path_has_no_twin,
    of_path.maintained_file_is_unchanged,
    of_path.path_is_of_a_layer,
    of_file.file_is_regular,
    of_file.layer_is_its_senders,
    of_file.deletion_names_its_sender,
    of_file.file_is_small,
    of_file.file_is_json,
    of_file.layer_is_of_its_path,
    of_file.strings_have_no_hidden_character,
    of_file.most_mentions_stay,
)


def review(changes: Iterable[Change], owner: str | None, existing: Collection[str] = ()) -> list[Problem]:
    """What keeps the changes out, sorted. `owner` is the annotator who sends them, if known; `existing` the paths that the base holds.

    >>> change = Change(path="Makefile", kind="deleted", mode="000000", old=b"all:", new=None)
    >>> [problem.check for problem in review([change], None)]
    ['maintained-file-is-unchanged']
    """
    asked = tuple(islice((part for change in changes for part in _parts(change)), MOST_FILES + 1))
    request = Request(changes=asked, owner=owner, spellings=_spellings(asked, existing))
    looked_at = asked if len(asked) <= MOST_FILES else asked[:1]
    return sorted({problem for change in looked_at for problem in _faults(change, request)})


def _faults(change: Change, request: Request) -> list[Problem]:
    """What the first check finds that finds anything; whoever reads it may not have the catalogue, so each has its cure."""
    for check in CHECKS:
        id, cure = check.__name__.replace("_", "-"), (check.__doc__ or "").rpartition("Cure: ")[2].strip()
        if found := list(check(change, request)):
            return [Problem(where=shown(change.path), pointer=at, check=id, message=message, hint=cure) for at, message in found]
    return []


def _parts(change: Change) -> Iterator[Change]:
    """A renaming is a deletion and an addition."""
    if change.kind == "renamed":
        yield replace(change, path=change.was or "", kind="deleted", mode="000000", new=None, was=None)
        yield replace(change, kind="added", old=None, was=None)
    else:
        yield change


def _spellings(changes: Iterable[Change], existing: Collection[str]) -> dict[str, frozenset[str]]:
    """Every path and folder that there is once the request is taken, under what it looks like."""
    gone = {change.path for change in changes if change.kind == "deleted"}
    there = {*existing} - gone | {change.path for change in changes if change.kind != "deleted"}
    spelled: dict[str, set[str]] = {}
    for part in {part for path in there if len(path) <= LONGEST_PATH for part in of_path.beginnings(path)}:
        spelled.setdefault(of_path.folded(part), set()).add(part)
    return {looks: frozenset(parts) for looks, parts in spelled.items()}
