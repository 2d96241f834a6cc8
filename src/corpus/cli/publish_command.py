"""Put a release on the Hugging Face Hub: one commit, verified, then the tag, last. It can be run again after any failure.

examples:  corpus publish dist/cda-corpus-1.0.0 cda-corpus/cda
"""

import argparse
from pathlib import Path

from corpus.cli.terminal import report, say, waiting
from corpus.problems import CorpusError


def register(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument("folder", type=Path, metavar="DIR", help="the release, as it was built")
    command.add_argument("repository", metavar="REPO", help="owner/name of a dataset repository; made if it is not there")


def run(args: argparse.Namespace) -> int:
    """Verify first; what may not be passed on, or nobody could build again, is refused. Credentials are those of `hf auth login`."""
    from corpus import hub, release, store

    manifest, problems = release.verified(args.folder)
    if manifest is None or problems:
        report(problems)
        raise CorpusError(f"{args.folder} is not a release as it was built; nothing was published")
    if manifest.text == "all":
        raise CorpusError(f"{args.folder} holds texts that may not be passed on; build with --text released to publish")
    is_ours = manifest.terms is None and store.ANNOTATORS in manifest.inputs  # neither converted nor from exports
    if is_ours and manifest.commit is None:
        raise CorpusError(f"{args.folder} names no commit: it was built from files that were not committed; commit them and build again")
    with waiting(args, f"publishing {args.folder.name}"):
        done = hub.publish(args.folder, args.repository, tag=f"v{manifest.version}", files=sorted({*manifest.files, "manifest.json"}))
    what = "committed and tagged" if done.committed else "tagged" if done.tagged else "stood there already"
    say(args, f"{args.repository}@{done.tag}: {what}, commit {done.commit}")
    return 0
