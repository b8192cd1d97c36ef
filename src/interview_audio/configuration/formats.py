"""Which bit rates and sample rates each output format has, and what it gets where nothing is said."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from interview_audio.configuration.settings import Format

# ISO/IEC 11172-3 and 13818-3: Layer III bit rates (kbit/s) of MPEG-1 and, below 32 kHz, of MPEG-2.
_MPEG1 = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MPEG2 = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
# AAC-LC: at most 6144 bits a block of 1024 samples (ISO/IEC 14496-3), at least what a voice needs.
_AAC = {rate: range(24, min(256, rate * 6 // 1000) + 1) for rate in (16000, 22050, 24000, 32000, 44100, 48000)}


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
        {rate: _MPEG1 if rate >= 32000 else _MPEG2 for rate in (16000, 22050, 24000, 32000, 44100, 48000)}, 44100, 96
    ),
    "m4b": FormatLimits(_AAC, 44100, 80),
    "m4a": FormatLimits(_AAC, 44100, 80),
    # Every Opus decoder gives 48 kHz, whatever went in (RFC 7845).
    "opus": FormatLimits({48000: range(12, 257)}, 48000, 48),
    "flac": FormatLimits(dict.fromkeys((16000, 22050, 24000, 32000, 44100, 48000), ()), 44100, 0),
}
