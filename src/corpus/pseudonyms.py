"""Pseudonyms of the people of a Label Studio server: four hex digits of a keyed hash. The key stays out of the repository.

A bare hash of an e-mail address could be guessed; with the key nobody outside can, and one person keeps one pseudonym.
"""

import hmac
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from corpus.intake import Arrived
from corpus.problems import CorpusError


def pseudonym(key: bytes, user: str) -> str:
    """Four hex digits for a user, by e-mail address or by the number that the server knows.

    >>> pseudonym(b"key", "ilse@example.org") == pseudonym(b"key", "Ilse@example.org ")
    True
    """
    return hmac.new(key, user.strip().lower().encode("utf-8"), "sha256").hexdigest()[:4]


def by_user(arrived: list[Arrived], key: bytes) -> list[Arrived]:
    """One task for each person who finished it, as if each had a project of their own; blank tasks fall out."""
    people: dict[str, str] = {}
    return [one for task in arrived for one in _split(task, key, people)]


def _split(one: Arrived, key: bytes, people: dict[str, str]) -> Iterator[Arrived]:
    for at, annotation in enumerate(one.task.get("annotations", ())):
        user = _user(annotation)
        name = pseudonym(key, user)
        if people.setdefault(name, user) != user:
            raise CorpusError(f"two people of this server would both be {name}; choose another key in CORPUS_PSEUDONYM_KEY")
        data = one.task["data"] | {"annotator": name}
        blank: list[Mapping[str, Any]] = [{**other, "was_cancelled": True, "result": []} for other in one.task["annotations"]]
        blank[at] = annotation  # the others are blanked, not cut out, so that pointers still lead into the file
        yield replace(one, task=one.task | {"data": data, "annotations": blank, "drafts": []})


def _user(annotation: Mapping[str, Any]) -> str:
    who = annotation.get("completed_by")
    found = (who.get("email") or who.get("id")) if isinstance(who, Mapping) else who
    if found is None:
        raise CorpusError("an annotation does not say who made it (completed_by); export with annotators")
    return str(found)
