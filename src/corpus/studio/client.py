"""Tasks to and from a Label Studio server through its SDK. One project an annotator, so that nobody sees another's work.

The SDK is imported when it is needed: it brings OpenCV, pandas and NLTK. Its errors are worded here; `str()` of one would
print response headers with the session cookie, so only the status is shown.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from corpus import codec
from corpus.problems import CorpusError

Task = dict[str, Any]

TITLE = "CDA "  # and the annotator's pseudonym
BATCH = 250  # tasks a request
BATCH_BYTES = 20 * 1024 * 1024  # the server reads at most 50 MB of task data at once
TIMEOUT = 600  # seconds; the server answers an import or an export only when all is done

_ONCE: Mapping[str, Any] = {"max_retries": 0}  # the SDK retries even a POST, and an import sent twice is stored twice


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A server and the token that opens it; no repr shows the token."""

    url: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """What a push did for one annotator: documents sent, and documents that were there already."""

    annotator: str
    sent: tuple[str, ...]
    there: tuple[str, ...]


def push(connection: Connection, annotator: str, tasks: Sequence[Task], page: str, told: Callable[[int], None]) -> Pushed:
    """Send the tasks that are not there yet, by document and text, to the annotator's project; `told` hears how many are done."""
    with _worded(connection) as client:
        project = _project(client, annotator, page)
        there = _there(client, project)
        new = [task for task in tasks if _key(task["data"]) not in there]
        done = len(tasks) - len(new)
        for batch in batches(new, most=BATCH, most_bytes=BATCH_BYTES):
            told(done)
            client.projects.import_tasks(project, request=batch, return_task_ids=False, request_options=_ONCE)
            done += len(batch)
        told(done)
    names = [task["data"]["document"] for task in tasks if _key(task["data"]) in there]
    return Pushed(annotator=annotator, sent=tuple(task["data"]["document"] for task in new), there=tuple(names))


def is_annotator(name: str) -> bool:
    """Whether a project is that of an annotator, by the rest of its title; there are others, such as for adjudication."""
    return re.fullmatch("[0-9a-f]{4}|gold", name) is not None


def pull(connection: Connection, wanted: Callable[[str], bool] = is_annotator) -> Iterator[tuple[str, list[Task]]]:
    """Each annotator's pseudonym with all tasks of the project, drafts and blank ones too, as the server exports them."""
    with _worded(connection) as client:
        for project in sorted(client.projects.list(), key=lambda one: one.id):
            if project.title.startswith(TITLE) and wanted(project.title.removeprefix(TITLE)):
                chunks = client.projects.exports.download_sync(project.id, export_type="JSON", download_all_tasks=True)
                yield project.title.removeprefix(TITLE), _tasks(b"".join(chunks), project.title)


def batches(tasks: Sequence[Task], *, most: int, most_bytes: int) -> Iterator[list[Task]]:
    """Consecutive tasks in lists of at most that many tasks and bytes; a task larger than that stands alone.

    >>> [len(batch) for batch in batches([{"data": {}}] * 5, most=2, most_bytes=1000)]
    [2, 2, 1]
    """
    batch: list[Task] = []
    size = 0
    for task in tasks:
        weight = len(json.dumps(task).encode("utf-8"))
        if batch and (len(batch) == most or size + weight > most_bytes):
            yield batch
            batch, size = [], 0
        batch.append(task)
        size += weight
    if batch:
        yield batch


def _project(client: Any, annotator: str, page: str) -> int:
    title = f"{TITLE}{annotator}"
    found = [project for project in client.projects.list() if project.title == title]
    if len(found) > 1:
        raise CorpusError(f"the server has {len(found)} projects named {title!r}; remove all but one")
    if found:
        return int(found[0].id)
    made = client.projects.create(
        title=title, label_config=page, show_skip_button=True, enable_empty_annotation=True, maximum_annotations=1, request_options=_ONCE
    )
    return int(made.id)


def _there(client: Any, project: int) -> set[tuple[str, str]]:
    """Document and text of every task of a project; the server itself takes the same task twice."""
    return {_key(task.data) for task in client.tasks.list(project=project, include="id,data", page_size=1000)}


def _key(data: Mapping[str, Any]) -> tuple[str, str]:
    return str(data.get("document")), str(data.get("text_sha256"))


def _tasks(data: bytes, title: str) -> list[Task]:
    """The server's own export: its shape is held to the schema task by task, later."""
    value, problems = codec.read_json(data, title, largest=None)
    if problems:
        raise CorpusError(f"the export of {title!r} is refused: {problems[0].message} [{problems[0].check}]")
    if not isinstance(value, list) or not all(isinstance(task, dict) for task in value):
        raise CorpusError(f"the export of {title!r} is no list of tasks")
    return value


@contextmanager
def _worded(connection: Connection) -> Iterator[Any]:
    """A client whose failures are one sentence."""
    try:
        import httpx
        from label_studio_sdk.core.api_error import ApiError
    except ImportError:
        raise CorpusError('the Label Studio SDK is not installed; run pip install "cda-corpus[studio]"') from None
    try:
        with _sender(connection.url) as sender:
            yield _client(connection, sender)
    except (httpx.InvalidURL, UnicodeError):
        raise CorpusError("LABEL_STUDIO_URL is no address, or LABEL_STUDIO_API_KEY no token, that can be sent") from None
    except httpx.TimeoutException:
        raise CorpusError(f"{connection.url} did not answer within {TIMEOUT} seconds; nothing is lost, run the command again") from None
    except httpx.HTTPError as error:
        kind = type(error).__name__
        raise CorpusError(f"no Label Studio answers at {connection.url} ({kind}); start one with corpus studio start") from None
    except ApiError as error:
        raise CorpusError(_refusal(connection.url, error.status_code)) from None


def _sender(url: str) -> Any:
    """What is sent to this machine is not for the proxy that the environment names; it would get the token."""
    import httpx

    local = httpx.URL(url).host in ("127.0.0.1", "localhost", "::1")
    return httpx.Client(timeout=TIMEOUT, follow_redirects=True, trust_env=not local)


def _client(connection: Connection, sender: Any) -> Any:
    from label_studio_sdk import LabelStudio

    client = LabelStudio(  # type: ignore[no-untyped-call]
        base_url=connection.url, api_key=connection.token, timeout=TIMEOUT, httpx_client=sender
    )
    if not _knows_us(client):
        raise CorpusError(f"what answers at {connection.url} is no Label Studio; check LABEL_STUDIO_URL")
    return client


def _knows_us(client: Any) -> bool:
    """The SDK makes something of any answer at all; a server that cannot say who asks is no Label Studio."""
    from label_studio_sdk.core.api_error import ApiError

    try:
        return bool(client.users.whoami().email)
    except (AttributeError, TypeError):
        return False
    except ApiError as error:
        if error.status_code in (401, 403) or (error.status_code or 0) >= 500:
            raise
        return False


def _refusal(url: str, status: int | None) -> str:
    if status in (401, 403):
        return f"{url} does not accept the token; check LABEL_STUDIO_API_KEY, or start a server of your own with corpus studio start"
    return f"{url} refused with status {status}; its log says why, and running the command again sends only what is missing"
