"""Rules of files at a layer's path: what kind of file, whose, how large, and what it holds. No schema has seen it yet.

A check yields (JSON pointer, what is wrong).
"""

import re
from collections.abc import Iterator
from typing import Any

from corpus import codec
from corpus.policy.change import LARGEST_FILE, LAYER, Change, Finding, Request, hidden, shown

_REGULAR = "100644"
_MODES = {"120000": "a symbolic link", "160000": "a submodule", "100755": "executable"}
_QUOTE = re.compile("/mentions/[0-9]+/spans/[0-9]+/quote")
_SIGNATURES = {
    b"version https://git-lfs": "a Git LFS pointer",
    b"PK\x03\x04": "a zip archive",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"\x80": "a pickle",
    b"PAR1": "a Parquet file",
    b"\x7fELF": "a program",
}


def file_is_regular(change: Change, request: Request) -> Iterator[Finding]:
    """A file is a plain file: no symbolic link, no submodule, not executable.

    A link reads what it points to, and a submodule brings another repository.
    Cure: put the file itself there, with mode 100644.
    """
    if change.kind != "deleted" and change.mode != _REGULAR:
        yield "", f"mode {change.mode} is {_MODES.get(change.mode, 'not that of a plain file')}"


def layer_is_its_senders(change: Change, request: Request) -> Iterator[Finding]:
    """A request touches the layers of one annotator, who sends it.

    A reading is its annotator's; two readings are worth something only while nobody mends one by the other.
    Cure: take other annotators' files out, and say in an issue what seems wrong there.
    """
    if request.owner is None and len(request.annotators()) > 1:
        yield "", f"layers of several annotators are touched: {', '.join(request.annotators())}"
    elif request.owner is not None and not change.path.endswith(f"/{request.owner}.json"):
        yield "", f"not a layer of {request.owner}, who sends the request"


def deletion_names_its_sender(change: Change, request: Request) -> Iterator[Finding]:
    """A layer is deleted only where it is known who sends the request. A renaming deletes, too.

    Work that is gone from the corpus is gone from every later release.
    Cure: put the layer back, or ask a maintainer.
    """
    if change.kind == "deleted" and request.owner is None:
        yield "", "deleted, and it is not known who sends the request"


def file_is_small(change: Change, request: Request) -> Iterator[Finding]:
    """A file has at most 1 MiB.

    The largest layer has a fortieth of it.
    Cure: remove what does not belong there.
    """
    if len(change.new or b"") > LARGEST_FILE:
        yield "", f"more than {LARGEST_FILE:,} bytes"


def file_is_json(change: Change, request: Request) -> Iterator[Finding]:
    """A layer is strict JSON in UTF-8, and holds something.

    An archive, a pickle or a pointer to large storage stays what it is under another name.
    Cure: send the file that corpus pull or corpus format wrote.
    """
    data = change.new or b""
    for problem in codec.read_json(data, change.path)[1] if change.kind != "deleted" else ():
        looks = next((f"; it looks like {name}" for start, name in _SIGNATURES.items() if data.startswith(start)), "")
        yield "", f"{problem.message}{looks}"


def layer_is_of_its_path(change: Change, request: Request) -> Iterator[Finding]:
    """The file says the document and the annotator that its path says.

    Otherwise a layer could pass under the name of somebody else.
    Cure: move the file, or correct what it says.
    """
    value, layer = _value(change.new), LAYER.fullmatch(change.path)
    for key, wanted in layer.groupdict().items() if layer and change.kind != "deleted" else ():
        if value.get(key) != wanted:
            yield f"/{key}", f"says {shown(str(value.get(key)))!r}, the path says {wanted!r}"


def strings_have_no_hidden_character(change: Change, request: Request) -> Iterator[Finding]:
    """No string that somebody typed holds a control character or one that cannot be seen.

    They turn words round on the screen and make equal names differ. Quotes are not typed: they are held to the text.
    Cure: type the words anew.
    """
    for pointer, words in _strings(_value(change.new)):
        if not _QUOTE.fullmatch(pointer) and (unseen := hidden(words)):
            yield shown(pointer), f"holds {unseen}"


def most_mentions_stay(change: Change, request: Request) -> Iterator[Finding]:
    """A change leaves at least half of the mentions of a layer where they stood.

    Fewer may be right, after a rule of the guidelines changed; a person has to look.
    Cure: say in the request why they went; a maintainer decides.
    """
    before, after = _places(change.old), _places(change.new)
    starts, ends = {start for start, _ in after}, {end for _, end in after}
    kept = min(len(after), sum(start in starts or end in ends for start, end in before))
    if 2 * kept < len(before):
        yield "/mentions" if change.new else "", f"{len(before) - kept} of {len(before)} mentions no longer stand"


def _value(data: bytes | None) -> dict[str, Any]:
    value, _ = codec.read_json(data or b"", "")
    return value if isinstance(value, dict) else {}


def _strings(value: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Every string with its JSON pointer; a key stands at its object."""
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, list):
        for at, held in enumerate(value):
            yield from _strings(held, f"{pointer}/{at}")
    elif isinstance(value, dict):
        for key, held in value.items():
            yield pointer, key
            yield from _strings(held, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")


def _places(data: bytes | None) -> list[tuple[int, int]]:
    """Start and end of each mention that has them."""
    mentions = _value(data).get("mentions")
    found = []
    for mention in mentions if isinstance(mentions, list) else ():
        match mention:
            case {"spans": [{"start": int(start), "end": int(end)}]} | {"spans": [{"start": int(start)}, *_, {"end": int(end)}]}:
                found.append((start, end))
    return found
