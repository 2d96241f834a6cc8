"""The only door to the Hugging Face Hub. Credentials come from the client's own store; nothing here knows a token."""

from collections.abc import Sequence
from pathlib import Path

from corpus.problems import CorpusError


def snapshot(repository: str, revision: str, patterns: Sequence[str]) -> Path:
    """A folder with these files of a dataset repository at a revision: from the network, or offline from what was fetched before."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError, RepositoryNotFoundError, RevisionNotFoundError

    try:
        return Path(snapshot_download(repository, repo_type="dataset", revision=revision, allow_patterns=list(patterns)))
    except RevisionNotFoundError:
        raise CorpusError(f"{repository} has no revision {revision!r}") from None
    except RepositoryNotFoundError:
        raise CorpusError(f"there is no dataset {repository} on the Hub, or it is not open to you") from None
    except LocalEntryNotFoundError:
        raise CorpusError(f"{repository}@{revision} was not fetched before, and the Hub cannot be reached") from None
    except HfHubHTTPError as error:
        status = getattr(error.response, "status_code", "no status")
        raise CorpusError(f"the Hub refused {repository}@{revision} with status {status}") from None
