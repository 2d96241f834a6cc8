"""Write the page of all checks, schema/CHECKS.md, from the code.

usage: scripts/write_catalogue.py
"""

from pathlib import Path

from corpus import store
from corpus.checks import catalogue


def main() -> None:
    """Write the page; a second run changes nothing."""
    path = Path(__file__).parents[1] / "schema" / "CHECKS.md"
    print(f"{path.name} {'written' if store.write(path, catalogue.page().encode('utf-8')) else 'unchanged'}")


if __name__ == "__main__":
    main()
