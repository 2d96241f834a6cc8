"""What makes a Label Studio server unsafe for texts and annotators, as rules over what was read of it. Pure; the reading is `examination`.

The defaults of 1.23.2 are open: sign-up, any origin, debug pages, telemetry. Of its first fourteen advisories ten were XSS or SSRF.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from corpus.health import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Something read of a server: yes or no, None where it could not be read; with words where there is more to say."""

    value: bool | None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A statement that should hold, the reading that decides it, the value that is safe, and the cure."""

    question: str
    reading: str
    safe: bool
    otherwise: str
    cure: str


RULES: tuple[Rule, ...] = tuple(
    Rule(question=question, reading=reading, safe=safe, otherwise=otherwise, cure=cure)
    for question, reading, safe, otherwise, cure in (
        ("only-this-machine", "reached_by_others", False, "other machines can reach it", "start it with --internal-host 127.0.0.1"),
        ("way-is-encrypted", "in_the_clear", False, "texts and token travel in the clear", "serve it by https, or on this machine only"),
        ("version-as-pinned", "version_as_pinned", True, "the version is not the one that is pinned", "install the pinned version"),
        ("sign-up-is-closed", "sign_up", False, "whoever reaches it can make an account", "LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK=true"),
        ("user-was-named", "default_user", False, "the user was made without asking", "start it with --username and --password"),
        ("tokens-expire", "legacy_tokens", False, "legacy tokens, which never expire", "turn them off at Organization, Access Tokens"),
        ("debug-is-off", "debug", False, "error pages show code and settings", "DEBUG=false"),
        ("origins-are-closed", "any_origin", False, "pages of any site may ask it", "CORS_ALLOW_ALL_ORIGINS=false"),
        ("page-policy-holds", "policy_enforced", True, "the content security policy only reports", "LS_CSP_REPORT_ONLY=false"),
        ("cookies-are-guarded", "cookies_guarded", True, "its cookies go astray", "SESSION_COOKIE_SECURE=true and SAMESITE=Lax"),
        ("addresses-are-guarded", "ssrf_protection", True, "it fetches from addresses inside the network", "SSRF_PROTECTION_ENABLED=true"),
        ("subnets-are-banned", "banned_subnets", True, "reserved networks are not banned", "USE_DEFAULT_BANNED_SUBNETS=true"),
        ("local-files-are-shut", "local_files_served", False, "it serves files of its machine", "LOCAL_FILES_SERVING_ENABLED=false"),
        ("local-storage-is-off", "local_storage", False, "folders of its machine can be storage", "ENABLE_LOCAL_FILES_STORAGE=false"),
        ("webhooks-are-off", "organization_webhooks", False, "webhooks of the organisation are on", "ALLOW_ORGANIZATION_WEBHOOKS=false"),
        ("exports-fetch-nothing", "downloads_resources", False, "an export fetches what tasks name", "CONVERTER_DOWNLOAD_RESOURCES=false"),
        ("analytics-are-off", "analytics", False, "it tells its maker how it is used", "COLLECT_ANALYTICS=false"),
        ("errors-stay-here", "error_reports", False, "errors are sent to sentry.io", "SENTRY_DSN= and FRONTEND_SENTRY_DSN="),
        ("versions-are-not-asked", "version_check", False, "it asks the index for newer versions", "LATEST_VERSION_CHECK=false"),
    )
)  # fmt: skip


def findings(url: str, readings: Mapping[str, Reading]) -> Iterator[Finding]:
    """A finding for each rule, in the order of the table."""
    for rule in RULES:
        read = readings.get(rule.reading, Reading(value=None))
        if read.value is None:
            words = read.words or "could not be read with this token; a superuser's personal access token reads it"
            yield Finding(subject=url, question=rule.question, state="unknown", found=words)
        elif read.value is rule.safe:
            yield Finding(subject=url, question=rule.question, state="good", found=read.words or "as it should be")
        else:
            yield Finding(subject=url, question=rule.question, state="bad", found=read.words or rule.otherwise, cure=rule.cure)
