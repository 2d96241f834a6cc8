"""A connection to a Label Studio server through its SDK. Whatever goes wrong on the way is worded here, in one sentence without a secret.

The SDK is imported when it is needed: it brings OpenCV, pandas and NLTK. `str()` of one of its errors would print response headers with
the session cookie, so only the status is shown. No redirect is followed: texts and token are for the address that was named.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from corpus.problems import CorpusError

TIMEOUT = 600  # seconds; the server answers an import or an export only when all is done

AGAIN = "nothing is lost, run the command again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A server and the token that opens it; no repr shows the token."""

    url: str
    token: str = field(repr=False)


@contextmanager
def reached(connection: Connection) -> Iterator[Any]:
    """A client of a server that knows us, whose failures are one sentence."""
    try:
        import httpx
        from label_studio_sdk.core.api_error import ApiError
    except ImportError:
        raise CorpusError('the Label Studio SDK is not installed; run pip install "cda-corpus[studio]"') from None
    try:
        with sender(connection.url) as http:
            yield _client(connection, http)
    except (httpx.InvalidURL, UnicodeEncodeError):
        raise CorpusError("LABEL_STUDIO_URL is no address, or LABEL_STUDIO_API_KEY no token, that can be sent") from None
    except httpx.TimeoutException:
        raise CorpusError(f"{connection.url} did not answer within {TIMEOUT} seconds; {AGAIN}") from None
    except (httpx.NetworkError, httpx.RemoteProtocolError) as error:
        kind = type(error).__name__
        if kind == "ConnectError":
            raise _nobody(connection.url, kind) from None
        raise CorpusError(f"the connection to {connection.url} broke off ({kind}); {AGAIN}") from None
    except httpx.HTTPError as error:
        raise _nobody(connection.url, type(error).__name__) from None
    except ApiError as error:
        raise CorpusError(_refusal(connection.url, error.status_code, error.headers or {})) from None


def sender(url: str) -> Any:
    """What is sent to this machine is not for the proxy that the environment names; it would get the token."""
    import httpx

    local = httpx.URL(url).host in ("127.0.0.1", "localhost", "::1")
    return httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=not local)


def asked(url: str, call: Callable[[], Any]) -> Any:
    """The answer to a call of the SDK, which stumbles over one that is not of the shape it knows, or no JSON, or no UTF-8."""
    try:
        return call()
    except UnicodeEncodeError:
        raise  # the question, not the answer
    except (AttributeError, TypeError, ValueError):
        raise CorpusError(strange(url)) from None


def strange(url: str) -> str:
    """The sentence on an answer that Label Studio does not give."""
    return f"{url} answered as Label Studio does not: a page to log in, a proxy on the way, or a reply cut short; {AGAIN}"


def _client(connection: Connection, http: Any) -> Any:
    from label_studio_sdk import LabelStudio

    client = LabelStudio(  # type: ignore[no-untyped-call]
        base_url=connection.url, api_key=connection.token, timeout=TIMEOUT, httpx_client=http
    )
    if not _knows_us(client):
        raise CorpusError(f"what answers at {connection.url} is no Label Studio; check LABEL_STUDIO_URL")
    return client


def _knows_us(client: Any) -> bool:
    """The SDK makes something of any answer at all; a server that cannot say who asks is no Label Studio."""
    from label_studio_sdk.core.api_error import ApiError

    try:
        return bool(client.users.whoami().email)
    except UnicodeEncodeError:
        raise
    except (AttributeError, TypeError, ValueError):
        return False
    except ApiError as error:
        status = error.status_code or 0
        if status in (401, 403, 429) or 300 <= status < 400 or status >= 500:
            raise
        return False


def _nobody(url: str, kind: str) -> CorpusError:
    return CorpusError(f"no Label Studio answers at {url} ({kind}); start one with corpus studio start")


def _refusal(url: str, status: int | None, headers: Any) -> str:
    status = status or 0
    if status in (401, 403):
        return f"{url} does not accept the token; check LABEL_STUDIO_API_KEY, or start a server of your own with corpus studio start"
    if status == 429:
        return f"{url} asks for patience (status 429); {AGAIN} after {_seconds(headers)}"
    if 300 <= status < 400:
        return f"{url} leads on to {_origin(headers)}, and nothing was sent there; if that is your server, name it in LABEL_STUDIO_URL"
    if 200 <= status < 300:
        return strange(url)
    return f"{url} refused with status {status}, and its log says why; {AGAIN}"


def _seconds(headers: Any) -> str:
    wait = str(headers.get("retry-after", ""))
    return f"{wait} s" if wait.isascii() and wait.isdigit() else "a while"


def _origin(headers: Any) -> str:
    """Scheme and host of a redirect: the rest may hold secrets."""
    to = urlsplit(str(headers.get("location", "")))
    return f"{to.scheme}://{to.hostname}{'' if to.port is None else f':{to.port}'}" if to.hostname else "another page"
