"""Rewrite stored files in canonical form.

examples:  corpus format
           corpus format --check annotations/lee_0042
"""

import argparse
from pathlib import Path

from corpus import store
from corpus.cli.terminal import count, detail, report, say
from corpus.problems import Problem


def register(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files or folders (default: the whole corpus)")
    command.add_argument("--check", action="store_true", help="change nothing; exit 1 if anything would change")


def run(args: argparse.Namespace) -> int:
    """Rewrite, or tell what would be rewritten."""
    root = store.find_root(args.root)
    problems: list[Problem] = []
    changed = 0
    for path in _chosen(root, args.paths):
        where = path.relative_to(root).as_posix()
        form, found = store.canonical_bytes(path.read_bytes(), where)
        problems += found
        if form is not None and form != path.read_bytes():
            changed += 1
            say(args, f"{'would change' if args.check else 'changed'} {where}")
            if not args.check:
                store.write(path, form)
        elif form is not None:
            detail(args, f"unchanged {where}")
    say(args, f"{count(changed, 'file')} {'to change' if args.check else 'changed'}")
    return report(problems) or int(args.check and changed > 0)


def _chosen(root: Path, paths: list[Path]) -> list[Path]:
    chosen = [path.resolve() for path in paths] or [root]
    return [path for path in store.stored_files(root) if any(path.is_relative_to(one) for one in chosen)]
