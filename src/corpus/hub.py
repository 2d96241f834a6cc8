"""The only door to the Hugging Face Hub. Credentials come from the client's own store; nothing here knows a token."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from json import JSONDecodeError
from pathlib import Path
from typing import Any

from corpus.manifest import number
from corpus.problems import CorpusError


def snapshot(repository: str, revision: str) -> Path:
    """A folder with a dataset repository at a revision: from the network, or offline from what was fetched before.

    Whole, for load_dataset looks at the files of every config before it opens one.
    """
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError, RepositoryNotFoundError, RevisionNotFoundError

    try:
        return Path(snapshot_download(repository, repo_type="dataset", revision=revision))
    except RevisionNotFoundError:
        raise CorpusError(f"{repository} has no revision {revision!r}") from None
    except RepositoryNotFoundError:
        raise CorpusError(f"there is no dataset {repository} on the Hub, or it is not open to you") from None
    except LocalEntryNotFoundError:
        raise CorpusError(f"{repository}@{revision} was not fetched before, and the Hub cannot be reached") from None
    except HfHubHTTPError as error:
        status = getattr(error.response, "status_code", "no status")
        raise CorpusError(f"the Hub refused {repository}@{revision} with status {status}") from None


def file(repository: str, name: str, revision: str) -> Path | None:
    """One file of a dataset repository; offline as it was fetched last, None where it is not to be had."""
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        return Path(hf_hub_download(repository, name, repo_type="dataset", revision=revision))
    except (HfHubHTTPError, LocalEntryNotFoundError):
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """Where a release stands now: commit and tag, and whether this run had to commit or to tag."""

    commit: str
    tag: str
    committed: bool
    tagged: bool


def publish(folder: Path, repository: str, *, tag: str, files: Sequence[str]) -> Published:
    """Upload, commit once on the parent that was seen, verify the repository's checksums, then tag, last.

    Run again after any failure it goes on where it stopped: what main holds already is not committed again. A tag that stands on
    other files is refused, and is never moved; so is a release older than one that is tagged, for main shows the newest.
    """
    with _worded(repository) as api:
        api.create_repo(repository, repo_type="dataset", exist_ok=True)
        standing = {one.name: one.target_commit for one in api.list_repo_refs(repository, repo_type="dataset").tags}
        if tag in standing:
            if not _holds(api, repository, standing[tag], folder, files):
                raise CorpusError(
                    f"{repository} has a tag {tag} on other files; a released version never changes, so choose another version"
                )
            return Published(commit=standing[tag], tag=tag, committed=False, tagged=False)
        later = sorted(one for one in standing if _is_release(one) and number(one[1:]) > number(tag[1:]))
        if later:
            raise CorpusError(f"{repository} has {later[-1]} already; {tag} is older, and would take its place on main")
        head = api.repo_info(repository, repo_type="dataset", revision="main").sha
        there = _holds(api, repository, head, folder, files)
        commit = head if there else _commit(api, repository, head, folder, files, tag)
        _verify(api, repository, commit, folder)
        api.create_tag(repository, tag=tag, revision=commit, repo_type="dataset")
    return Published(commit=commit, tag=tag, committed=not there, tagged=True)


def _is_release(tag: str) -> bool:
    return re.fullmatch(r"v[0-9]+\.[0-9]+\.[0-9]+", tag) is not None


def _commit(api: Any, repository: str, head: str, folder: Path, files: Sequence[str], tag: str) -> str:
    """One commit: `upload_folder` would make several of a large release, and guard only the first by its parent."""
    from huggingface_hub import CommitOperationAdd, CommitOperationDelete

    additions = [CommitOperationAdd(path_in_repo=name, path_or_fileobj=folder / name) for name in files]
    stale = sorted(set(_tree(api, repository, head)) - set(files) - {".gitattributes"})
    api.preupload_lfs_files(repository, additions, repo_type="dataset", revision="main", free_memory=False)
    operations = [*additions, *(CommitOperationDelete(path_in_repo=name) for name in stale)]
    made = api.create_commit(
        repository, operations, commit_message=f"Release {tag}", repo_type="dataset", revision="main", parent_commit=head
    )
    return str(made.oid)


def _holds(api: Any, repository: str, revision: str, folder: Path, files: Sequence[str]) -> bool:
    """Whether a revision has exactly these files, by their hashes."""
    there = {name: held for name, held in _tree(api, repository, revision).items() if name != ".gitattributes"}
    return there.keys() == set(files) and all(there[name] in _hashes(folder / name) for name in files)


def _tree(api: Any, repository: str, revision: str) -> dict[str, str]:
    """File → SHA-256 where it is a large one, else its git hash."""
    entries = api.list_repo_tree(repository, recursive=True, revision=revision, repo_type="dataset")
    return {one.path: one.lfs.sha256 if one.lfs else one.blob_id for one in entries if hasattr(one, "blob_id")}


def _hashes(path: Path) -> tuple[str, str]:
    data = path.read_bytes()
    git = hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False)  # as git names a blob
    return hashlib.sha256(data).hexdigest(), git.hexdigest()


def _verify(api: Any, repository: str, commit: str, folder: Path) -> None:
    found = api.verify_repo_checksums(repository, repo_type="dataset", revision=commit, local_dir=folder)
    if found.mismatches or found.missing_paths:
        wrong = [*(one["path"] if isinstance(one, dict) else one.path for one in found.mismatches), *found.missing_paths]
        raise CorpusError(f"{repository} holds other bytes than were sent: {', '.join(map(str, wrong[:3]))}; nothing was tagged")


@contextmanager
def _worded(repository: str) -> Iterator[Any]:
    """The client, whose failures are one sentence; `str` of its errors would show request ids and addresses."""
    from huggingface_hub import HfApi

    try:
        yield HfApi()
    except CorpusError:
        raise
    except Exception as error:
        # its uploads and hf_xet wrap what went wrong in a RuntimeError
        wrapped = isinstance(error, RuntimeError) and isinstance(error.__cause__, Exception)
        told = _sentence(repository, error.__cause__ if wrapped else error)
        if told is None:
            raise
        raise CorpusError(told) from None


def _sentence(repository: str, error: BaseException | None) -> str | None:
    """What went wrong on the way, and what to do; None of a bug."""
    import httpx2
    from huggingface_hub.errors import HfHubHTTPError

    if isinstance(error, HfHubHTTPError):
        return _refusal(repository, getattr(error.response, "status_code", None))
    if isinstance(error, httpx2.HTTPError | OSError | RuntimeError):
        return f"the Hub broke off ({type(error).__name__}); run the command again, it goes on where it stopped"
    if isinstance(error, JSONDecodeError):
        return "the Hub answered with something else than JSON, perhaps a log-in page on the way; nothing more was sent"
    return None


def _refusal(repository: str, status: int | None) -> str:
    if status in (401, 403):
        return f"the Hub does not let you write to {repository}; log in with `hf auth login`"
    if status == 412:
        return f"somebody committed to {repository} meanwhile; nothing was published, run the command again"
    if status == 409:
        return f"{repository} got this tag from somebody else meanwhile; run the command again to see whether it is the same release"
    return f"the Hub refused with status {status}; run the command again, it goes on where it stopped"
