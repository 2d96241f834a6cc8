"""Review a proposal before anything of it is used: may these files change, and are the layers sound?

usage: scripts/review_changes.py BASE [HEAD] [--owner A] [--format text|json|github] [--repo DIR]

Reads what HEAD changed since it left BASE as git objects. Nothing of it is checked out or run, and no filter or textconv that it names
is asked. What corpus.policy lets in is laid over the base in a temporary folder, where the checks hold it to the base's articles, and to
the texts that have been hydrated in DIR. Exit codes: 0 clean, 1 problems found, 2 wrong use.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import get_args

from corpus import audit, codec, policy, store
from corpus.problems import CorpusError, Format, Problem, show

KINDS: dict[str, policy.Kind] = {"A": "added", "D": "deleted"}  # all else modifies
READABLE = {"100644", "100755", "120000"}  # modes whose object is a file's bytes
PLAIN = {"GIT_NO_REPLACE_OBJECTS": "1", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | PLAIN


def main() -> int:
    """Print what is wrong with the proposal."""
    args = arguments().parse_args()
    if args.owner is not None and not policy.ANNOTATOR.fullmatch(args.owner):
        arguments().error(f"{args.owner!r} is no pseudonym: four of 0-9 and a-f")
    try:
        problems = review(args.repo, commit(args.repo, args.base), commit(args.repo, args.head), args.owner)
    except CorpusError as error:
        print(f"review_changes: {error}", file=sys.stderr)
        return 2
    told = [discreet(problem) for problem in problems] if args.format == "github" else problems
    print(show(told, args.format) if problems or args.format == "json" else "no problems")
    return int(bool(problems))


def discreet(problem: Problem) -> Problem:
    """The log of a pull request is public: a layer made for it could have a withheld text printed there, span by span."""
    if problem.check != "quote-matches-text":
        return problem
    return replace(problem, message="the words there are not those that were marked", hint="corpus check says more, where the text is")


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0], allow_abbrev=False)
    parser.add_argument("base", help="the commit that the proposal asks to change")
    parser.add_argument("head", nargs="?", default="HEAD", help="the commit proposed (default: HEAD)")
    parser.add_argument("--owner", metavar="A", help="the annotator who sends the proposal, where a maintainer has said so")
    parser.add_argument("--format", choices=get_args(Format), default="text", help="for a person, a program, a pull request")
    parser.add_argument("--repo", type=Path, default=Path(), metavar="DIR", help="a git repository that has both (default: .)")
    return parser


def review(repo: Path, base: str, head: str, owner: str | None) -> list[Problem]:
    """The faults by the policy; where there are none, what the checks find in the files proposed, or in others because of them."""
    there, proposed = tree(repo, base), list(changes(repo, base, head))
    if refused := policy.review(proposed, owner, there):
        return refused
    files: dict[str, bytes | None] = {path.relative_to(repo).as_posix(): path.read_bytes() for path in repo.glob("raw/*/*.txt")}
    files |= {path: blob(repo, id, codec.LARGEST_FILE) for path, id in there.items() if path.startswith(("raw/", "annotations/"))}
    new = {change.path: change.new for change in proposed}
    known = set(audited(files))
    return [problem for problem in audited(files | new) if problem.where in new or problem not in known]


def audited(files: Mapping[str, bytes | None]) -> list[Problem]:
    """What the checks find in a folder of these files; None is a file that was deleted."""
    with tempfile.TemporaryDirectory() as folder:
        for path, data in files.items():
            if data is not None:
                store.write(Path(folder, path), data)
        return audit.audit(Path(folder).resolve())


def changes(repo: Path, base: str, head: str) -> Iterator[policy.Change]:
    """What the head changed since it left the base. Of too many files nothing is read."""
    forks = git(repo, "merge-base", "--all", base, head).decode().split()
    if len(forks) != 1:
        raise CorpusError("base and proposal have no one commit in which they parted; merge the base into the proposal")
    told = git(repo, "diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-ext-diff", "--no-textconv", forks[0], head).split(b"\0")
    entries = [(*facts.decode()[1:].split(), name(path)) for facts, path in zip(told[0::2], told[1::2], strict=False)]
    few = len(entries) <= policy.MOST_FILES
    for mode, mode_after, old, new, status, path in entries[: policy.MOST_FILES + 1]:
        before = blob(repo, old, policy.LARGEST_FILE) if few and mode in READABLE else None
        after = blob(repo, new, policy.LARGEST_FILE) if few and mode_after in READABLE else None
        yield policy.Change(path=path, kind=KINDS.get(status, "modified"), mode=mode_after, old=before, new=after)


def tree(repo: Path, base: str) -> dict[str, str]:
    """The path and object id of every file of a commit."""
    entries = [entry.partition(b"\t") for entry in git(repo, "ls-tree", "-r", "-z", "--full-tree", base).split(b"\0")[:-1]]
    return {name(path): facts.decode().split()[2] for facts, _, path in entries if b" blob " in facts}


def blob(repo: Path, id: str, most: int) -> bytes:
    """The bytes of a file as they are stored. A larger one is not even unpacked: as many blanks as are too many stand for it."""
    if int(git(repo, "cat-file", "-s", id)) > most:
        return b" " * (most + 1)
    return git(repo, "cat-file", "blob", id)


def name(path: bytes) -> str:
    """A path as words; bytes that are no UTF-8 become backslashes, which the policy lets nobody use."""
    return path.decode("utf-8", "backslashreplace")


def commit(repo: Path, revision: str) -> str:
    """The id of a commit."""
    return git(repo, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}").decode().strip()


def git(repo: Path, *words: str) -> bytes:
    """What a plumbing command says."""
    done = subprocess.run(["git", "-C", str(repo), *words], capture_output=True, env=ENVIRONMENT)
    if done.returncode:
        raise CorpusError((done.stderr.decode("utf-8", "replace").strip() or f"git {words[0]} found nothing").splitlines()[0])
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
