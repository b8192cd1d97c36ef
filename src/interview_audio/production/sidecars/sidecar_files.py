"""The text files of an episode: which there are, what they are called, and what each is made of."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from interview_audio.configuration.settings import Captions
from interview_audio.production.sidecars.captions import caption_names, make_cues
from interview_audio.production.sidecars.chapter_lists import format_chapters_json, format_podlove
from interview_audio.production.sidecars.show_notes import format_show_notes
from interview_audio.production.sidecars.subtitles import format_srt, format_transcript_json, format_webvtt
from interview_audio.production.timeline import Timeline, chapter_marks
from interview_audio.script.lines import Script


@dataclass(frozen=True, slots=True)
class EpisodeDetails:
    """What is known of an episode beside its script and timeline."""

    artists: tuple[str, ...]
    show: str | None
    """The podcast's name."""
    date: datetime.date | None
    """Of the interview, where the source has one."""


def format_sidecars(script: Script, timeline: Timeline, captions: Captions, facts: EpisodeDetails) -> Mapping[str, str]:
    """Give suffix and content of every text file that lies beside the sound: those of ``SIDECAR_SUFFIXES``.

    Raises:
        StoreError: The words of a clip cannot be read.
    """
    names = caption_names(((member.speaker, member.role) for member in script.cast), script.language)
    cues = make_cues(timeline, names)
    marks = chapter_marks(timeline)
    return {
        ".chapters.json": format_chapters_json(marks, script.title, facts.artists, facts.show),
        ".psc.xml": format_podlove(marks),
        ".vtt": format_webvtt(cues, timeline, script.language, words=captions.words),
        ".srt": format_srt(cues, timeline),
        ".transcript.json": format_transcript_json(cues, timeline),
        ".md": format_show_notes(script, marks, facts.artists, facts.date),
    }
