"""What every command shows alike: lines, problems, progress. The only door to rich, which honours NO_COLOR and the width."""

import argparse
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from corpus.problems import Format, Problem, show

_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def say(args: argparse.Namespace, line: str) -> None:
    """A line of result, unless -q."""
    if not args.quiet:
        print(line)


def detail(args: argparse.Namespace, line: str) -> None:
    """A line about what was left as it is, with -v only."""
    if args.verbose and not args.quiet:
        print(line)


def report(problems: Sequence[Problem], form: Format = "text") -> int:
    """Print problems to where a person or a program looks for them; exit code 1 if there are any."""
    if problems or form == "json":
        print(show(problems, form))
    return 1 if problems else 0


def visible(words: str) -> str:
    r"""Words of an article as a terminal may print them: what would steer it, or turn the order of signs, is shown as U+FFFD.

    >>> visible("red\x1b[31m \u202eline\n") == "red\ufffd[31m \ufffdline\n"
    True
    """
    return _STEERING.sub("\ufffd", words)


def count(number: int, noun: str) -> str:
    """A number with its noun.

    >>> count(1, "layer"), count(2, "layer")
    ('1 layer', '2 layers')
    """
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def with_examples_of(command: argparse.ArgumentParser) -> Any:
    """What makes the parsers of a command's steps: each shows the examples of the whole."""
    return partial(argparse.ArgumentParser, epilog=command.epilog, formatter_class=command.formatter_class)


@contextmanager
def progress(args: argparse.Namespace, what: str, total: int) -> Iterator[Callable[[float], None]]:
    """A bar on standard error for work that may be long; nothing with -q or where nobody watches."""
    if args.quiet or not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)


@contextmanager
def waiting(args: argparse.Namespace, what: str) -> Iterator[None]:
    """A sign of life while something of unknown length runs; a plain line where nobody watches."""
    if args.quiet:
        yield
        return
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        console.print(f"{what} …", highlight=False)
        yield
        return
    with console.status(f"{what} …"):
        yield


def table(heads: Iterable[str], rows: Iterable[Iterable[str]], *, left: tuple[int, ...]) -> object:
    """A table for rich to print; figures stand to the right, the columns named to the left."""
    from rich.table import Table

    made = Table(box=None, header_style="bold")
    for at, head in enumerate(heads):
        made.add_column(head, justify="left" if at in left else "right")
    for row in rows:
        made.add_row(*row)
    return made
