"""``interview-audio voices check``."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path

import click

from interview_audio.cli.options import SourcePath, engine_option, piped_contents, voices_option
from interview_audio.cli.terminal import format_rows, print_warnings, terminal_width
from interview_audio.configuration.documents import inline
from interview_audio.configuration.loading import settings_from
from interview_audio.configuration.lookup import DEFAULT_NAME, SettingsFiles, read_settings_files
from interview_audio.configuration.settings import KeyPath, Settings
from interview_audio.configuration.shapes import record_of
from interview_audio.engines.protocol import Engine, Online
from interview_audio.engines.registry import load_engine
from interview_audio.errors import ConfigurationError, VoiceError
from interview_audio.rendering.options import RenderOptions
from interview_audio.synthesis.clip_worker import LoadedEngines
from interview_audio.text.characters import name_key
from interview_audio.text.printable import printable

_Row = tuple[str, str, str, str]
"""Who or what, in which language, the value, and where it comes from."""


@click.command()
@click.argument("source", required=False, type=SourcePath)
@voices_option
@engine_option
@click.option("--explain", is_flag=True, help="Print every value, and the file and line that it comes from.")
def check(source: Path | None, voices: Path | None, engine: str | None, *, explain: bool) -> None:
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


def _files(files: SettingsFiles) -> Iterator[tuple[str, str]]:
    """Yield the files that count, weakest first."""
    yield "default", "packaged with interview-audio"
    for file in files.found:
        yield "read", printable(file.name)
    found = {file.path.absolute() for file in files.found}
    for path in files.candidates:
        if path.absolute() not in found:
            yield "not there", printable(str(path))


def _speakers(settings: Settings, engine: str | None) -> Iterator[_Row]:
    """Yield who has which voice, and where it is written; raise ``ConfigurationError`` for one that does not exist."""
    name = engine or settings.engine
    speaker = load_engine(name, settings.engines.get(name, {}))
    try:
        for path, language, voice in _named_voices(settings, name):
            _check_voice(voice, language, speaker, settings, path)
            if path[0] == "speakers":
                yield printable(path[1]), language, printable(f"{name}:{voice}"), _place(settings, path)
    finally:
        if isinstance(speaker, Online):
            speaker.close()


def _named_voices(settings: Settings, engine: str) -> Iterator[tuple[KeyPath, str, str]]:
    """Yield the path of every voice of an engine that the settings name, its language, and the voice."""
    for name, entry in settings.speakers.items():
        for language, given in entry.voices.items():
            if engine in given:
                yield ("speakers", name, "voices", language, engine), language, given[engine]
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
    from interview_audio.rendering.job import prepare  # settings alone are checked without a parser

    options = RenderOptions(voices=voices, engine=engine, piped=piped_contents())
    with LoadedEngines() as engines:
        job = prepare(source, options, engines, is_partial=True)
    print_warnings(job.warnings)
    for member in job.cast:
        for language, voice in member.voices:
            entry = next((key for key in job.settings.speakers if name_key(key) == name_key(member.speaker)), None)
            path = ("speakers", entry or member.speaker, "voices", language, voice.engine)
            where = _place(job.settings, path) if path in job.settings.places else printable(member.reason)
            yield printable(member.speaker), language, printable(str(voice)), where


def _values(settings: Settings) -> Iterator[_Row]:
    """Yield every value of the settings with its path, and where it is written."""
    for path, value in _leaves(settings, ()):
        yield printable(".".join(path)), "", printable(inline(value)), _place(settings, path)


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
    return f"default, line {place[1]}" if place[0] == DEFAULT_NAME else printable(f"{place[0]}:{place[1]}")
