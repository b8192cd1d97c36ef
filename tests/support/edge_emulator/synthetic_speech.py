"""Deterministic stand-in for synthesized speech: MP3 tones and boundary events.

The tone's frequency depends on the voice and its length on the text and the rate, so
equal requests give equal bytes. The MP3 has the service's format (48 kbit/s constant,
24 kHz, mono) and its leading and trailing silence.
"""

import re
import zlib
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from xml.sax.saxutils import escape

import av
import numpy as np

SAMPLE_RATE = 24_000
BYTES_PER_SECOND = 6_000  # 48 kbit/s
TICKS_PER_SECOND = 10_000_000  # boundary times are in units of 100 ns
MAX_TURN_SECONDS = 600  # the service cuts a turn at ten minutes
LEADING_SILENCE, TRAILING_SILENCE = 0.175, 0.8  # seconds
WORD = re.compile(r"[\u2e80-\U0002ffff]|[^\s\u2e80-\U0002ffff]+")
SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]*")


def speech_seconds(text: str, rate: str = "+0%") -> float:
    """Length of the speech: 0.2 s per CJK character, 0.06 s per other character."""
    seconds = sum(0.2 if ord(char) > 0x2E7F else 0.06 for char in text)
    return seconds / max(0.1, 1 + int(rate.rstrip("%")) / 100)


def speakable(text: str, voice: str) -> bool:
    """Whether the voice finds something to say: English-only voices skip other scripts."""
    ascii_only = voice.startswith("en-") and "Multilingual" not in voice
    return any(char.isalnum() and (char.isascii() or not ascii_only) for char in text)


@lru_cache(maxsize=128)
def synthesize(text: str, voice: str, rate: str = "+0%", sounding: float = 1.0) -> bytes:
    """Encode silence, a tone as long as the speech, of which a part sounds, and silence."""
    period = SAMPLE_RATE // (120 + zlib.crc32(voice.encode()) % 280)
    wave = np.round(9000 * np.sin(2 * np.pi * np.arange(period) / period)).astype(np.int16)
    tone = np.tile(wave, max(1, round(speech_seconds(text, rate) * SAMPLE_RATE / period)))
    tone[round(len(tone) * sounding) :] = 0
    edges = (round(LEADING_SILENCE * SAMPLE_RATE), round(TRAILING_SILENCE * SAMPLE_RATE))
    return encode(np.pad(tone, edges))[: MAX_TURN_SECONDS * BYTES_PER_SECOND]


def encode(samples: np.ndarray) -> bytes:
    """Bare frames of 144 bytes, without a header of the file, as the service sends them."""
    encoder = av.CodecContext.create("libmp3lame", "w")
    encoder.sample_rate, encoder.layout, encoder.format, encoder.bit_rate = SAMPLE_RATE, "mono", "s16p", 48_000
    encoder.time_base = Fraction(1, SAMPLE_RATE)
    encoder.options = {"compression_level": "7"}
    encoder.open()
    packets = []
    for start in range(0, len(samples), encoder.frame_size):
        piece = np.ascontiguousarray(samples[np.newaxis, start : start + encoder.frame_size])
        frame = av.AudioFrame.from_ndarray(piece, format="s16p", layout="mono")
        frame.sample_rate, frame.pts = SAMPLE_RATE, start
        packets += encoder.encode(frame)
    return b"".join(bytes(packet) for packet in [*packets, *encoder.encode(None)])


def boundaries(text: str, kind: str, rate: str = "+0%") -> Iterator[dict[str, object]]:
    """Boundary events; ``kind`` is ``WordBoundary`` or ``SentenceBoundary``."""
    for match in (WORD if kind == "WordBoundary" else SENTENCE).finditer(text):
        spoken = match[0].strip()
        if not any(map(str.isalnum, spoken)):
            continue
        start = LEADING_SILENCE + speech_seconds(text[: match.start()], rate)
        yield {
            "Type": kind,
            "Data": {
                "Offset": int(start * TICKS_PER_SECOND),
                "Duration": int(speech_seconds(spoken, rate) * TICKS_PER_SECOND),
                "text": {"Text": escape(spoken), "Length": len(spoken), "BoundaryType": kind},
            },
        }
