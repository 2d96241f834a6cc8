"""Reads a Label Studio server's settings back, by address and token. Changes nothing there: what it posts is refused by any server.

A superuser is told all settings at /version/, the secret key among them: only the few that are named here are ever looked at.
"""

import ipaddress
import json
import re
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from corpus.studio.connection import Connection, reached, sender
from corpus.studio.install import VERSION
from corpus.studio.safety import Reading

STRANGER = "https://elsewhere.example"
DEFAULT_USER = "default_user@localhost"
_MOMENT = 2.0  # seconds for a connection to an address of this machine

# Name of a reading → name in Django's settings, and whether it is said as an address rather than yes or no.
_SETTINGS: Mapping[str, str] = {
    "debug": "DEBUG",
    "ssrf_protection": "SSRF_PROTECTION_ENABLED",
    "banned_subnets": "USE_DEFAULT_BANNED_SUBNETS",
    "local_files_served": "LOCAL_FILES_SERVING_ENABLED",
    "local_storage": "ENABLE_LOCAL_FILES_STORAGE",
    "organization_webhooks": "ALLOW_ORGANIZATION_WEBHOOKS",
    "downloads_resources": "CONVERTER_DOWNLOAD_RESOURCES",
    "analytics": "COLLECT_ANALYTICS",
    "version_check": "LATEST_VERSION_CHECK",
}
_ADDRESSES = ("SENTRY_DSN", "FRONTEND_SENTRY_DSN")


def read(connection: Connection, *, email: str | None = None, password: str | None = None) -> dict[str, Reading]:
    """All that the address and the token tell; more with the log-in of a superuser, as we have it for a server of our own."""
    url = connection.url
    with reached(connection) as client, sender(url) as http:
        token = {"Authorization": client._client_wrapper.get_headers()["Authorization"]}  # of either kind, a personal one traded first
        found = _of_the_way(url) | _of_the_outside(http, url) | _of_the_user(http, url, token, client.users.whoami().email)
        if email and password:
            _log_in(http, url, email, password)
            token = {}
        return found | _of_the_settings(http, url, token)


def is_local(url: str) -> bool:
    """Whether an address is of this machine alone.

    >>> is_local("http://127.0.0.1:8080"), is_local("http://[::1]:8080"), is_local("https://studio.example.org")
    (True, True, False)
    """
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _of_the_way(url: str) -> dict[str, Reading]:
    if not is_local(url):
        return {
            "reached_by_others": Reading(value=True, words=f"it is reached by the network, at {urlsplit(url).hostname}"),
            "in_the_clear": Reading(value=urlsplit(url).scheme != "https"),
        }
    open_at = next((address for address in _addresses() if _listens(address, urlsplit(url).port or 80)), None)
    words = "" if open_at is None else f"it listens at {open_at} too, where other machines can reach it"
    return {"reached_by_others": Reading(value=open_at is not None, words=words), "in_the_clear": Reading(value=False)}


def _addresses() -> Iterator[str]:
    """The addresses under which other machines know this one."""
    import psutil

    for held in psutil.net_if_addrs().values():
        for one in held:
            if one.family == socket.AF_INET and not ipaddress.ip_address(one.address).is_loopback:
                yield one.address


def _listens(address: str, port: int) -> bool:
    with suppress(OSError), socket.create_connection((address, port), timeout=_MOMENT):
        return True
    return False


def _of_the_outside(http: Any, url: str) -> dict[str, Reading]:
    """What anybody is told."""
    version = str(_json(http.get(f"{url}/api/version")).get("release", "none"))
    login = http.get(f"{url}/user/login/", headers={"Origin": STRANGER})
    allowed = login.headers.get("access-control-allow-origin")
    cookies = login.headers.get_list("set-cookie")
    return {
        "version_as_pinned": Reading(value=version == VERSION, words=f"version {version}, pinned is {VERSION}"),
        "any_origin": Reading(value=allowed in ("*", STRANGER)),
        "policy_enforced": Reading(value="content-security-policy" in login.headers),
        "cookies_guarded": Reading(value=all(_is_guarded(one, is_local(url)) for one in cookies)),
        "sign_up": _sign_up(http, url),
        "debug": Reading(value="DEBUG = True" in http.get(f"{url}/no-page-of-this-name").text),
    }


def _is_guarded(cookie: str, local: bool) -> bool:
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    return bool(parts & {"samesite=lax", "samesite=strict"}) and (local or "secure" in parts)


def _sign_up(http: Any, url: str) -> Reading:
    """An empty form makes no account anywhere; a server that takes no sign-up says so before it looks at the form."""
    crumb = http.cookies.get("csrftoken", "")
    answer = http.post(f"{url}/user/signup/", data={"csrfmiddlewaretoken": crumb}, headers=_crumb(url, crumb))
    return Reading(
        value={200: True, 403: False}.get(answer.status_code), words="" if answer.status_code in (200, 403) else "it does not say"
    )


def _crumb(url: str, crumb: str) -> dict[str, str]:
    return {"Referer": f"{url}/user/signup/", "X-CSRFToken": crumb}


def _of_the_user(http: Any, url: str, token: Mapping[str, str], email: str) -> dict[str, Reading]:
    """What whoever has a token is told."""
    legacy = _json(http.get(f"{url}/api/jwt/settings", headers=token)).get("legacy_api_tokens_enabled")
    tolerated = legacy is True and is_local(url)
    served = http.get(f"{url}/data/local-files/", headers=token)
    kinds = _json(http.get(f"{url}/api/storages/types", headers=token), list)
    hook = {"url": "http://127.0.0.1:9/", "actions": ["NO_SUCH_ACTION"]}  # refused everywhere: there is no such action
    refused = http.post(f"{url}/api/webhooks/", json=hook, headers=token)
    return {
        "default_user": Reading(value=email == DEFAULT_USER),
        "legacy_tokens": Reading(
            value=False if tolerated else legacy, words="legacy tokens are taken, on this machine only" if tolerated else ""
        ),
        "local_files_served": Reading(value=None if served.status_code == 401 else "disabled by default" not in served.text),
        "local_storage": Reading(value=any(one.get("name") == "localfiles" for one in kinds) if kinds else None),
        "ssrf_protection": Reading(value={403: "reserved network address" in refused.text, 400: False}.get(refused.status_code)),
    }


def _log_in(http: Any, url: str, email: str, password: str) -> None:
    crumb = http.cookies.get("csrftoken", "")
    form = {"email": email, "password": password, "csrfmiddlewaretoken": crumb}
    http.post(f"{url}/user/login/", data=form, headers=_crumb(url, crumb))


def _of_the_settings(http: Any, url: str, token: Mapping[str, str]) -> dict[str, Reading]:
    """Empty unless a superuser asks."""
    page = http.get(f"{url}/version/", headers=token).text
    found = re.search(r"<pre>(.*)</pre>", page, re.DOTALL)
    try:
        held = json.loads(found[1]).get("settings", {}) if found else {}
    except (ValueError, AttributeError):
        return {}
    settings = {name: str(held[name]) for name in (*_SETTINGS.values(), *_ADDRESSES) if name in held}
    readings = {name: Reading(value=settings[key] == "True") for name, key in _SETTINGS.items() if key in settings}
    if all(name in settings for name in _ADDRESSES):
        readings["error_reports"] = Reading(value=any(settings[name] not in ("", "None") for name in _ADDRESSES))
    return readings


def _json(answer: Any, kind: Callable[[], Any] = dict) -> Any:
    """The value of an answer, or an empty one of the kind that was expected."""
    try:
        value = answer.json()
    except ValueError:
        return kind()
    return value if isinstance(value, type(kind())) else kind()
