"""Through which proxy a service is reached: the setting, else the environment or the system's settings.

What aiohttp's errors mean for a request to a service: another attempt, or an outage with its remedy.
"""

import contextlib
import os
import ssl
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import aiohttp

from interview_audio.engines.online.retries import LATER, SetbackError, Trouble, broken
from interview_audio.errors import OutageError


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy and who named it."""

    url: str
    source: str
    """A key of ``voices.yaml`` or a variable of the environment."""

    def __str__(self) -> str:
        """Without the name and password that it may hold."""
        parts = urllib.parse.urlsplit(self.url)
        return f"{parts.hostname}:{parts.port} ({self.source})" if parts.port else f"{parts.hostname} ({self.source})"


def find_proxy(host: str, setting: str | None, key: str, schemes: tuple[str, ...]) -> Proxy | None:
    """The proxy for a host; None for a direct connection.

    Args:
        host: Of the service; ``NO_PROXY`` and its like may except it, though not from the setting.
        setting: A proxy's address from ``voices.yaml``, which wins.
        key: What that is called there, for messages.
        schemes: Which variables count, in this order: ``https`` for ``HTTPS_PROXY``.

    Raises:
        OutageError: The proxy's address is none, or of a kind that cannot be used.
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
        is_address = bool(parts.hostname) and parts.port is not False
    except ValueError:  # a port that is none, or a bracket too many
        is_address = False
    if not is_address:
        raise OutageError(f"{source} is not a proxy address", f"set {key} to an address like http://127.0.0.1:8080")
    return Proxy(url, source)


_THROTTLING = frozenset((408, 429, 500, 502, 503, 504))
_REFUSING = frozenset((401, 403))
_ENDLESS = 1e9
"""Seconds; with more digits a number is not finite."""


@dataclass(frozen=True, slots=True)
class Route:
    """Where requests go."""

    service: str
    """The engine's name."""
    host: str
    proxy: Proxy | None
    refused: Callable[[], str]
    """Says what to do where the service refuses who asks (401, 403)."""
    outdated: str
    """What to do where the service is not what the client knows."""


def meaning(error: aiohttp.ClientError | OSError, route: Route) -> SetbackError | OutageError:
    """The error to raise instead.

    Args:
        error: What aiohttp or the operating system raised.
        route: Where the request went.
    """
    match error:
        case aiohttp.InvalidURL():  # whose text may hold the password of a proxy
            return OutageError("the address of the server or proxy is not valid", "correct it in the settings")
        case aiohttp.ClientHttpProxyError():
            return _refused_by_proxy(error, route)
        case aiohttp.ClientResponseError():
            return _answered(error, route)
        case aiohttp.ClientConnectorCertificateError() | ssl.SSLCertVerificationError():
            return OutageError(
                f"the certificate of {route.host} is not valid ({_certificate_reason(error)})",
                "check the clock; if a virus scanner or firewall inspects connections, exempt this host",
            )
        case aiohttp.ClientProxyConnectionError():
            reason = f"the proxy {route.proxy} cannot be reached"
            return SetbackError(Trouble.NETWORK, reason, "start it, or change the proxy setting")
        case aiohttp.ClientConnectorDNSError():
            reason = f"the host {route.host} was not found"
            return SetbackError(Trouble.NETWORK, reason, f"check the internet connection{_through(route)}")
        case aiohttp.ClientConnectorError() if isinstance(error.os_error, ConnectionRefusedError):
            reason = f"{route.host} refused the connection"
            return SetbackError(Trouble.NETWORK, reason, "check that the server is running and no firewall blocks it")
        case aiohttp.ClientConnectorError() | aiohttp.ServerTimeoutError():
            reason = f"{route.host} cannot be reached ({_short(error)})"
            return SetbackError(Trouble.NETWORK, reason, f"check the connection{_through(route)}")
        case _:
            return broken(f"the connection to {route.host} was lost ({_short(error)})")


def _answered(error: aiohttp.ClientResponseError, route: Route) -> SetbackError | OutageError:
    answered = f"{route.host} answered {error.status}"
    if error.status in _THROTTLING:
        what = "too many requests" if error.status == 429 else "unavailable at the moment"
        return SetbackError(Trouble.THROTTLED, f"{answered} ({what})", LATER, retry_after(error.headers or {}))
    if error.status in _REFUSING:
        return OutageError(f"{route.host} refused the request ({error.status})", route.refused())
    return OutageError(answered, route.outdated)


def _refused_by_proxy(error: aiohttp.ClientHttpProxyError, route: Route) -> SetbackError | OutageError:
    reason = f"the proxy {route.proxy} answered {error.status}"
    if error.status in _THROTTLING:
        return SetbackError(Trouble.NETWORK, reason, f"check that the proxy can reach {route.host}")
    remedy = "add the user name and password to its address" if error.status == 407 else f"allow {route.host} there"
    return OutageError(reason, remedy)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that a ``Retry-After`` header asks for (RFC 9110, 10.2.3): a number, or a date after ``Date``."""
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return min(float(value), _ENDLESS)
    with contextlib.suppress(ValueError, TypeError):
        until, now = parsedate_to_datetime(value), parsedate_to_datetime(headers.get("Date", ""))
        return max(0.0, (until - now).total_seconds())
    return None


def _certificate_reason(error: aiohttp.ClientError | OSError) -> str:
    inner = error.certificate_error if isinstance(error, aiohttp.ClientConnectorCertificateError) else error
    return getattr(inner, "verify_message", "") or _short(error)


def _short(error: Exception) -> str:
    """The error in a few words, on one line."""
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return " ".join(str(text).split())[:80]


def _through(route: Route) -> str:
    return f" and the proxy {route.proxy}" if route.proxy else ""
