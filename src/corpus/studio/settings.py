"""The safe settings of a Label Studio of ours, as the environment of its process: closed, silent, nothing of the shell's.

What each does: HumanSignal's docs, and core/settings of 1.23.2. What a server really has is read back by `corpus doctor`.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from corpus.problems import CorpusError

POSTGRES = "CORPUS_STUDIO_POSTGRES"

_DEAD_PROXY = "http://127.0.0.1:9"  # the home page asks raw.githubusercontent.com for tips, and no setting turns that off
_SAFE: Mapping[str, str] = {
    "COLLECT_ANALYTICS": "false",
    "LATEST_VERSION_CHECK": "false",
    "SENTRY_DSN": "",
    "FRONTEND_SENTRY_DSN": "",
    "LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK": "true",
    "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",  # our own token is one: made by us, for this machine, in a file of mode 600
    "DEBUG": "false",
    "CORS_ALLOW_ALL_ORIGINS": "false",
    "LS_CSP_REPORT_ONLY": "false",
    "SSRF_PROTECTION_ENABLED": "true",
    "USE_DEFAULT_BANNED_SUBNETS": "true",
    "ENABLE_LOCAL_FILES_STORAGE": "false",
    "LOCAL_FILES_SERVING_ENABLED": "false",
    "ALLOW_ORGANIZATION_WEBHOOKS": "false",
    "CONVERTER_DOWNLOAD_RESOURCES": "false",
    "HTTP_PROXY": _DEAD_PROXY,
    "HTTPS_PROXY": _DEAD_PROXY,
    "NO_PROXY": "127.0.0.1,localhost",
}
_KEPT = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "SYSTEMROOT")  # Label Studio also reads bare HOST, PORT, USERNAME, DEBUG, CI


def environment(data: Path) -> dict[str, str]:
    """The whole environment of a Label Studio with this data folder; credentials are for the caller to add."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | dict(_SAFE) | {"HOME": str(data), "LABEL_STUDIO_BASE_DATA_DIR": str(data)}


def database() -> dict[str, str]:
    """Where the database of a team is, as CORPUS_STUDIO_POSTGRES says; nothing for the SQLite file of the data folder.

    "postgresql://user:password@host:5432/name", signs that a URL does not bear spelt as %xx.
    """
    given = os.environ.get(POSTGRES)
    if not given:
        return {}
    try:
        to = urlsplit(given)
        host, port, name = to.hostname, to.port or 5432, unquote(to.path.strip("/"))
    except ValueError:
        host, name = None, ""
    if not host or not name or to.scheme not in ("postgresql", "postgres"):
        raise CorpusError(f"{POSTGRES} is no address of the form postgresql://user:password@host:5432/name")  # it may hold a password
    return {
        "DJANGO_DB": "postgresql",
        "POSTGRE_HOST": host,
        "POSTGRE_PORT": str(port),
        "POSTGRE_NAME": name,
        "POSTGRE_USER": unquote(to.username or "postgres"),
        "POSTGRE_PASSWORD": unquote(to.password or ""),
    }
