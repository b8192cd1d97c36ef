"""Writes captions as WebVTT with voices, the one caption format from which Apple Podcasts takes the speakers."""

from collections.abc import Sequence

from interview_audio.production.text.cues import Cue
from interview_audio.production.timeline import Timeline
from interview_audio.script.lines import NARRATOR

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
# AntennaPod reads no speaker from a name with these, escaped or not.
_LOOKALIKES = str.maketrans({"&": "＆", "<": "‹", ">": "›"})
_NARRATORS = {"zh": "旁白"}


def format_captions(cues: Sequence[Cue], timeline: Timeline, language: str) -> str:
    """The ``.vtt`` of an episode.

    Args:
        cues: In order.
        timeline: Theirs; it turns samples into time.
        language: Of the episode, for the name of the narrator.
    """
    blocks = ["WEBVTT\n"]
    earliest = 0
    for cue in cues:
        start = max(timeline.milliseconds(cue.start), earliest)
        end = max(timeline.milliseconds(cue.end), start + 1)
        text = "\n".join(line.translate(_ESCAPES) for line in cue.lines)
        blocks.append(f"{_clock(start)} --> {_clock(end)}\n<v {_voice(cue.speaker, language)}>{text}\n")
        earliest = end
    return "\n".join(blocks)


def _voice(speaker: str, language: str) -> str:
    if speaker == NARRATOR:
        return _NARRATORS.get(language.partition("-")[0], "Narrator")
    return " ".join(speaker.translate(_LOOKALIKES).split())


def _clock(milliseconds: int) -> str:
    seconds, thousandths = divmod(milliseconds, 1000)
    minutes, second = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{second:02}.{thousandths:03}"
