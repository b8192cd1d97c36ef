"""The way to a service: its proxy, and what aiohttp's errors mean for a request (another attempt, or an outage)."""

import contextlib
import os
import ssl
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import aiohttp

from interview_audio.engines.online.retries import RUN_AGAIN_LATER, FailureKind, TransientError, incomplete_answer_error
from interview_audio.errors import OutageError

_THROTTLING_STATUSES = frozenset((408, 429, 500, 502, 503, 504))
_REFUSING_STATUSES = frozenset((401, 403))
_MAX_STATED_SECONDS = 1e9
"""A header with more digits than that is not a finite number."""
_MAX_ERROR_CHARS = 80


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy and who named it."""

    url: str
    source: str
    """A key of ``voices.yaml`` or a variable of the environment."""

    def __str__(self) -> str:
        """Return host and port, without the name and password that the address may hold."""
        parts = urllib.parse.urlsplit(self.url)
        return f"{parts.hostname}:{parts.port} ({self.source})" if parts.port else f"{parts.hostname} ({self.source})"


def find_proxy(host: str, setting: str | None, key: str, schemes: tuple[str, ...]) -> Proxy | None:
    """Find the proxy for a host: the setting, else the environment or the system's settings.

    Args:
        host: Of the service; ``NO_PROXY`` and its like may except it, though not from the setting.
        setting: A proxy's address from ``voices.yaml``, which wins.
        key: What that setting is called there, for messages.
        schemes: Which variables count, in this order: ``https`` for ``HTTPS_PROXY``.

    Returns:
        None for a direct connection.

    Raises:
        OutageError: The proxy's address is not an address, or of a kind that cannot be used.
    """
    if setting is not None:
        return _proxy(setting, key, key)
    named = urllib.request.getproxies()
    scheme = next((scheme for scheme in schemes if named.get(scheme)), None)
    if scheme is None or urllib.request.proxy_bypass(host):
        return None
    variable = f"{scheme.upper()}_PROXY"
    in_environment = {variable, variable.lower()} & os.environ.keys()
    return _proxy(named[scheme], variable if in_environment else f"the system's proxy for {scheme}", key)


def _proxy(address: str, source: str, key: str) -> Proxy:
    url = address if "://" in address else f"http://{address}"
    scheme = url.partition("://")[0].lower()
    if scheme != "http":
        raise OutageError(
            f"{source} names a {scheme} proxy, but only HTTP proxies can be used",
            f"set {key} in voices.yaml to an address like http://127.0.0.1:8080 (most such proxies offer one)",
        )
    try:
        parts = urllib.parse.urlsplit(url)
        is_address = bool(parts.hostname)
        _ = parts.port  # raises ValueError if it is not a number
    except ValueError:  # that, or an unmatched bracket
        is_address = False
    if not is_address:
        raise OutageError(f"{source} is not a proxy address", f"set {key} to an address like http://127.0.0.1:8080")
    return Proxy(url, source)


@dataclass(frozen=True, slots=True)
class Route:
    """Where requests go, and what to advise when they are refused."""

    service: str
    """The engine's name."""
    host: str
    proxy: Proxy | None
    refused: Callable[[], str]
    """Returns what to do when the service refuses who asks (401, 403)."""
    outdated: str
    """What to do when the service is not what the client knows."""


def translate_error(error: aiohttp.ClientError | OSError, route: Route) -> TransientError | OutageError:
    """Return the error to raise instead of one of aiohttp's.

    Args:
        error: What aiohttp or the operating system raised.
        route: Where the request went.
    """
    match error:
        case aiohttp.InvalidURL():  # whose text may hold the password of a proxy
            return OutageError("the address of the server or proxy is not valid", "correct it in the settings")
        case aiohttp.ClientHttpProxyError():
            return _proxy_error(error, route)
        case aiohttp.ClientResponseError():
            return _status_error(error, route)
        case aiohttp.ClientConnectorCertificateError() | ssl.SSLCertVerificationError():
            return OutageError(
                f"the certificate of {route.host} is not valid ({_certificate_reason(error)})",
                "check the clock; if a virus scanner or firewall inspects connections, exempt this host",
            )
        case aiohttp.ClientProxyConnectionError():
            reason = f"the proxy {route.proxy} cannot be reached"
            return TransientError(FailureKind.UNREACHABLE, reason, "start it, or change the proxy setting")
        case aiohttp.ClientConnectorDNSError():
            reason = f"the host {route.host} was not found"
            return TransientError(FailureKind.UNREACHABLE, reason, f"check the internet connection{_through(route)}")
        case aiohttp.ClientConnectorError() if isinstance(error.os_error, ConnectionRefusedError):
            reason = f"{route.host} refused the connection"
            return TransientError(
                FailureKind.UNREACHABLE, reason, "check that the server is running and no firewall blocks it"
            )
        case aiohttp.ClientConnectorError() | aiohttp.ServerTimeoutError():
            reason = f"{route.host} cannot be reached ({_short(error)})"
            return TransientError(FailureKind.UNREACHABLE, reason, f"check the connection{_through(route)}")
        case _:
            return incomplete_answer_error(f"the connection to {route.host} was lost ({_short(error)})")


def _status_error(error: aiohttp.ClientResponseError, route: Route) -> TransientError | OutageError:
    answered = f"{route.host} answered {error.status}"
    if error.status in _THROTTLING_STATUSES:
        what = "too many requests" if error.status == 429 else "unavailable at the moment"
        return TransientError(
            FailureKind.THROTTLED, f"{answered} ({what})", RUN_AGAIN_LATER, parse_retry_after(error.headers or {})
        )
    if error.status in _REFUSING_STATUSES:
        return OutageError(f"{route.host} refused the request ({error.status})", route.refused())
    return OutageError(answered, route.outdated)


def _proxy_error(error: aiohttp.ClientHttpProxyError, route: Route) -> TransientError | OutageError:
    reason = f"the proxy {route.proxy} answered {error.status}"
    if error.status in _THROTTLING_STATUSES:
        return TransientError(FailureKind.UNREACHABLE, reason, f"check that the proxy can reach {route.host}")
    remedy = "add the user name and password to its address" if error.status == 407 else f"allow {route.host} there"
    return OutageError(reason, remedy)


def parse_retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that ``Retry-After`` asks for: a number, or a date after ``Date`` (RFC 9110, 10.2.3)."""
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return min(float(value), _MAX_STATED_SECONDS)
    with contextlib.suppress(ValueError, TypeError):
        until, now = parsedate_to_datetime(value), parsedate_to_datetime(headers.get("Date", ""))
        return max(0.0, (until - now).total_seconds())
    return None


def _certificate_reason(error: aiohttp.ClientError | OSError) -> str:
    inner = error.certificate_error if isinstance(error, aiohttp.ClientConnectorCertificateError) else error
    return getattr(inner, "verify_message", "") or _short(error)


def _short(error: Exception) -> str:
    """Return an error in a few words, on one line."""
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return " ".join(str(text).split())[:_MAX_ERROR_CHARS]


def _through(route: Route) -> str:
    return f" and the proxy {route.proxy}" if route.proxy else ""
