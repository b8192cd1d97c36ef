"""Which bit rates and sample rates each output format has, and what it gets where nothing is said."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from interview_audio.configuration.settings import Format

MPEG1_BITRATES = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
"""kbit/s of Layer III from 32 kHz up (ISO/IEC 11172-3), by their index in a frame's header less one."""
MPEG2_BITRATES = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
"""The same below 32 kHz (ISO/IEC 13818-3)."""
# AAC-LC: at most 6144 bits a block of 1024 samples (ISO/IEC 14496-3); at least what FFmpeg's encoder needs so as not to
# change how loud the sound is.
_AAC = {
    rate: range(32 if rate < 32000 else 48, min(256, rate * 6 // 1000) + 1)
    for rate in (16000, 22050, 24000, 32000, 44100, 48000)
}


@dataclass(frozen=True, slots=True)
class FormatLimits:
    """What a format can be asked for."""

    bitrates: Mapping[int, Collection[int]]
    """Sample rate in Hz to bit rates in kbit/s; none where the format has no bit rate."""
    sample_rate: int
    """Where the settings name none."""
    bitrate: int
    """Where the settings name none; 0 for a format that has none."""


LIMITS: Mapping[Format, FormatLimits] = {
    "mp3": FormatLimits(
        {
            rate: MPEG1_BITRATES if rate >= 32000 else MPEG2_BITRATES
            for rate in (16000, 22050, 24000, 32000, 44100, 48000)
        },
        44100,
        96,
    ),
    "m4b": FormatLimits(_AAC, 44100, 96),
    "m4a": FormatLimits(_AAC, 44100, 96),
    # Every Opus decoder gives 48 kHz, whatever went in (RFC 7845).
    "opus": FormatLimits({48000: range(12, 257)}, 48000, 48),
    "flac": FormatLimits(dict.fromkeys((16000, 22050, 24000, 32000, 44100, 48000), ()), 44100, 0),
}
