"""Stretches between quotation marks, and stretches with clean edges (rules 1.3 and 1.5). Knows no word of the text."""

from collections.abc import Iterable, Iterator

from corpus.suggest.words import Stretch

_OPEN, _CLOSE, _EITHER = "“«", "”»", '"'
_SIGNS = " \t\n\u00a0.,;:?!…-–—"
_PAIRS = {"“": "”", "«": "»", '"': '"', "(": ")", "[": "]", "‘": "’"}


def quotations(text: str) -> list[Stretch]:
    """What stands between marks, without them; a mark that opens ends one that is still open (rule 2.19). No quotation crosses a line.

    >>> quotations('"It broke," she said. "It was old.')
    [(1, 10), (23, 34)]
    """
    found: list[Stretch] = []
    opened: int | None = None
    for at, char in enumerate(text):
        opens = char in _OPEN or (char in _EITHER and _opens(text, at))
        ends = char in _CLOSE or char in _EITHER or char in _OPEN or char == "\n"
        if ends and opened is not None:
            found.append((opened, at))
            opened = None
        if opens:
            opened = at + 1
    return [*found, *([(opened, len(text))] if opened is not None else [])]


def clean(text: str, start: int, end: int) -> Stretch | None:
    """The stretch without blanks, signs and unpaired marks at its edges, nor a pair round it all; None where nothing is left.

    >>> clean('"The dam is safe,"', 0, 18), clean("safe in “every season,”", 0, 23)
    ((1, 16), (0, 23))
    """
    while start < end:
        if text[start] in _SIGNS:
            start += 1
        elif text[end - 1] in _SIGNS:
            end -= 1
        elif _encloses(text, start, end):
            start, end = start + 1, end - 1
        elif text[start] in _PAIRS and not _partner_after(text, start, end):
            start += 1
        elif text[end - 1] in _PAIRS.values() and not _partner_before(text, start, end):
            end -= 1
        else:
            break
    if end - start > 2 and text[start:end].endswith(("'s", "’s")):
        end -= 2
    return (start, end) if start < end else None


def without(stretches: Iterable[Stretch], taken: Iterable[Stretch]) -> Iterator[Stretch]:
    """What is left of stretches where others are cut out.

    >>> list(without([(0, 30)], [(10, 14), (15, 18)]))
    [(0, 10), (14, 15), (18, 30)]
    """
    cuts = sorted(taken)
    for start, end in joined(stretches):
        for first, last in cuts:
            if start < last and first < end:
                if start < first:
                    yield start, first
                start = max(start, last)
        if start < end:
            yield start, end


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """What touches or overlaps made one."""
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found


def _opens(text: str, at: int) -> bool:
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    return not after.isspace() and (before.isspace() or before in "([-–—'‘\"" or (before in ".,:" and after.isupper()))


def _encloses(text: str, start: int, end: int) -> bool:
    """Whether the mark at the start has its partner at the end, and no sooner."""
    partner, deep = _PAIRS.get(text[start]), 0
    if partner is None or end - start < 2 or partner != text[end - 1]:
        return False
    for at in range(start, end):
        deep += 1 if text[at] == text[start] and (partner != text[start] or at == start) else -1 if text[at] == partner else 0
        if deep == 0:
            return at == end - 1
    return False


def _partner_after(text: str, start: int, end: int) -> bool:
    return _PAIRS[text[start]] in text[start + 1 : end]


def _partner_before(text: str, start: int, end: int) -> bool:
    opening = [one for one, other in _PAIRS.items() if other == text[end - 1]]
    if text[end - 1] == "’":  # an apostrophe more often than a mark
        return True
    return any(one in text[start : end - 1] for one in opening)
