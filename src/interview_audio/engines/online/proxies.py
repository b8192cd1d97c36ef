"""Through which proxy a service is reached: the setting, else the environment or the system's settings."""

import os
import urllib.parse
import urllib.request
from dataclasses import dataclass

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
