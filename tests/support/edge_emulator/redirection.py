"""Points the client, which stays as it is, at an emulator: two constants, and a reset of what it keeps."""

from edge_tts.drm import DRM

from .emulator import EdgeEmulator

PROXY_VARIABLES = [f"{scheme}_proxy" for scheme in ("http", "https", "ws", "wss", "all", "no")]


def redirect(monkeypatch, emulator: EdgeEmulator) -> None:
    """For the duration of a test."""
    without_proxies(monkeypatch)
    monkeypatch.setattr(DRM, "clock_skew_seconds", 0.0)
    monkeypatch.setattr("edge_tts.communicate.WSS_URL", emulator.websocket_url)
    monkeypatch.setattr("edge_tts.voices.VOICE_LIST", emulator.voice_list_url)


def without_proxies(monkeypatch) -> None:
    """Whatever this machine's environment says."""
    for variable in PROXY_VARIABLES:
        monkeypatch.delenv(variable, raising=False)
        monkeypatch.delenv(variable.upper(), raising=False)
