"""How loud everybody is, and by how much to change it: gated loudness (ITU-R BS.1770-4) of clips already measured."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from interview_audio.script.lines import Line
from interview_audio.synthesis.clips import Clip

SILENCE = -70.0
"""LUFS given to sound that has no block above the absolute gate."""
DUAL_MONO = 10 * math.log10(2)
"""A mono episode is heard from two loudspeakers: 3.01 LU more than a meter says that counts it once."""

_ABSOLUTE_GATE = -70.0
_RELATIVE_GATE = -10.0
_ENOUGH_SECONDS = 3.0

_SpeakerVoice = tuple[str, str]
"""A speaker and the voice of one of their languages: two voices of one person are seldom equally loud."""


@dataclass(frozen=True, slots=True)
class SpeakerLevel:
    """A speaker in one voice, over the whole episode."""

    speaker: str
    voice: str
    """``engine:name``."""
    seconds: float
    """Of sound, without pauses."""
    loudness: float
    """LUFS, mono counted once; of a speaker with too little sound to tell, what the others have."""
    gain: float
    """dB that make this speaker as loud as the quietest; never above 0."""


@dataclass(frozen=True, slots=True)
class Levels:
    """All gains of an episode, in dB."""

    speakers: tuple[SpeakerLevel, ...]
    """In order of appearance."""
    episode: float
    """Applied to all, after the speakers' own, to reach the target loudness before limiting."""

    def gain_of(self, line: Line) -> float:
        """Return the gain of a line's speaker in the line's voice."""
        speaker_voice = _speaker_voice(line)
        return next(level.gain for level in self.speakers if (level.speaker, level.voice) == speaker_voice)


def gated_loudness(momentary: Iterable[float]) -> float:
    """Compute integrated loudness, in LUFS, from momentary loudness each 100 ms.

    Returns `SILENCE` where nothing passes the absolute gate.
    """
    return gate(10 ** (np.fromiter(momentary, np.float64) / 10))


def gate(powers: NDArray[np.float64]) -> float:
    """Compute integrated loudness, in LUFS, from the powers of momentary loudness each 100 ms; as above."""
    heard = powers[powers > 10 ** (_ABSOLUTE_GATE / 10)]
    if not len(heard):
        return SILENCE
    loud = heard[heard > heard.mean() * 10 ** (_RELATIVE_GATE / 10)]
    return 10 * math.log10(loud.mean())


def set_levels(lines: Sequence[Line], clips: Sequence[Clip], target: float) -> Levels:
    """Make all speakers equally loud, and the episode as loud as asked.

    Args:
        lines: The script's lines.
        clips: One for each line, in the same order.
        target: Integrated loudness in LUFS, dual mono.
    """
    spoken: dict[_SpeakerVoice, list[Clip]] = {}
    for line, clip in zip(lines, clips, strict=True):
        spoken.setdefault(_speaker_voice(line), []).append(clip)
    loudness = _borrowed(spoken, {speaker_voice: _loudness_of(own) for speaker_voice, own in spoken.items()})
    quietest = min((level for level in loudness.values() if level > SILENCE), default=SILENCE)
    gains = {speaker_voice: min(quietest - level, 0.0) for speaker_voice, level in loudness.items()}
    episode = gated_loudness(
        momentary + gains[_speaker_voice(line)]
        for line, clip in zip(lines, clips, strict=True)
        for momentary in clip.loudness
    )
    speakers = tuple(
        SpeakerLevel(*speaker_voice, seconds=_seconds(own), loudness=loudness[speaker_voice], gain=gains[speaker_voice])
        for speaker_voice, own in spoken.items()
    )
    return Levels(speakers, target - DUAL_MONO - episode if episode > SILENCE else 0.0)


def _speaker_voice(line: Line) -> _SpeakerVoice:
    return line.speaker, str(line.voice)


def _seconds(clips: Sequence[Clip]) -> float:
    return math.fsum((clip.offset - clip.onset) / clip.sample_rate for clip in clips)


def _loudness_of(clips: Sequence[Clip]) -> float:
    return gated_loudness(momentary for clip in clips for momentary in clip.loudness)


def _borrowed(
    spoken: Mapping[_SpeakerVoice, Sequence[Clip]], loudness: Mapping[_SpeakerVoice, float]
) -> dict[_SpeakerVoice, float]:
    """Give those who speak too briefly to be measured the mean of the others of their engine."""
    lasting = {
        speaker_voice: loudness[speaker_voice]
        for speaker_voice, clips in spoken.items()
        if _seconds(clips) >= _ENOUGH_SECONDS and loudness[speaker_voice] > SILENCE
    }
    return {
        speaker_voice: lasting.get(speaker_voice, _mean_of_engine(speaker_voice, lasting, own))
        for speaker_voice, own in loudness.items()
    }


def _mean_of_engine(speaker_voice: _SpeakerVoice, lasting: Mapping[_SpeakerVoice, float], own: float) -> float:
    engine = speaker_voice[1].partition(":")[0]
    others = [level for (_, voice), level in lasting.items() if voice.partition(":")[0] == engine]
    return math.fsum(others) / len(others) if others and own > SILENCE else own
