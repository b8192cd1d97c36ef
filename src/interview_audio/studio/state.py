"""What a page shows, as plain data for JSON: the transcript, the cast, the settings, what a render costs."""

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

from interview_audio.configuration.languages import language_name
from interview_audio.configuration.lookup import DEFAULT_NAME, packaged_schema
from interview_audio.configuration.settings import Music, Place, Said, Settings
from interview_audio.engines.protocol import fits
from interview_audio.engines.registry import engine_names
from interview_audio.errors import InterviewAudioError, SourceError
from interview_audio.files.episode_record import RECORD_SUFFIX, EpisodeRecord
from interview_audio.rendering.job import RenderJob
from interview_audio.rendering.plan import plan_render
from interview_audio.rendering.render import why_skipped
from interview_audio.rendering.up_to_date import is_up_to_date
from interview_audio.script.building import spoken_turns
from interview_audio.script.casting import hard_to_tell_apart
from interview_audio.script.lines import NARRATOR, CastMember, Line, Voice, displayed_names, shown_names
from interview_audio.studio.edits import entry_name, written_text
from interview_audio.studio.project import Project, Snapshot
from interview_audio.studio.sounds import HeardClips
from interview_audio.synthesis.clips import Clip

_GROUPS = ("pauses", "chapters", "read", "sound", "show")
"""Settings that the page shows."""
Data = dict[str, Any]


def state_of(project: Project, clips: HeardClips, task: Data | None) -> Data:
    """Return everything that a page shows of a project.

    Args:
        project: As its files are.
        clips: Which lines have sound.
        task: What goes on in the background.
    """
    snapshot = project.snapshot
    job = snapshot.job
    return {
        "version": snapshot.version,
        "title": job.transcript.title,
        "language": job.transcript.language,
        "source": project.source.name,
        "command": command_of(project),
        "script_file": project.script_path.name if project.has_script else None,
        "settings_file": project.settings_path.name if project.settings_path.is_file() else None,
        "engine": job.engine.name,
        "engines": list(engine_names()),
        "error": _error(project.error),
        "warnings": [*project.doubts(), *job.warnings],
        "people": list(_people(snapshot)),
        "turns": list(_turns(snapshot)),
        "lines": dict(_lines(snapshot, clips.find(job), project.takes)),
        "settings": _settings(project),
        "pronunciations": _pronunciations(job.settings, job.engine.name),
        "distinctness": list(_alike(job)),
        "can_undo": project.can_undo,
        "can_redo": project.can_redo,
        "task": task,
    }


def command_of(project: Project) -> str:
    """Return the command that renders the same bytes."""
    options = project.options
    chosen = {
        "--engine": options.engine,
        "--voices": options.voices,
        "-o": options.output if str(options.output) != "output" else None,
        "--store": options.store,
    }
    words = [word for name, value in chosen.items() if value is not None for word in (name, str(value))]
    path = (project.script_path if project.has_script else project.source).absolute()
    source = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    return shlex.join(["interview-audio", "render", str(source), *words])


def _error(error: InterviewAudioError | None) -> Data | None:
    if error is None:
        return None
    place = {name: getattr(error, name, None) or None for name in ("path", "line", "column")}
    message = error.message if isinstance(error, SourceError) else getattr(error, "message", str(error))
    file = Path(place["path"]).name if place["path"] else None
    return {"message": message, "file": file, "line": place["line"], "column": place["column"]}


def _people(snapshot: Snapshot) -> Iterator[Data]:
    job = snapshot.job
    people = {person.name: person for person in job.transcript.speakers}
    cast = {member.speaker: member for member in job.cast}
    parts = [(one.speaker, one.role) for one in job.cast]
    displayed = displayed_names(job.cast)
    shown = shown_names(parts, job.transcript.language, displayed)
    first, spoken = _first_lines(snapshot), _languages(job)
    for color, name in enumerate(dict.fromkeys((*people, *cast))):
        person, member = people.get(name), cast.get(name)
        entry = job.settings.speakers.get(entry_name(job, name))
        guessed = person.gender_reason if person else ""
        yield {
            "name": name,
            "shown": displayed.get(name, "Narrator") if name == NARRATOR and person is None else shown.get(name, name),
            "role": person.role if person else NARRATOR,
            "gender": entry.gender if entry and entry.gender != "unknown" else person.gender if person else "unknown",
            "aliases": list(person.aliases) if person else [],
            "reason": "; ".join(filter(None, (person.evidence if person else "", guessed and f"gender: {guessed}"))),
            "color": color,
            "rate": entry.rate if entry else 1.0,
            "pitch": entry.pitch if entry else 0.0,
            "volume": entry.volume if entry else 0.0,
            "pause_after": entry.pause_after if entry else None,
            "voices": _voices(job, member, spoken.get(name, ())),
            "first_line": first.get(name, {}),
        }


def _first_lines(snapshot: Snapshot) -> dict[str, dict[str, str]]:
    first: dict[str, dict[str, str]] = {}
    for name, line in snapshot.lines.items():
        first.setdefault(line.speaker, {}).setdefault(line.language, name)
    return first


def _languages(job: RenderJob) -> dict[str, list[str]]:
    """Return the languages that everybody speaks here, whether there is a voice for them or not."""
    spoken: dict[str, dict[str, None]] = {}
    for turn in spoken_turns(job.transcript, job.settings):
        spoken.setdefault(turn.speaker or NARRATOR, {})[turn.language] = None
    return {name: list(languages) for name, languages in spoken.items()}


def _alike(job: RenderJob) -> Iterator[str]:
    for own in job.engines.values():
        for pair in hard_to_tell_apart(job.cast, own.engine):
            yield f"{pair} have voices that are hard to tell apart in {language_name(pair.language)}"


def _unfit(job: RenderJob, voice: Voice, language: str) -> str:
    own = job.engines.get(voice.engine)
    is_fit = own is None or fits(voice.name, language, own.engine)
    return "" if is_fit else f"this voice was not made for {language_name(language)}"


def _voices(job: RenderJob, member: CastMember | None, languages: Sequence[str]) -> Data:
    own = dict(member.voices) if member else {}
    return {
        language: {
            "engine": own[language].engine if language in own else None,
            "name": own[language].name if language in own else None,
            "reason": member.reason if member and language in own else "",
            "warning": _unfit(job, own[language], language) if language in own else "no voice for this language",
        }
        for language in dict.fromkeys((*languages, *own))
    }


def _turns(snapshot: Snapshot) -> Iterator[Data]:
    job = snapshot.job
    spoken = frozenset(map(id, spoken_turns(job.transcript, job.settings)))
    by_turn: dict[int, list[tuple[str, Line]]] = {}
    for name, line in snapshot.lines.items():
        by_turn.setdefault(line.turn, []).append((name, line))
    for index, (name, turn) in enumerate(zip(snapshot.turn_ids, job.transcript.turns, strict=True)):
        lines = by_turn.get(index, [])
        yield {
            "id": name,
            "index": index,
            "kind": turn.kind,
            "speaker": turn.speaker,
            "language": turn.language,
            "text": written_text(turn),
            "line": turn.line,
            "confidence": turn.confidence,
            "reason": turn.reason,
            "is_read": bool(lines),
            "why_not": "" if lines else _why_not(job, turn, is_spoken=id(turn) in spoken),
            "chapter": lines[0][1].chapter if lines else None,
            "recording": turn.recording.file if turn.recording else None,
            "lines": [line_name for line_name, _ in lines],
        }


def _why_not(job: RenderJob, turn: Any, *, is_spoken: bool) -> str:
    if not is_spoken:
        return why_skipped(turn, job.settings.read)
    has_voice = any(
        language == turn.language
        for member in job.cast
        if member.speaker == (turn.speaker or NARRATOR)
        for language, _ in member.voices
    )
    return "skipped by a rule" if has_voice else f"no voice for {turn.language}"


def _lines(snapshot: Snapshot, clips: Sequence[Clip | None], takes: Mapping[str, int]) -> Iterator[tuple[str, Data]]:
    for (name, line), clip in zip(snapshot.lines.items(), clips, strict=True):
        yield (
            name,
            {
                "text": line.text,
                "stored": clip is not None,
                "take": line.take,
                "takes": max(line.takes, line.take, takes.get(name, 1)),
                "seconds": round((clip.offset - clip.onset) / clip.sample_rate, 2) if clip else None,
                "pause": round(line.pause, 3),
            },
        )


def _settings(project: Project) -> Data:
    settings = project.snapshot.job.settings
    return {
        group: {
            one.name: {
                "value": _plain(getattr(getattr(settings, group), one.name)),
                "from": _place(settings.places.get((group, one.name))),
                **_about(group, one.name),
            }
            for one in fields(getattr(settings, group))
        }
        for group in _GROUPS
    }


def _place(place: Place | None) -> str:
    return "default" if place is None or place[0] == DEFAULT_NAME else f"{Path(place[0]).name}:{place[1]}"


def _plain(value: object) -> object:
    if isinstance(value, Music):
        return value.file
    return value.name if isinstance(value, Path) else value


@cache
def _schema() -> Data:
    properties: Data = json.loads(packaged_schema().read_text("utf-8"))["properties"]
    return properties


@cache
def _about(group: str, key: str) -> Data:
    """Return what a setting means and what it may be, as editors know it."""
    known = _schema()[group]["properties"].get(key, {})
    limits = {name: known[key] for name, key in (("low", "minimum"), ("high", "maximum")) if key in known}
    choices = {"choices": [word for word in known["enum"] if word is not None]} if "enum" in known else {}
    return {"help": known.get("description", ""), **limits, **choices}


def _pronunciations(settings: Settings, engine: str) -> list[Data]:
    return [
        {"language": language, "written": written, "said": form}
        for language, given in settings.pronunciations.items()
        for written, said in given.items()
        if (form := _said(said, engine)) is not None
    ]


def _said(said: Said, engine: str) -> str | None:
    return said if isinstance(said, str) else said.get(engine)


def plan_of(snapshot: Snapshot) -> Data:
    """Return what a render would make now, and how long it would take."""
    planned = plan_render(snapshot.job)
    count = len(snapshot.job.script.lines)
    return {
        "lines": count,
        "stored": planned.stored,
        "to_make": count - planned.stored,
        "seconds": None if planned.work is None else round(planned.work, 1),
        "length": round(planned.duration, 1),
        "size": planned.size,
        "up_to_date": planned.is_current,
        "obstacles": list(planned.obstacles),
    }


def _record(project: Project) -> EpisodeRecord | None:
    """Return the record of this project's episode; None where it has none."""
    job = project.snapshot.job
    return EpisodeRecord.read(project.options.folder, project.options.stem(job.source), {})


def episode_of(project: Project) -> Data | None:
    """Return the finished episode of a project; None where there is none."""
    record = _record(project)
    if record is None or not record.files:
        return None
    inputs = project.read()
    return {
        "path": str(project.options.folder / record.sound.name),
        "title": record.title,
        "duration": record.duration,
        "chapters": [{"title": one.title, "start": one.start, "end": one.end} for one in record.chapters],
        "files": [file.name for file in record.files],
        "up_to_date": is_up_to_date(inputs, project.options),
    }


def episode_file(project: Project, name: str) -> Path | None:
    """Return a file of the project's episode by its name; None for every other name."""
    record = _record(project)
    if record is None:
        return None
    names = {file.name for file in record.files} | {f"{project.options.stem(project.source)}{RECORD_SUFFIX}"}
    path = project.options.folder / name
    if name not in names or Path(name).name != name or path.is_symlink() or not path.is_file():
        return None
    return path
