"""What README and CONTRIBUTING show runs, or stands in the help of the command."""

import contextlib
import io
import re
import shlex
from importlib import import_module

import pytest

from corpus.cli import COMMANDS, main, parser
from tests.conftest import ROOT

PAGES = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", ".github/CONTRIBUTING.md", "DATASHEET.md")}
DOCS = {name: (ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("clusters.md", "formats.md", "task.md")}
SHELL = [
    line
    for page in [*PAGES.values(), *DOCS.values()]
    for block in re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
    for line in block.splitlines()
]
# In a line of text, what names no place to fill in.
INLINE = [
    line for page in DOCS.values() for line in re.findall(r"`(corpus (?:convert|score) [^`]+)`", page) if not re.search("[A-Z]{2,}|…", line)
]
TYPED = sorted({line.split("#")[0].strip().replace(".venv/bin/", "") for line in [*SHELL, *INLINE] if "corpus " in line})
HELP = {name: import_module(f"corpus.cli.{name}_command").__doc__ or "" for name in COMMANDS}
EXAMPLES = sorted({line.split("   ")[0].strip() for text in HELP.values() for line in re.findall(r"(?:examples?:)?\s+(corpus .*)", text)})


def test_pages_are_read() -> None:
    assert len(TYPED) > 8
    assert len(EXAMPLES) >= len(COMMANDS)


@pytest.mark.parametrize("line", [*TYPED, *EXAMPLES])
def test_every_command_shown_is_one(line: str) -> None:
    """Parsed as typed; that they do what is said is the business of the other tests."""
    for command in line.split("&&"):
        program, *argv = shlex.split(command)
        assert program == "corpus"
        parser().parse_args(argv)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_stands_in_the_readme_and_has_help_with_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert f"`corpus {name}" in PAGES["README.md"]
    with contextlib.suppress(SystemExit):
        main([name, "--help"])
    assert re.search(rf"examples?: +corpus {name}", capsys.readouterr().out)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_the_readme_is_one(name: str) -> None:
    shown = re.search(rf"(?m)^\| `(corpus {name}[^`]*)`", PAGES["README.md"])
    assert shown is not None
    known = io.StringIO()
    with contextlib.redirect_stdout(known), contextlib.suppress(SystemExit):
        main([name, "--help"])
    for option in re.findall(r"--[a-z]+", shown[1]):
        assert option in known.getvalue(), option


@pytest.mark.parametrize("target", sorted(set(re.findall(r"(?:`|^)make ([a-z-]+)", "".join(PAGES.values()), re.MULTILINE))))
def test_every_make_target_exists(target: str) -> None:
    assert re.search(rf"(?m)^{target}:.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES)
def test_every_local_link_leads_somewhere(page: str) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", PAGES[page]):
        assert ((ROOT / page).parent / target).exists(), target
