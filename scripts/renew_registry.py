"""Find the members of the registry again after gold was corrected, for ids of mentions shift when marks come and go.

usage: scripts/renew_registry.py [--dry-run] REVISION

REVISION is the commit at which the registry was right, for example HEAD before the corrections are committed. A member is the hub that
stands where its mention stood then, or overlaps it most; each change is told. One that is gone is reported and left as it is, and
`corpus check` goes on to refuse it.
"""

import json
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

from corpus import codec, store
from corpus.adjudication.comparison import overlap
from corpus.model import HUBS, AnnotationSet, Holdings, Member, Mention
from corpus.problems import CorpusError


def main() -> int:
    """Rewrite the claims whose members moved; tell which are gone."""
    (revision,) = (one for one in sys.argv[1:] if not one.startswith("--"))
    root = store.find_root(Path())
    holdings = store.read(root).holdings
    lost = 0
    for claim in holdings.registry.values():
        found = [found_again(one, then(root, revision, one.document, holdings), holdings) for one in claim.members]
        for old, new in zip(claim.members, found, strict=True):
            lost += new is None
            if new != old:
                print(f"{claim.id}: {old.document} {old.mention} {'is gone' if new is None else f'is now {new.mention}'}")
        members = tuple(sorted(new or old for old, new in zip(claim.members, found, strict=True)))
        if members != claim.members and "--dry-run" not in sys.argv:
            store.write(root / store.claim_path(claim), codec.canonical(codec.claim_to_json(replace(claim, members=members))))
    return int(lost > 0)


@cache
def stored_then(root: Path, revision: str, where: str) -> AnnotationSet:
    """A layer as it was committed."""
    done = subprocess.run(["git", "-C", str(root), "show", f"{revision}:{where}"], capture_output=True, check=False)
    if done.returncode:
        raise CorpusError(f"{revision} has no {where}")
    return codec.annotations_from_json(json.loads(done.stdout))


def then(root: Path, revision: str, name: str, holdings: Holdings) -> AnnotationSet:
    """The reading of record of an article at that commit, by the annotator who made the present one."""
    now = holdings.of_record(name)
    if now is None:
        raise CorpusError(f"{name} has no reading of record")
    return stored_then(root, revision, store.layer_path(name, now.annotator))


def found_again(member: Member, old: AnnotationSet, holdings: Holdings) -> Member | None:
    """The member as the hub that stands now where its mention stood; None if no hub overlaps it."""
    now, before = holdings.of_record(member.document), old.by_id().get(member.mention)
    hubs = [one for one in now.mentions if one.label in HUBS] if now else []
    if before is None or not hubs:
        return None

    def likeness(one: Mention) -> tuple[float, bool]:
        return overlap(one, before), one.label == before.label

    best = max(hubs, key=likeness)
    return replace(member, mention=best.id, check=best.spans[0].check) if overlap(best, before) > 0.5 else None


if __name__ == "__main__":
    sys.exit(main())
