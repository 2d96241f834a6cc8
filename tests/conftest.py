"""What the tests share: a copy of the toy corpus, the folder of real input beside the checkout, a real server, a real browser."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from corpus import store
from corpus.cli import main
from corpus.model import Holdings

ROOT = Path(__file__).parents[1]
TOY = ROOT / "tests" / "toy"
SHARED = Path(os.environ.get("CDA_SHARED") or ROOT.parent / "shared")  # real articles and exports that may not be passed on

collect_ignore = ["fuzz_reader.py"]  # a program of its own; it imports atheris, which is not everywhere

settings.register_profile("default", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
settings.load_profile("default")


def absent(what: str) -> None:
    """Skip, saying what is missing; under CI a missing thing is a failure."""
    if os.environ.get("CI"):
        pytest.fail(f"{what}; with CI set nothing may be skipped")
    pytest.skip(what)


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    """A copy of the toy corpus that a test may change."""
    return Path(shutil.copytree(TOY, tmp_path / "toy"))


@pytest.fixture(scope="session", autouse=True)
def _the_toy_corpus_is_left_alone() -> Iterator[None]:
    """What a test leaves there, other tests would copy."""
    before = {path for path in TOY.rglob("*") if path.is_file()}
    yield
    assert {path for path in TOY.rglob("*") if path.is_file()} == before


@pytest.fixture(scope="session")
def toy_holdings() -> Holdings:
    """The toy corpus as it stands in the repository."""
    stored = store.read(TOY)
    assert not stored.problems
    return stored.holdings


@pytest.fixture
def corpus(toy: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run a command on the toy corpus: exit code, standard output, standard error."""

    def run(*argv: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(["-C", str(toy), *argv])
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real input beside the checkout, or CDA_SHARED."""
    if not (SHARED / "articles").is_dir():
        absent("no real articles here: put them in ../shared, or name their folder in CDA_SHARED")
    return SHARED


@pytest.fixture(scope="session")
def peers() -> Path:
    """Small samples of other corpora in the folder of real input."""
    if not (SHARED / "peers").is_dir():
        absent("no samples of other corpora here: put them in ../shared/peers, or name the folder above it in CDA_SHARED")
    return SHARED / "peers"


@pytest.fixture(scope="session")
def studio_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A Label Studio of the tests' own, running: the repository's installation, an empty database."""
    from corpus.studio import install, server

    installed = ROOT / ".label-studio"
    if not install.is_current(installed):
        absent("Label Studio is not installed: run make studio")
    home = tmp_path_factory.mktemp("studio")
    (home / "venv").symlink_to(installed / "venv", target_is_directory=True)
    server.start(home)
    yield home
    server.stop(home)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium."""
    found = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
    if found is None:
        absent("no Chromium here: run make browser, or install Debian's package chromium")
    return str(found)
