"""Tasks to and from a Label Studio server through its SDK. One project an annotator, so that nobody sees another's work.

What the server lists is counted against the number it names: a page given twice would hide tasks, and they would be sent again.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from corpus import codec
from corpus.problems import CorpusError
from corpus.studio import pages, renewal, twins
from corpus.studio.connection import AGAIN, Connection, asked, reached, strange

Task = dict[str, Any]

TITLE = "CDA "  # and the annotator's pseudonym
BATCH = 250  # tasks a request
BATCH_BYTES = 20 * 1024 * 1024  # the server reads at most 50 MB of task data at once
WHOLE = 1000  # tasks of a project that are exported at once
PART = 400  # task ids an export, where there are more: they stand in its address, which servers bound at 8 kB
PAGE = 1000  # tasks a page of a list; of projects the server gives at most 100

_ONCE: Mapping[str, Any] = {"max_retries": 0}  # the SDK retries even a POST, and an import sent twice is stored twice


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """What a push did for one annotator: documents sent, documents that were there already, and what else there is to know."""

    annotator: str
    sent: tuple[str, ...]
    there: tuple[str, ...]
    notes: tuple[str, ...] = ()


def push(connection: Connection, annotator: str, tasks: Sequence[Task], page: str, told: Callable[[int], None]) -> Pushed:
    """Send the tasks that are not there yet, by document and text, to the annotator's project; `told` hears how many are done."""
    with reached(connection) as client:
        project, notes = _project(client, connection.url, annotator, page)
        found = _there(client, connection.url, project)
        there = set(found.values())
        new = [task for task in tasks if _key(task["data"]) not in there]
        done = len(tasks) - len(new)
        for batch in batches(new, most=BATCH, most_bytes=BATCH_BYTES):
            told(done)
            _send(client, connection.url, project, batch)
            done += len(batch)
        told(done)
        notes += _once_each(client, connection.url, project, found, len(new))
    names = [task["data"]["document"] for task in tasks if _key(task["data"]) in there]
    sent = tuple(task["data"]["document"] for task in new)
    return Pushed(annotator=annotator, sent=sent, there=tuple(names), notes=tuple(notes))


def is_annotator(name: str) -> bool:
    """Whether a project is that of an annotator, by the rest of its title; there are others, such as for adjudication."""
    return re.fullmatch("[0-9a-f]{4}|gold", name) is not None


def pull(connection: Connection, wanted: Callable[[str], bool] = is_annotator) -> Iterator[tuple[str, list[Task]]]:
    """Each annotator's pseudonym with tasks of the project, drafts and blank ones too, as the server exports them.

    A large project comes in parts. While one part is read, the server makes the next.
    """
    with reached(connection) as client, ThreadPoolExecutor(1) as ahead:
        projects = [one for one in _projects(client, connection.url) if one.title.startswith(TITLE)]
        for project in projects:
            if wanted(project.title.removeprefix(TITLE)):
                for tasks in _exported(client, connection.url, project, ahead):
                    yield project.title.removeprefix(TITLE), tasks


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


def _project(client: Any, url: str, annotator: str, page: str) -> tuple[int, list[str]]:
    """The annotator's project, made if there is none, with today's page; and what there is to say of the page."""
    title = f"{TITLE}{annotator}"
    found, spare = _named(client, url, title, page)
    if found is None:
        facts = {"title": title, "label_config": page, "show_skip_button": True, "enable_empty_annotation": True}
        made = asked(url, lambda: client.projects.create(**facts, maximum_annotations=1, request_options=_ONCE))
        if not isinstance(getattr(made, "id", None), int):
            raise CorpusError(strange(url))
        found, spare = _named(client, url, title, page)
        found = made if found is None else found
    for one in spare:
        _unless_gone(lambda: asked(url, lambda: client.projects.delete(one.id)))  # noqa: B023, asked at once
    return int(found.id), renewal.renew(client, url, found, page)


def _named(client: Any, url: str, title: str, page: str) -> tuple[Any, list[Any]]:
    """The project of that title, and the empty ones beside it with a page of ours, which pushes made that began at once.

    The oldest is the one they share, so nobody sends to another.
    """
    found = [project for project in _projects(client, url) if project.title == title]
    full = [project for project in found if project.task_number]
    if len(full) > 1:
        raise CorpusError(f"the server has {len(full)} projects named {title!r} with tasks; remove all but one")
    kept = next(iter(full or found), None)
    others = (one for one in found if one is not kept and isinstance(one.label_config, str))
    return kept, [one for one in others if pages.standing(one.label_config, page) != "strange"]


def _once_each(client: Any, url: str, project: int, found: Mapping[int, tuple[str, str]], sent: int) -> list[str]:
    """Take away what another push sent at the same time, where nobody has touched it; what there is to say of the rest.

    The server was asked what is there before anything was sent. As many tasks as were there and were sent is all in order.
    """
    several = twins.groups(found.items())
    if sent and _number(client, url, project) != len(found) + sent:
        several = twins.groups(_there(client, url, project).items())
    kept = 0
    for ids in several:
        gone = twins.superfluous(ids, partial(_task, client, url))
        for id in gone:
            _unless_gone(lambda: asked(url, lambda: client.tasks.delete(str(id))))  # noqa: B023, asked at once
        kept += len(ids) - len(gone) > 1
    return [f"{kept} of the articles stand twice there with work on both, which stays; remove one by hand"] if kept else []


def _projects(client: Any, url: str) -> list[Any]:
    """All projects of the server, the oldest first."""
    return _listed(url, "projects", lambda: client.projects.list(page_size=min(PAGE, 100)), lambda page: page.count)


def _there(client: Any, url: str, project: int) -> dict[int, tuple[str, str]]:
    """Document and text of every task of a project by its id; the server itself takes the same task twice."""
    tasks = _listed(url, "tasks", lambda: client.tasks.list(project=project, include="id,data", page_size=PAGE), lambda page: page.total)
    return {int(task.id): _key(task.data) for task in tasks}


def _number(client: Any, url: str, project: int) -> int:
    return int(asked(url, lambda: int(client.tasks.list(project=project, include="id", page_size=1).response.total)))


def _task(client: Any, url: str, task: int) -> Mapping[str, Any]:
    return _unless_gone(lambda: asked(url, lambda: dict(client.tasks.get(str(task)).dict()))) or {}


def _unless_gone(call: Callable[[], Any]) -> Any:
    """The answer, or None for what another push took away a moment ago."""
    from label_studio_sdk.core.api_error import ApiError

    try:
        return call()
    except ApiError as error:
        if error.status_code != 404:
            raise
        return None


def _listed(url: str, what: str, first: Callable[[], Any], total: Callable[[Any], int]) -> list[Any]:
    """The items of all pages by their ids, which must be as many as the server says there are."""
    found: dict[int, Any] = {}
    page, number = asked(url, first), 0
    while page is not None:
        number, items = asked(url, partial(_page, page, total))
        is_new = bool(items.keys() - found.keys())  # a page given again brings nothing new, and might be given for ever
        found |= items
        page = asked(url, partial(_next, page)) if is_new and len(found) < number else None
    if len(found) != number:
        raise CorpusError(f"{url} lists {len(found)} of its {number} {what}; {AGAIN}")
    return [found[id] for id in sorted(found)]


def _page(page: Any, total: Callable[[Any], int]) -> tuple[int, dict[int, Any]]:
    return int(total(page.response)), {int(item.id): item for item in page.items or ()}


def _next(page: Any) -> Any:
    from label_studio_sdk.core.api_error import ApiError

    try:
        return page.next_page()
    except ApiError as error:
        if error.status_code == 404:  # so the server says that there is none
            return None
        raise


def _send(client: Any, url: str, project: int, batch: Sequence[Task]) -> None:
    """One request, sent once; an answer that does not own to the whole of it is no answer."""
    answer = asked(url, lambda: client.projects.import_tasks(project, request=batch, return_task_ids=False, request_options=_ONCE))
    if getattr(answer, "task_count", None) != len(batch):
        raise CorpusError(strange(url))


def _exported(client: Any, url: str, project: Any, ahead: Executor) -> Iterator[list[Task]]:
    """A project's tasks. Fewer than were just counted would pass for annotations that nobody made."""
    number = project.task_number if isinstance(project.task_number, int) else 0
    parts = iter(_parts(client, url, project.id) if number > WHOLE else [range(0)])
    found: set[Any] = set()
    coming = [(ids, ahead.submit(_export, client, project, ids)) for ids in islice(parts, 1)]
    while coming:
        ids, export = coming.pop()
        data = export.result()
        coming = [(ids, ahead.submit(_export, client, project, ids)) for ids in islice(parts, 1)]
        tasks = _tasks(data, project.title)
        new = [task for task in tasks if task.get("id") not in found]
        found |= {task.get("id") for task in tasks}
        yield new
        if ids and any(task.get("id") not in ids for task in tasks):
            break  # this server does not hear which tasks are asked for, and gave them all
    if len(found) < number:
        raise CorpusError(f"the export of {project.title!r} holds {len(found)} of {number} tasks; {AGAIN}")


def _parts(client: Any, url: str, project: int) -> list[range]:
    """Ranges of ids that hold all tasks of a project, or one that is empty, for all at once, where the ids lie far apart.

    To list the ids themselves would take as long as the export does.
    """
    total = _number(client, url, project)
    ends = [asked(url, partial(_id, client, project, page)) for page in (1, total)]
    first, last = min(ends), max(ends)
    if last - first >= 2 * total:
        return [range(0)]
    return [range(at, min(at + PART, last + 1)) for at in range(first, last + 1, PART)]


def _id(client: Any, project: int, page: int) -> int:
    (task,) = client.tasks.list(project=project, include="id", page=page, page_size=1).items
    return int(task.id)


def _export(client: Any, project: Any, ids: range) -> bytes:
    options = {"additional_query_parameters": {"ids[]": list(ids)}} if ids else {}  # the SDK's own `ids` is not heard by the server
    exports = client.projects.exports
    return b"".join(exports.download_sync(project.id, export_type="JSON", download_all_tasks=True, request_options=options))


def _key(data: Mapping[str, Any]) -> tuple[str, str]:
    return str(data.get("document")), str(data.get("text_sha256"))


def _tasks(data: bytes, title: str) -> list[Task]:
    """The server's own export: its shape is held to the schema task by task, later."""
    value, problems = codec.read_answer(data, title)
    if problems:
        raise CorpusError(f"the export of {title!r} is refused: {problems[0].message} [{problems[0].check}]; {AGAIN}")
    if not isinstance(value, list) or not all(isinstance(task, dict) for task in value):
        raise CorpusError(f"the export of {title!r} is no list of tasks; {AGAIN}")
    return value
