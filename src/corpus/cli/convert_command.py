"""Convert between our scheme and the formats of other corpora and tools, and tell what was lost.

examples:  corpus convert --list
           corpus convert --from polnear ../PolNeAR --to corpus build/polnear
           corpus convert --from corpus . --to brat build/brat
           corpus convert --from brat project --to corpus build/mine --source mine --licence CC-BY-4.0 --language de
"""

import argparse
from pathlib import Path

from corpus import formats
from corpus.cli.terminal import count, progress, report, visible
from corpus.formats.converted import Given
from corpus.formats.converting import Report, convert
from corpus.problems import CorpusError


def register(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument("--from", dest="source", nargs=2, metavar=("FORMAT", "IN"), help="what to read, and the folder or file it lies in")
    command.add_argument(
        "--to", dest="target", nargs=2, metavar=("FORMAT", "OUT"), help="what to write, and where; written whole or not at all"
    )
    command.add_argument(
        "--keep-going", action="store_true", help="write all articles but those with problems, which are named; exit 1 all the same"
    )
    command.add_argument("--force", action="store_true", help="replace an OUT that is there already, all of it")
    command.add_argument(
        "--source", dest="name", metavar="S", help="id of the source, where the files do not tell it (default: the format)"
    )
    command.add_argument("--licence", metavar="L", help="SPDX id of their licence; without an open one the texts are withheld")
    command.add_argument("--language", metavar="L", help="ISO 639 code of the texts, where the files do not tell it (default: en)")
    command.add_argument("--only", metavar="IDS", help="documents to read, by id, as a pattern such as 'gum_news_*' (default: all)")
    command.add_argument("--list", action="store_true", help="print the table of formats")


def run(args: argparse.Namespace) -> int:
    """Convert, and print the account."""
    if args.list:
        _print_formats()
        return 0
    if args.source is None or args.target is None:
        raise CorpusError("say what to read and what to write: corpus convert --from FORMAT IN --to FORMAT OUT; --list names the formats")
    (source, path), (target, out) = args.source, args.target
    given = Given(source=args.name, licence=args.licence, language=args.language, only=args.only, keep_going=args.keep_going)
    with progress(args, f"{source} to {target}", 1) as at:
        done = convert(source, Path(path), target, Path(out), given, force=args.force, progress=lambda now, total: at(now / max(total, 1)))
    if not args.quiet:
        _print(done, out, keep_going=args.keep_going)
    return report(done.problems)


def _print(done: Report, out: str, *, keep_going: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"{done.source} to {done.target}", title_justify="left")
    table.add_column("what")
    for name in ("read", "written", "not held"):
        table.add_column(name, justify="right")
    for what, number in done.counts.items():
        left = done.left.get(what, 0)
        table.add_row(what, f"{number:,}", f"{number - left:,}", f"{left:,}" if left else "")
    for one in done.notes:
        table.add_row(f"{one.kind.replace('_', ' ')}: {visible(one.what)}", f"{one.number:,}", "", "")
    console = Console(highlight=False)
    console.print(table)
    if done.written is None:
        cure = "" if keep_going else "; --keep-going writes the articles without any"
        console.print(f"nothing is written to {out}: {count(len(done.problems), 'problem')}{cure}")
        return
    without = f", with {count(done.written, 'article')}; those with problems are left out" if done.problems else ""
    console.print(f"written: {out}{without}")
    if done.withheld:
        console.print(f"texts withheld (for your own use, not to be passed on): {', '.join(done.withheld)}")


def _print_formats() -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("format", "reads", "writes", "what it is", "what it cannot hold of ours")
    for one in formats.FORMATS.values():
        lost = ", ".join(sorted(formats.ALL - one.holds)) if one.writes else ""
        table.add_row(one.name, "yes" if one.reads else "", "yes" if one.writes else "", one.title, lost)
    Console(highlight=False).print(table)
