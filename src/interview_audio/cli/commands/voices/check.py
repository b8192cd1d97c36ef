"""``interview-audio voices check``."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from interview_audio.cli.options import SourcePath, engine_option, piped_contents, voices_option
from interview_audio.cli.terminal import format_rows, print_warnings, terminal_width
from interview_audio.configuration.documents import inline
from interview_audio.configuration.loading import settings_from
from interview_audio.configuration.lookup import DEFAULT_NAME, SettingsFiles, read_settings_files, working_folder
from interview_audio.configuration.settings import KeyPath, Settings
from interview_audio.configuration.shapes import record_of
from interview_audio.engines.protocol import Engine, Online, fits
from interview_audio.engines.registry import check_engine_names, engine_names, load_engine
from interview_audio.errors import ConfigurationError, EngineError, VoiceError
from interview_audio.text.printable import printable
from interview_audio.text.units import counted

if TYPE_CHECKING:
    from interview_audio.rendering.casts import ChangedVoice
    from interview_audio.rendering.job import RenderJob
    from interview_audio.script.lines import CastMember, Voice

_Row = tuple[str, str, str, str]
"""Who or what, in which language, the value, and where it comes from."""


@click.command()
@click.argument("source", required=False, type=SourcePath)
@voices_option
@engine_option
@click.option("--explain", is_flag=True, help="Print every value, and the file and line that it comes from.")
@click.option(
    "--episodes",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Show which finished episodes in DIR would be heard with other voices, and where that is written.",
)
def check(
    source: Path | None, voices: Path | None, engine: str | None, episodes: Path | None, *, explain: bool
) -> None:
    """Check voices.yaml, and show whom it gives which voice.

    All files that count are read: the packaged default, yours in the configuration folder, the one here, the one beside
    SOURCE, that of --voices. With SOURCE, its people and their cast are shown.
    """
    files = read_settings_files(source, voices, piped_contents())
    settings = settings_from(files)
    for line in format_rows([*_files(files)], width=terminal_width()):
        click.echo(line)
    rows = [*(_speakers(settings, engine) if source is None else _cast(source, voices, engine))]
    click.echo()
    for line in format_rows(rows, width=terminal_width()):
        click.echo(line)
    if explain:
        click.echo()
        for line in format_rows([*_values(settings)], width=terminal_width()):
            click.echo(line)
    if episodes:
        click.echo()
        for line in _episodes(episodes, voices):
            click.echo(line)


def _episodes(folder: Path, voices: Path | None) -> Iterator[str]:
    """Yield the finished episodes of a folder, with those whose voices the settings change and how."""
    # Settings alone are checked without a parser.
    from interview_audio.rendering.casts import changed_episodes
    from interview_audio.synthesis.clip_worker import LoadedEngines

    with LoadedEngines() as engines:
        episodes = list(changed_episodes(folder, voices, engines))
    if not episodes:
        yield printable(f"There are no episodes in {folder}.")
    for episode in episodes:
        if episode.fault:
            yield printable(f"{folder / episode.name}: not known: {episode.fault}")
        elif not episode.changes:
            yield printable(f"{folder / episode.name}: the same voices")
        else:
            yield printable(f"{folder / episode.name}: other voices")
            rows = [(printable(one.speaker), one.language, _otherwise(one), _written(one)) for one in episode.changes]
            yield from format_rows(rows, width=terminal_width())


def _otherwise(change: "ChangedVoice") -> str:
    before, after = ("none" if voice is None else _with_tuning(voice) for voice in (change.before, change.after))
    return printable(f"{before} becomes {after}")


def _with_tuning(voice: "Voice") -> str:
    rate = f", rate {voice.rate:g}" if voice.rate != 1 else ""
    return f"{voice}{rate}" + (f", pitch {voice.pitch:+g}" if voice.pitch else "")


def _written(change: "ChangedVoice") -> str:
    place = (
        ""
        if change.place is None or change.place[0] == DEFAULT_NAME
        else f", {_near(change.place[0])}:{change.place[1]}"
    )
    return printable(f"{counted(change.lines, 'line')}{place}")


def _files(files: SettingsFiles) -> Iterator[tuple[str, str]]:
    """Yield the files that count, weakest first."""
    yield "default", "packaged with interview-audio"
    for file in files.found:
        yield "series" if file.is_cast else "read", _near(file.name)
    found = {file.path.absolute() for file in files.found}
    for path in files.candidates:
        if path.absolute() not in found:
            yield "not there", _near(str(path))


def _speakers(settings: Settings, chosen: str | None) -> Iterator[_Row]:
    """Yield who has which voice, and where it is written; raise ``ConfigurationError`` for one that does not exist."""
    print_warnings(check_engine_names(settings))
    usual = chosen or settings.engine
    engines = {usual: _engine(usual, settings, is_chosen=chosen is not None)}
    try:
        for path, language, voice in _named_voices(settings, chosen):
            name = path[4] if path[0] == "speakers" else usual
            engines[name] = engines.get(name) or _engine(name, settings, is_chosen=False)
            _check_voice(voice, language, engines[name], settings, path)
            if path[0] == "speakers":
                if not fits(voice, language, engines[name]):
                    from interview_audio.script.casting import not_made_for  # only what is wrong needs a cast

                    warning = not_made_for(language, [voice], name)
                    print_warnings([f"{_place(settings, path)}: {warning}"])
                yield printable(path[1]), language, printable(f"{name}:{voice}"), _place(settings, path)
    finally:
        for engine in engines.values():
            if isinstance(engine, Online):
                engine.close()


def _engine(name: str, settings: Settings, *, is_chosen: bool) -> Engine:
    try:
        return load_engine(name, settings.engines.get(name, {}))
    except EngineError as error:
        place = settings.places.get(("engines", name) if name in engine_names() else ("engine",))
        if is_chosen or place is None:
            raise
        raise ConfigurationError(str(error), *place) from error


def _named_voices(settings: Settings, chosen: str | None) -> Iterator[tuple[KeyPath, str, str]]:
    """Yield the path of every voice that may be used, its language, and the voice.

    Those of speakers are of the engine that speaks for them; those of pools, of the usual one.
    """
    for name, entry in settings.speakers.items():
        engine = chosen or entry.engine or settings.engine
        for language, given in entry.voices.items():
            if engine in given:
                yield ("speakers", name, "voices", language, engine), language, given[engine]
    engine = chosen or settings.engine
    for language, offers in settings.pool.items():
        for gender, names in offers.get(engine, {}).items():
            for index, voice in enumerate(names):
                yield ("pool", language, engine, gender, str(index)), language, voice


def _check_voice(voice: str, language: str, engine: Engine, settings: Settings, path: KeyPath) -> None:
    place = settings.places.get(path, ())
    try:
        engine.check(voice, language)
    except VoiceError as error:
        if place and place[0] == DEFAULT_NAME and not engine.local:
            return  # the voices of a service come and go, and the cast passes over these
        raise ConfigurationError(str(error), *place) from error


def _cast(source: Path, voices: Path | None, engine: str | None) -> Iterator[_Row]:
    """Yield the people of a source, with the voice that each would have and why."""
    # Settings alone are checked without a parser.
    from interview_audio.rendering.job import prepare
    from interview_audio.rendering.options import RenderOptions
    from interview_audio.synthesis.clip_worker import LoadedEngines

    options = RenderOptions(voices=voices, engine=engine, piped=piped_contents())
    with LoadedEngines() as engines:
        job = prepare(source, options, engines, is_partial=True)
    print_warnings(job.warnings)
    for member in job.cast:
        for language, voice in member.voices:
            path = _given(job, member, language, voice)
            where = _place(job.settings, path) if path else printable(member.reason)
            yield printable(member.speaker), language, printable(str(voice)), where


def _given(job: "RenderJob", member: "CastMember", language: str, voice: "Voice") -> KeyPath | None:
    """Return the path of the entry that gives somebody a voice: their own, or that of their role."""
    from interview_audio.script.casting import speaker_entries

    entry = speaker_entries(job.transcript.speakers, job.settings.speakers)[member.speaker]
    is_given = entry is not None and entry.voices.get(language, {}).get(voice.engine) == voice.name
    return ("speakers", entry.name, "voices", language, voice.engine) if entry and is_given else None


def _values(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield where every value of the settings is written, and the value with its path, which may be long."""
    for path, value in _leaves(settings, ()):
        yield _place(settings, path), printable(f"{'.'.join(path)}: {inline(value)}")


def _leaves(value: object, path: KeyPath) -> Iterator[tuple[KeyPath, object]]:
    """Yield the plain values below one, each with its path."""
    if is_dataclass(value) and not isinstance(value, type):
        known = set(record_of(type(value)).fields)
        items = [(one.name, getattr(value, one.name)) for one in fields(value) if one.name in known]
    elif isinstance(value, Mapping):
        items = [*value.items()]
    elif isinstance(value, tuple) and any(is_dataclass(one) for one in value):
        items = [(str(index), one) for index, one in enumerate(value)]
    else:
        yield path, list(value) if isinstance(value, tuple) else str(value) if isinstance(value, Path) else value
        return
    for key, one in items:
        yield from _leaves(one, (*path, str(key)))


def _place(settings: Settings, path: KeyPath) -> str:
    place = settings.places.get(path)
    if place is None:
        return "built in"
    return f"default, line {place[1]}" if place[0] == DEFAULT_NAME else f"{_near(place[0])}:{place[1]}"


def _near(path: str) -> str:
    """Return a path from the working folder on if it is in there, else the whole path."""
    folder = working_folder()
    is_below = folder is not None and Path(path).is_relative_to(folder)
    return printable(str(Path(path).relative_to(folder)) if folder and is_below else path)
