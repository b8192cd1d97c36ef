"""Arguments and options that several commands share."""

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import click

from interview_audio.configuration.languages import language_hint, primary_tag
from interview_audio.errors import ConfigurationError, SourceError, UsageError
from interview_audio.files.input_files import (
    SETTINGS,
    SOURCE,
    PipedContents,
    SizeLimit,
    descriptor_of,
    drain,
    is_read_once,
)
from interview_audio.rendering.options import KEYWORDS, RenderKeywords, RenderOptions, options_of
from interview_audio.storage.addresses import Address, Location, location
from interview_audio.text.printable import without_password

_STANDARD_INPUT = "-"
_PIPED = f"{__name__}.piped"
"""The key of piped contents in the context of a command."""
_NOT_IN_FILE_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
_MAX_NAME_CHARS = 60
_EXISTING_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class _SourcePath(click.ParamType[Path]):
    """A file; the content of standard input, a pipe or a web page is kept in memory under a path of its own."""

    name = "source"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """See click."""
        if value == _STANDARD_INPUT:
            return _keep_in_memory(Path("standard-input") / _name_of_text(ctx), standard_input(), ctx)
        if isinstance(value, str) and "://" in value:
            # Imported here: few sources are pages, and commands that read none start in three quarters of the time.
            from interview_audio.transcript.reading import fetch_page, file_name_of, is_web_address

            if is_web_address(value):
                return _keep_in_memory(Path("web") / file_name_of(value), fetch_page(value), ctx)
        path: Path = _EXISTING_FILE.convert(value, param, ctx)
        if not is_read_once(path):
            return path
        number = descriptor_of(path)
        name = path if number is None else Path(f"pipe-{number}") / _name_of_text(ctx)
        return _keep_in_memory(name, _drained(path, SOURCE, SourceError), ctx)


class _SettingsPath(click.ParamType[Path]):
    """A file; the content of a pipe is kept in memory, and files that it names are looked for in the working folder."""

    name = "settings"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """See click."""
        path: Path = _EXISTING_FILE.convert(value, param, ctx)
        if not is_read_once(path):
            return path
        return _keep_in_memory(Path("(--voices)"), _drained(path, SETTINGS, ConfigurationError), ctx)


class _Place(click.ParamType[Location]):
    """A folder, or an address on the network.

    Args:
        local: Takes the folder.
    """

    name = "place"

    def __init__(self, local: click.ParamType[Path]) -> None:
        self._local = local

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Location:
        """See click."""
        place = _kept_place(value)
        return self._local.convert(place, param, ctx) if isinstance(place, Path) else place


def _kept_place(written: str | Path) -> Location:
    """Return a folder or an address; raise ``UsageError`` for the memory of this process, which is soon gone."""
    place = location(written)
    if isinstance(place, Address) and place.text.startswith("memory:"):
        raise UsageError(f"{place}: is gone when this command ends; name a folder or a bucket (s3://…)")
    return place


class LocalPath(click.Path):
    """A folder or file that is there; an address is told that it is none."""

    def __init__(self, *, file_okay: bool = True) -> None:
        super().__init__(exists=True, file_okay=file_okay, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """See click."""
        if isinstance(value, str) and "://" in value and not Path(value).exists():
            shown = without_password(value)
            self.fail(f"{shown} is not on this machine; copy the episodes into a folder, and name that", param, ctx)
        return super().convert(value, param, ctx)


def _name_of_text(context: click.Context | None) -> str:
    """Return a file name for a text that comes from no file; the episode is named after it."""
    title = (context.params.get("title") if context else None) or "episode"
    return f"{_NOT_IN_FILE_NAME.sub('-', title).strip(' .-')[:_MAX_NAME_CHARS] or 'episode'}.txt"


def standard_input() -> bytes:
    """Return what is piped in, or one byte more than the largest source.

    Raises:
        SourceError: It is closed or cannot be read.
    """
    if sys.stdin is None:
        raise SourceError("it is closed; name a file, or pipe the text in", "standard input")
    try:
        return sys.stdin.buffer.read(SOURCE.bytes + 1)
    except OSError as error:
        raise SourceError(f"it cannot be read: {error.strerror}", "standard input") from error


def _drained(path: Path, limit: SizeLimit, failure: type[SourceError | ConfigurationError]) -> bytes:
    try:
        return drain(path, limit)
    except OSError as error:
        raise failure(f"it cannot be read: {error.strerror}", str(path)) from error


def _keep_in_memory(path: Path, content: bytes, context: click.Context | None) -> Path:
    """Return the path under which the command finds in its ``piped_contents`` what can be read only once."""
    (context or click.get_current_context()).meta.setdefault(_PIPED, {})[path] = content
    return path


def piped_contents() -> PipedContents:
    """Return what was piped into the command that runs, by the paths that its parameters have."""
    piped: dict[Path, bytes] = click.get_current_context().meta.get(_PIPED, {})
    return piped


SourcePath = _SourcePath()
PLACE = _Place(click.Path(file_okay=False, path_type=Path))
EXISTING_PLACE = _Place(click.Path(exists=True, path_type=Path))
source_argument = click.argument("source", type=SourcePath)
voices_option = click.option(
    "--voices", type=_SettingsPath(), metavar="FILE", help="Settings file; overrides every other."
)
engine_option = click.option(
    "--engine", metavar="NAME", help="Engine: kokoro (offline), edge, openai, tone (test tones) or your own."
)

podcast_option = click.option(
    "--podcast",
    type=_EXISTING_FILE,
    metavar="FILE",
    help="What the feed says of the show; default: podcast.yaml in DIR, or the one here.",
)


def _encodable(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:  # noqa: ARG001
    try:
        (value or "").encode()
    except UnicodeEncodeError as error:
        raise click.BadParameter("it contains bytes that are not text") from error
    return value


def _language(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:  # noqa: ARG001
    if value is None or primary_tag(value):
        return value
    raise click.BadParameter(f"{value!r} is not a language tag{language_hint(value)}")


language_option = click.option(
    "--language",
    metavar="TAG",
    callback=_language,
    help="Language of the text (zh, en, fr), if it is detected wrongly.",
)
title_option = click.option(
    # Before the source, which is named by it where it is standard input.
    "--title",
    metavar="TEXT",
    callback=_encodable,
    is_eager=True,
    help="Title of the episode; overrides the one in the text.",
)


strict_option = click.option(
    "--strict", is_flag=True, help="Fail if anything was guessed, or if a sentence is not read."
)
read_everything_option = click.option(
    "--read-everything", is_flag=True, help="Read everything but labels, times, front matter, stage marks and markup."
)


def source_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say how a source is read and cast."""
    for option in (strict_option, read_everything_option, title_option, language_option, engine_option, voices_option):
        command = option(command)
    return command


def output_file_option(
    use: str, default: str | None = None, *, may_print: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the option ``-o FILE`` of a command that writes one file.

    Args:
        use: Its help.
        default: The file where none is given.
        may_print: Whether ``-`` stands for standard output.
    """
    kind = click.Path(dir_okay=False, path_type=Path, allow_dash=may_print)
    return click.option(
        "-o", "--output", type=kind, default=default, show_default=default is not None, metavar="FILE", help=use
    )


output_option = click.option(
    "-o",
    "--output",
    type=PLACE,
    default="output",
    show_default=True,
    metavar="PLACE",
    help="Folder or address (s3://BUCKET/FOLDER) for the episode and the files beside it.",
)
output_place_option = click.option(
    "-o",
    "--output",
    type=PLACE,
    default="output",
    show_default=True,
    metavar="PLACE",
    help="Folder or address (s3://BUCKET/FOLDER) for the episodes and the files beside them.",
)
format_option = click.option(
    "--format",
    type=click.Choice(("mp3", "m4b", "m4a", "opus", "flac")),
    help="Format of the episode; overrides sound.format; default: mp3.",
)
jobs_option = click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    metavar="N",
    help="Worker processes, or simultaneous requests to a server; default: as many as cores and memory allow.",
)
store_option = click.option(
    "--store",
    type=PLACE,
    metavar="PLACE",
    help="Folder or address (s3://BUCKET/FOLDER) for stored clips; default: in your cache folder.",
)
fallback_option = click.option(
    "--fallback", metavar="NAME", help="Engine for the whole episode if the online service fails."
)
offline_option = click.option(
    "--offline", is_flag=True, help="Send nothing over the network; stored clips are still used."
)
redo_option = click.option(
    "--redo",
    multiple=True,
    metavar="WHAT",
    help="Speak again, as another take: line:88 (of the source), @12:34 (time in the player), "
    'speaker:"Sam Altman", or turn:14 (the 14th that `script` prints). Repeatable.',
)
take_option = click.option(
    "--take",
    type=click.IntRange(min=1),
    metavar="N",
    help="With --redo: use this take, old or new; 1 is the first. Default: a new one.",
)


name_option = click.option(
    "--name", metavar="NAME", callback=_encodable, help="Name of the episode's files; default: that of SOURCE."
)
force_option = click.option(
    "--force", is_flag=True, help="Replace files of this episode that were edited after they were made."
)


def render_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say what a render makes, and where; ``render_options_of`` reads them."""
    where = (output_option, name_option, force_option, format_option, jobs_option, store_option)
    for option in reversed((*where, fallback_option, offline_option, redo_option, take_option)):
        command = option(command)
    return source_options(command)


def batch_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add those of them that hold for many sources; ``render_options_of`` reads these, too."""
    read = (voices_option, engine_option, language_option, read_everything_option, strict_option)
    where = (output_place_option, force_option, format_option, jobs_option, store_option)
    for option in reversed((*read, *where, fallback_option, offline_option)):
        command = option(command)
    return command


def render_options_of(chosen: Mapping[str, Any]) -> RenderOptions:
    """Return what ``render_options`` gave, of all that a command was given: its options are the library's keywords.

    Raises:
        UsageError: A take was chosen without lines to redo.
    """
    given = {name: value for name, value in chosen.items() if value is not None and name in KEYWORDS}
    keywords = cast(RenderKeywords, given)
    return replace(options_of(keywords), piped=piped_contents())
