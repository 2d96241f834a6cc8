"""Write claims of the registry from notes, or list the hubs that may become members.

usage: scripts/register_claims.py --list [DOCUMENT…]     hubs of the readings of record, with who says them (all articles if none is named)
       scripts/register_claims.py [--dry-run] NOTES…     write annotations/claims/<id>.json for each claim of the notes

Notes name a claim, its wording in the corpus's own neutral words, and its members:

    claim ostermark-mill-fire
    The Harrow Front set fire to the mill at Ostermark.
    asserts toy_0001 m3
    denies toy_0001 m6

A list holds words of the texts, so those of withheld texts never enter the repository. A claim that stands already is written anew.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from corpus import checks, codec, schema, store
from corpus.model import HUBS, Holdings, Member, RegisteredClaim, Stance
from corpus.problems import CorpusError, show

STANCES: dict[str, Stance] = {one: one for one in get_args(Stance)}


def main() -> int:
    """List, or write what passes the checks and report the others."""
    root = store.find_root(Path())
    holdings = store.read(root).holdings
    names = [one for one in sys.argv[1:] if not one.startswith("--")]
    if "--list" in sys.argv:
        print("\n".join(line for name in names or sorted(holdings.documents) for line in listed(name, holdings)))
        return 0
    failed = 0
    for claim in (claim for path in names for claim in read(Path(path).read_text(encoding="utf-8"), holdings)):
        where = store.claim_path(claim)
        problems = schema.problems("claim", codec.claim_to_json(claim), where) or checks.of_claim(where, claim, holdings)
        failed += bool(problems)
        print(show(problems, "text") if problems else f"{claim.id}: {len(claim.members)} members")
        if not problems and "--dry-run" not in sys.argv:
            store.write(root / where, codec.canonical(codec.claim_to_json(claim)))
    return int(failed > 0)


def listed(name: str, holdings: Holdings) -> Iterator[str]:
    """The hubs of an article in a line each: id, label, words, and the words of its sources."""
    layer, document = holdings.of_record(name), holdings.documents[name]
    if layer is None or document.text is None:
        return
    words = {one.id: " … ".join(document.text[span.start : span.end] for span in one.spans) for one in layer.mentions}
    said = {one.hub: " + ".join(words[source] for source in one.sources) for one in layer.attributions}
    for one in layer.mentions:
        if one.label in HUBS:
            yield f"{name} {one.id} {one.label}: {words[one.id]} ({said.get(one.id) or 'no source'})".replace("\n", " ")


def read(notes: str, holdings: Holdings) -> Iterator[RegisteredClaim]:
    """The claims of a file of notes."""
    parts = ("\n" + notes).split("\nclaim ")[1:]
    for part in parts:
        name, statement, *lines = (line.strip() for line in part.splitlines() if line.strip() and not line.strip().startswith("#"))
        yield RegisteredClaim(id=name, statement=statement, members=tuple(sorted(member(line, name, holdings) for line in lines)))


def member(line: str, claim: str, holdings: Holdings) -> Member:
    """One member, with the check of its mention as it stands now."""
    match line.split():
        case [stance, document, mention] if stance in STANCES:
            layer = holdings.of_record(document)
            found = layer.by_id().get(mention) if layer else None
            if found is None:
                raise CorpusError(f"{claim}: the reading of record of {document} has no mention {mention}")
            return Member(document=document, mention=mention, check=found.spans[0].check, stance=STANCES[stance])
    raise CorpusError(f"{claim}: {line!r} is no member; write for example: denies toy_0001 m6")


if __name__ == "__main__":
    sys.exit(main())
