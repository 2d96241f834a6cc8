"""Tasks that stand twice because two pushes ran at once: which of them can go, so that nothing is lost. Knows no server.

The oldest stays always, whatever is in the others: two pushes that tidy up at once must not each remove what the other keeps.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, TypeVar

Key = TypeVar("Key", bound=Hashable)


def groups(keys: Iterable[tuple[int, Key]]) -> list[tuple[int, ...]]:
    """The ids of tasks that share a key, the oldest first.

    >>> groups([(3, "b"), (2, "a"), (1, "a")])
    [(1, 2)]
    """
    found: dict[Key, list[int]] = defaultdict(list)
    for id, key in sorted(keys):
        found[key].append(id)
    return [tuple(ids) for ids in found.values() if len(ids) > 1]


def superfluous(ids: tuple[int, ...], task: Callable[[int], Mapping[str, Any]]) -> list[int]:
    """Those of one group that hold nothing that the oldest does not hold: no draft, and no annotation of their own."""
    first = _results(task(ids[0]))
    return [id for id in ids[1:] if _may_go(task(id), first)]


def _may_go(task: Mapping[str, Any], first: list[Any]) -> bool:
    return not task.get("drafts") and all(result in first for result in _results(task))


def _results(task: Mapping[str, Any]) -> list[Any]:
    return [(bool(one.get("was_cancelled")), one.get("result")) for one in task.get("annotations") or ()]
