"""The command `corpus`: reads arguments and the environment, prints, exits. Each command is a module: parse, call, report.

Exit 0 clean, 1 problems found, 2 wrong use. Heavy libraries are imported by the command that needs them, when it runs.
"""

import argparse
import errno
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from corpus import __version__
from corpus.absence import leave_out
from corpus.problems import CorpusError

COMMANDS = (
    "add", "hydrate", "assign", "studio", "doctor", "suggest", "push", "pull", "adjudicate", "pairs", "check", "format", "stats", "agree",
    "score", "show", "reanchor", "withdraw", "convert", "build", "verify", "diff", "cite", "publish",
)  # fmt: skip

_OF_ARROW = {"build", "verify", "diff"}  # who need no pandas; what some others call, as Label Studio's SDK, does

# What a disk or its rights refuse is no fault of the code, and needs no traceback.
_OF_THE_DISK = {
    errno.ENOSPC,
    errno.EIO,
    errno.EROFS,
    errno.EACCES,
    errno.EPERM,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EMFILE,
    errno.ENAMETOOLONG,
}

_EPILOG = """the path:  raw/ -> push -> Label Studio -> pull -> annotations/ -> check -> build -> load_dataset
example:   corpus check && corpus build 0.1.0"""


def parser() -> argparse.ArgumentParser:
    """All commands with their options."""
    top = argparse.ArgumentParser(
        prog="corpus", description=__doc__.splitlines()[0], epilog=_EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    top.add_argument("--version", action="version", version=f"corpus {__version__}")
    _add_common(top)
    top.set_defaults(root=Path(), quiet=False, verbose=False)
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=_Command)
    for name in COMMANDS:
        about, _, example = _docstring(name).partition("\n\n")
        commands.add_parser(
            name, help=about.rstrip("."), description=about, epilog=example, formatter_class=argparse.RawDescriptionHelpFormatter
        )
    return top


class _Command(argparse.ArgumentParser):
    """A command that declares its options when it is the one that is called: the others need not be loaded."""

    _is_declared = False

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Declare, then parse."""
        if not self._is_declared:
            self._is_declared = True
            module = import_module(f"corpus.cli.{self.prog.split()[-1]}_command")
            _add_common(self)
            module.register(self)
            self.set_defaults(run=module.run)
        return super().parse_known_args(args, namespace)


def _docstring(command: str) -> str:
    """What the module of a command says of it, read without loading it."""
    words = (Path(__file__).parent / f"{command}_command.py").read_text(encoding="utf-8")
    return words.split('"""', 2)[1].strip()


def _add_common(command: argparse.ArgumentParser) -> None:
    """What may stand before the command or after it; so the defaults are set once, apart."""
    unset = argparse.SUPPRESS
    command.add_argument(
        "-C", dest="root", type=Path, metavar="DIR", default=unset, help="the corpus to work in (default: here or upwards)"
    )
    command.add_argument("-q", "--quiet", action="store_true", default=unset, help="print problems and errors only")
    command.add_argument("-v", "--verbose", action="store_true", default=unset, help="print what was left as it is, too")


def process() -> int:
    """Run the one command of a process that ends with it; its exit code."""
    try:
        return main(alone=True)
    except KeyboardInterrupt:  # before there was a command to tell of it
        return 130
    finally:
        gc.freeze()  # else the interpreter looks through all that there is before it ends, several times


def main(argv: Sequence[str] | None = None, *, alone: bool = False) -> int:
    """Run one command; its exit code. `alone`: the process is there for that only, so the command may arrange it to its needs."""
    args = parser().parse_args(argv)
    args.alone = alone
    if alone and args.command in _OF_ARROW:
        leave_out("pandas")
    try:
        code: int = args.run(args)
    except CorpusError as error:
        print(f"corpus {args.command}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"corpus {args.command}: stopped; what was finished stands, nothing is half written", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of a pipe went away, as `head` does
        sys.stderr.close()
        return 0
    except OSError as error:
        if error.errno not in _OF_THE_DISK:
            raise
        at = f": {error.filename}" if error.filename else ""
        print(f"corpus {args.command}: {os.strerror(error.errno)}{at}; what stood before stands", file=sys.stderr)
        return 2
    return code
