"""Give the project another version, everywhere it stands: the package, CITATION.cff, the README's examples, the heading in CHANGELOG.md.

usage: scripts/set_version.py VERSION --date YYYY-MM-DD     (before a release is built; commit what it writes)
       scripts/set_version.py --check                       (exit 1 where two places say different versions)
"""

import argparse
import re
import sys
from datetime import date
from pathlib import Path

from corpus import store

VERSION = re.compile(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}")
# Where the version stands alone in a group; every place holds it at least once.
PLACES = {
    "src/corpus/__init__.py": re.compile(r'(?m)^__version__ = "(.+)"$'),
    "pyproject.toml": re.compile(r'(?m)^version = "(.+)"$'),
    "CITATION.cff": re.compile(r"(?m)^version: (\S+)$"),
    "README.md": re.compile(r"(?:cda-corpus-|corpus build )(\d+\.\d+\.\d+)"),
}
_UNRELEASED = re.compile(r"(?m)^## Unreleased.*$")
_RELEASED = re.compile(r"(?m)^date-released: .*$\n?")


def main(arguments: list[str] | None = None) -> int:
    """Write or check; nothing is written unless every place is found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], epilog="example: scripts/set_version.py 1.0.0 --date 2026-11-28")
    parser.add_argument("version", nargs="?", metavar="VERSION")
    parser.add_argument("--date", metavar="YYYY-MM-DD", help="the day of the release")
    parser.add_argument("--check", action="store_true", help="write nothing, say where two places differ")
    parser.add_argument("-C", dest="root", type=Path, default=Path(), metavar="DIR")
    args = parser.parse_args(arguments)
    root = store.find_root(args.root)
    pages = {where: (root / where).read_text(encoding="utf-8") for where in (*PLACES, "CHANGELOG.md")}
    if args.check:
        return _checked(pages)
    if not VERSION.fullmatch(args.version or "") or args.date is None or date.fromisoformat(args.date).isoformat() != args.date:
        parser.error("say a version such as 1.0.0 and its day, --date 2026-11-28")
    for where, words in changed(pages, args.version, args.date).items():
        if store.write(root / where, words.encode("utf-8")):
            print(f"{where} written")
    return 0


def found(pages: dict[str, str]) -> dict[str, set[str]]:
    """The versions that each place says."""
    return {where: set(place.findall(pages[where])) for where, place in PLACES.items()}


def changed(pages: dict[str, str], version: str, day: str) -> dict[str, str]:
    """The pages with the version in them; the entry of CHANGELOG.md that was on its way is that of the day."""
    new = {where: _with(place, pages[where], version) for where, place in PLACES.items()}
    new["CITATION.cff"] = _RELEASED.sub("", new["CITATION.cff"]).replace(
        f"version: {version}\n", f"version: {version}\ndate-released: '{day}'\n"
    )
    log = pages["CHANGELOG.md"]
    if f"## [{version}]" not in log:
        if len(_UNRELEASED.findall(log)) != 1:
            raise SystemExit("CHANGELOG.md has no heading '## Unreleased …', or more than one: say what the release changes")
        log = _UNRELEASED.sub(f"## [{version}] - {day}", log)
    return new | {"CHANGELOG.md": log}


def _with(place: re.Pattern[str], words: str, version: str) -> str:
    return place.sub(lambda held: held[0].replace(held[1], version), words)


def _checked(pages: dict[str, str]) -> int:
    told = found(pages)
    if len(set().union(*told.values())) == 1 and all(told.values()):
        print("one version everywhere")
        return 0
    for where, versions in told.items():
        print(f"{where}: {', '.join(sorted(versions)) or 'no version found'}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
