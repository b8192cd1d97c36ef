"""Maps production's values to the plain data of an episode's record, and that to what the next render starts from."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field
from typing import TYPE_CHECKING

from interview_audio.engines.protocol import Stretch
from interview_audio.files.episode_record import (
    EpisodeRecord,
    Fingerprint,
    PreviewRecord,
    RecordedAbout,
    RecordedChapter,
    RecordedFile,
    RecordedGain,
    RecordedLevels,
    RecordedLine,
    RecordedMember,
    RecordedMusic,
    RecordedSource,
    RecordedSpeech,
    RecordedStretch,
    RecordedVoice,
    SkippedTurn,
)
from interview_audio.production.loudness import Levels, SpeakerLevel
from interview_audio.production.timeline import MusicPlacement, Placement, Timeline, chapter_marks
from interview_audio.script.lines import NARRATOR, CastMember, Script, Voice, displayed_names, shown_names
from interview_audio.script.rules import Replacement
from interview_audio.script.takes import MOST_TAKES, SpokenLine
from interview_audio.synthesis.clips import ClipSpec

if TYPE_CHECKING:
    from interview_audio.production.mastering import Mastering  # it loads pydub, which `plan` does not need


@dataclass(frozen=True, slots=True)
class ProductionResult:
    """What production decided, and what the decoded episode measures."""

    timeline: Timeline
    levels: Levels
    target: float
    """LUFS that were asked for, dual mono."""
    mastering: "Mastering"
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """What the caller knows of an episode."""

    fingerprint: Fingerprint
    skipped: Sequence[SkippedTurn] = ()
    specs: Sequence[ClipSpec] = ()
    """Of each line, in order; none where nobody will ask for them."""
    source: RecordedSource | None = None
    """None if it is not known."""
    about: RecordedAbout = field(default_factory=RecordedAbout)


def episode_record(
    script: Script,
    production: ProductionResult,
    origin: Origin,
    files: Sequence[RecordedFile],
    earlier: Mapping[str, str],
) -> EpisodeRecord:
    """Return the record of an episode.

    Args:
        script: With the cast.
        production: Timeline, gains and measurements.
        origin: What the caller adds.
        files: All files of the episode but the record, the sound last.
        earlier: SHA-256 by name of files that an earlier render wrote and this one leaves as they are.
    """
    timeline = production.timeline
    people = ((member.speaker, member.role) for member in script.cast if member.speaker != NARRATOR)
    displayed = displayed_names(script.cast)
    shown = displayed | shown_names(people, script.language, displayed)
    return EpisodeRecord(
        title=script.title,
        language=script.language,
        duration=timeline.seconds(timeline.length),
        fingerprint=origin.fingerprint,
        source=origin.source,
        cast=tuple(_recorded_member(member, shown.get(member.speaker, "")) for member in script.cast),
        levels=_recorded_levels(production),
        music=tuple(_recorded_music(placed, timeline) for placed in timeline.music),
        chapters=tuple(
            RecordedChapter(
                chapter.title,
                timeline.seconds(chapter.start),
                timeline.seconds(chapter.end),
                mark.image,
                mark.link,
            )
            for chapter, mark in zip(timeline.chapters, chapter_marks(timeline), strict=True)
        ),
        skipped=tuple(origin.skipped),
        warnings=production.warnings,
        files=tuple(files),
        earlier=earlier,
        lines=_recorded_lines(timeline, origin.specs),
        about=origin.about,
    )


def preview_record(script: Script, source: RecordedSource | None, files: Sequence[RecordedFile]) -> PreviewRecord:
    """Return the record of a preview."""
    voices = {member.speaker: {language: str(voice) for language, voice in member.voices} for member in script.cast}
    return PreviewRecord(source, voices, [(line.speaker, line.text) for line in script.lines], files)


def _recorded_member(member: CastMember, shown: str) -> RecordedMember:
    voices = tuple(RecordedVoice(language, str(voice), voice.rate, voice.pitch) for language, voice in member.voices)
    return RecordedMember(member.speaker, member.role, voices, member.reason, shown)


def _recorded_levels(production: ProductionResult) -> RecordedLevels:
    mastering = production.mastering
    return RecordedLevels(
        gain=round(mastering.gain, 2),
        ceiling=round(mastering.ceiling, 2),
        speakers=tuple(map(_recorded_gain, production.levels.speakers)),
        target=production.target,
        integrated=round(mastering.loudness.integrated, 2),
        true_peak=round(mastering.loudness.true_peak, 2),
        encodings=mastering.encodings,
    )


def _recorded_gain(level: SpeakerLevel) -> RecordedGain:
    return RecordedGain(
        level.speaker, level.voice, round(level.seconds, 2), round(level.loudness, 2), round(level.gain, 2)
    )


def _recorded_music(placed: MusicPlacement, timeline: Timeline) -> RecordedMusic:
    return RecordedMusic(
        placed.kind,
        placed.piece.music.file,
        timeline.seconds(placed.start),
        timeline.seconds(placed.end),
        round(placed.piece.loudness, 2),
    )


def _recorded_lines(timeline: Timeline, specs: Sequence[ClipSpec]) -> tuple[RecordedLine, ...]:
    if not specs:
        return ()
    return tuple(
        _recorded_line(timeline, placed, spec) for placed, spec in zip(timeline.placements, specs, strict=True)
    )


def _recorded_line(timeline: Timeline, placed: Placement, spec: ClipSpec) -> RecordedLine:
    line = placed.line
    return RecordedLine(
        turn=line.turn + 1,
        line=line.source_line,
        speaker=line.speaker,
        start=timeline.milliseconds(placed.start),
        end=timeline.milliseconds(placed.end),
        speech=RecordedSpeech(spec.engine, spec.identity, spec.voice, spec.rate, spec.language, spec.pitch),
        text=spec.text,
        pronunciations=dict(spec.pronunciations),
        replaced=spec.replaced,
        names=spec.names,
        stretches=tuple(RecordedStretch(*astuple(stretch)) for stretch in spec.stretches),
        take=spec.take,
        takes=line.takes,
        rate=spec.spoken_rate,
    )


@dataclass(frozen=True, slots=True)
class LastRender:
    """What is known of the last render; nothing where there was none, or where somebody has damaged its record."""

    cast: tuple[CastMember, ...] = ()
    spoken: tuple[SpokenLine, ...] = ()
    specs: tuple[ClipSpec, ...] = ()
    """Of each line in ``spoken``."""


def last_render(record: EpisodeRecord) -> LastRender:
    """Return the cast and the lines with which the next render starts."""
    if any(line.takes > MOST_TAKES for line in record.lines):  # no render writes that
        return LastRender()
    return LastRender(
        tuple(map(_member, record.cast)), tuple(map(_spoken, record.lines)), tuple(map(_spec, record.lines))
    )


def _member(member: RecordedMember) -> CastMember:
    voices = tuple((voice.language, _voice(voice)) for voice in member.voices)
    return CastMember(member.speaker, member.role, voices, member.reason)


def _voice(recorded: RecordedVoice) -> Voice:
    engine, _, name = recorded.name.partition(":")
    return Voice(engine, name, recorded.rate, recorded.pitch)


def _spoken(line: RecordedLine) -> SpokenLine:
    return SpokenLine(
        speaker=line.speaker,
        turn=line.turn - 1,
        source_line=line.line,
        text=line.text,
        start=line.start,
        end=line.end,
        take=line.take,
        takes=line.takes,
    )


def _spec(line: RecordedLine) -> ClipSpec:
    speech = line.speech
    return ClipSpec(
        engine=speech.engine,
        identity=speech.identity,
        voice=speech.voice,
        rate=speech.rate,
        language=speech.language,
        text=line.text,
        pronunciations=tuple(sorted(line.pronunciations.items())),
        replaced=tuple(Replacement(*one) for one in line.replaced),
        names=line.names,
        take=line.take,
        pitch=speech.pitch,
        stretches=tuple(Stretch(*stretch) for stretch in line.stretches),
    )
