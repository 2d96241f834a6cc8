"""Gives a project of ours today's labelling page, where nothing marked on an earlier one needs that any more."""

from typing import Any

from corpus.studio import pages
from corpus.studio.connection import asked

_ONCE = {"max_retries": 0}


def renew(client: Any, url: str, project: Any, page: str) -> list[str]:
    """Give the project today's page, where it has an earlier one of ours; a page that somebody changed is theirs."""
    there = project.label_config if isinstance(project.label_config, str) else ""
    standing = pages.standing(there, page)
    if standing == "same":
        return []
    if standing == "strange":
        return [
            f"the labelling page of {project.title!r} was changed on the server, or is a newer one, and stays; today's may ask otherwise"
        ]
    from label_studio_sdk.core.api_error import ApiError

    _count_anew(client, url, project.id)
    try:
        asked(url, lambda: client.projects.validate_label_config(project.id, label_config=page, request_options=_ONCE))
        asked(url, lambda: client.projects.update(project.id, label_config=page, request_options=_ONCE))
    except ApiError as error:
        if error.status_code != 400:
            raise
        return [f"{project.title!r} keeps its old labelling page: annotations there use what today's page no longer has"]
    return [f"{project.title!r} has today's labelling page now; load it again in the browser"]


def _count_anew(client: Any, url: str, project: int) -> None:
    """Label Studio refuses a page by its count of the labels in use, which runs behind the annotations, and may miss some for good.

    The SDK has no call for what the server's own page does here.
    """
    from label_studio_sdk.core.api_error import ApiError

    http, path = client._client_wrapper.httpx_client, f"api/projects/{project}/summary/reset/"
    answer = asked(url, lambda: http.request(path, method="POST", json={}, request_options=_ONCE))
    if answer.status_code != 200:
        raise ApiError(status_code=answer.status_code, body=answer.text)
