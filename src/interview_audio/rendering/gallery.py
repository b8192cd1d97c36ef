"""The gallery of voices: one HTML file with the sound of each, which asks nothing of the network."""

import base64
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from interview_audio.configuration.settings import Sound
from interview_audio.production.containers.mp3 import encoded_mp3
from interview_audio.rendering.audition import Heard
from interview_audio.text.html_pages import filled, json_in_script, policy_hash

_BARS = 120
"""Of a waveform: as many as a card is wide enough to show."""
_BIT_RATE = 48
"""Of a sample's MP3, in kbit/s; at 24 kHz, mono, nobody hears a difference."""


@dataclass(frozen=True, slots=True)
class GalleryVoice:
    """A voice as the gallery shows it."""

    name: str
    language: str
    gender: str
    description: str
    yaml: str
    """The line of ``voices.yaml`` that chooses it."""
    used: str = ""
    """Who has it by the settings: ``voice of the host``, ``voice of Sam Reed``."""
    recommended: bool = False
    clarity: float | None = None
    """Percent of words or characters that a speech recogniser hears right."""
    quality: float | None = None
    """DNSMOS, 1 to 5."""
    pitch: float | None = None
    """Hz, median."""


def gallery_page(voices: Sequence[tuple[GalleryVoice, Heard]], about: str) -> str:
    """Return the page; whoever opens it needs no other file, and it makes no request.

    Args:
        voices: Each with what it says, in the order in which they are shown.
        about: A line below the heading.
    """
    data = {
        "about": about,
        "languages": sorted({voice.language for voice, _ in voices}),
        "voices": [_entry(voice, heard) for voice, heard in voices],
    }
    style, script = _part("css"), _part("js")
    parts = {
        "STYLE_HASH": policy_hash(style),
        "SCRIPT_HASH": policy_hash(script),
        "STYLE": style,
        "SCRIPT": script,
        "DATA": json_in_script(data),
    }
    return filled(_part("html"), parts)


def _part(suffix: str) -> str:
    return resources.files(__package__).joinpath(f"gallery.{suffix}").read_text("utf-8")


def _entry(voice: GalleryVoice, heard: Heard) -> dict[str, object]:
    samples = heard.samples.astype(np.float32) / np.float32(32768)
    sound = Sound(sample_rate=heard.sample_rate, bitrate=_BIT_RATE)
    audio = base64.b64encode(encoded_mp3(samples, sound)).decode()
    return {
        **asdict(voice),
        "seconds": round(heard.seconds, 2),
        "peaks": _peaks(heard.samples),
        "audio": f"data:audio/mpeg;base64,{audio}",
    }


def _peaks(samples: NDArray[np.int16]) -> list[int]:
    """Return the height of each bar of the waveform, 2 to 100."""
    levels = [float(np.abs(part.astype(np.float32)).max(initial=0)) for part in np.array_split(samples, _BARS)]
    highest = max(levels) or 1.0
    return [max(2, round(100 * level / highest)) for level in levels]
