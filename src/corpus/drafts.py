"""What an exported task holds beside finished annotations: drafts and skips. It is told, never taken."""

from collections.abc import Iterator

from corpus.tasks import Task


def left_behind(task: Task) -> Iterator[str]:
    """What a pull does not take, in words: drafts that were never submitted or changed after the submission, and skipped annotations.

    Label Studio saves a draft a few seconds after each stroke; one that belongs to an annotation is an edit nobody submitted.
    """
    done = {one.get("id"): one for one in task.get("annotations", ()) if isinstance(one, dict)}
    drafts = [one for one in task.get("drafts", ()) if isinstance(one, dict)]
    if any(one.get("annotation") is None for one in drafts) and not any(not one.get("was_cancelled") for one in done.values()):
        yield "a draft was never submitted; open the task and submit it"
    for one in drafts:
        submitted = done.get(one.get("annotation"))
        if submitted is not None and str(one.get("updated_at")) > str(submitted.get("updated_at")):
            yield "a draft is newer than what was submitted; open the task and update or discard it"
    if done and all(one.get("was_cancelled") for one in done.values()):
        yield "skipped by the annotator"
