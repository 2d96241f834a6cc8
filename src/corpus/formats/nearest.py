"""Sources and cues of formats that tell no attributions are tied to the nearest statement, and that is told as a change.

So marks of tag sequences stay marks, and can be scored as marks; who says what is not in such files, and is not claimed to be.
"""

from collections.abc import Iterable

from corpus.formats.assembling import Places, Sheet
from corpus.model import HUBS, Label

Marked = tuple[Label, Places]


def draw(sheet: Sheet, marks: Iterable[Marked]) -> None:
    """All marks; a source or cue goes to the statement that the fewest code points part it from, of two the earlier."""
    held = sorted(marks, key=lambda one: one[1])
    hubs = [(places, id) for label, places in held if label in HUBS and (id := sheet.mention(label, places)) is not None]
    for label, places in held:
        if label in HUBS:
            continue
        if not hubs:
            sheet.note(f"{label} in a text without statements")
            continue
        _, hub = min(hubs, key=lambda one: (_apart(one[0], places), one[0]))
        name = sheet.mention(label, places)
        sheet.attribution(hub, *(([name], ()) if label == "source" else ((), [name])))
        sheet.note(f"{label} tied to the nearest statement, for the format tells no attributions", changed=True)


def _apart(first: Places, second: Places) -> int:
    """Code points between two marks; 0 where they touch or overlap."""
    return min(max(start - last, begin - end, 0) for begin, last in first for start, end in second)
