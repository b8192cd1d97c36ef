"""The text files of an episode: which there are, what they are called, and what each is made of."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from interview_audio.configuration.settings import Captions
from interview_audio.production.text.chapters_json import format_chapters
from interview_audio.production.text.cues import make_cues
from interview_audio.production.text.webvtt import format_captions
from interview_audio.production.timeline import Timeline
from interview_audio.script.lines import Script


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an episode beside its script and timeline."""

    artists: tuple[str, ...]
    show: str | None
    """The podcast's name."""
    date: datetime.date | None
    """Of the interview, where the source has one."""


def format_companions(script: Script, timeline: Timeline, captions: Captions, facts: Facts) -> Mapping[str, str]:
    """Suffix to content of every text file that lies beside the sound.

    Raises:
        StoreError: The words of a clip cannot be read.
    """
    cues = make_cues(timeline)
    return {
        ".chapters.json": format_chapters(script.title, timeline),
        ".vtt": format_captions(cues, timeline, script.language),
    }
