"""``interview-audio voices init`` and ``keep``: the cast of an interview, and that of a series, as files."""

import codecs
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from interview_audio.cli.options import (
    SourcePath,
    engine_option,
    language_option,
    output_file_option,
    piped_contents,
    read_everything_option,
    source_argument,
    voices_option,
)
from interview_audio.cli.terminal import format_rows, print_line, print_warnings, terminal_width
from interview_audio.configuration.lookup import CAST_NAME, NAME, cast_candidates
from interview_audio.errors import ConfigurationError, OutputError, UsageError
from interview_audio.files.atomic_files import rewrite_whole
from interview_audio.files.input_files import SETTINGS, InputFileError, read_file
from interview_audio.files.ownership import write_new
from interview_audio.rendering.casts import KeptVoice, add_voices, casts_of, voices_file
from interview_audio.rendering.job import RenderJob, parse_source, prepare
from interview_audio.rendering.options import RenderOptions
from interview_audio.rendering.up_to_date import read_inputs
from interview_audio.script.building import spoken_turns
from interview_audio.synthesis.clip_worker import LoadedEngines
from interview_audio.text.printable import printable
from interview_audio.text.units import counted


@click.command()
@source_argument
@output_file_option("Default: voices.yaml beside SOURCE; - prints it.", may_print=True)
@engine_option
@language_option
@read_everything_option
def init(source: Path, output: Path | None, engine: str | None, language: str | None, *, read_everything: bool) -> None:
    """Write a voices.yaml for SOURCE: its people, and a voice for each in every language and engine.

    What was guessed has a comment. An existing file is never replaced.
    """
    options = RenderOptions(engine=engine, language=language, reads_everything=read_everything, piped=piped_contents())
    path = output or (Path() if source in options.piped else source.parent) / NAME
    is_printed = str(path) == "-"
    if not is_printed and path.exists():
        raise OutputError(f"{path} exists and is not replaced; choose another file with -o FILE, or print it with -o -")
    with LoadedEngines() as engines:
        parsed = parse_source(read_inputs(source, options), options)
        casts = casts_of(parsed, options, engines)
    print_warnings(parsed.warnings(spoken_turns(parsed.transcript, parsed.settings)))
    text = voices_file(parsed, casts)
    if is_printed:
        click.echo(text, nl=False)
        return
    write_new(path, text.encode())
    if not parsed.transcript.speakers:
        print_warnings([f"nobody speaks in {source.name}, only the narrator; see: interview-audio check {source}"])
    names = ", ".join(cast.engine for cast in casts)
    print_line(f"{path}  {counted(len(parsed.transcript.speakers), 'person', 'people')}, voices of {names}")


@click.command()
@click.argument("sources", nargs=-1, required=True, type=SourcePath, metavar="SOURCE...")
@output_file_option("Default: the cast.yaml of their series, or a new one beside SOURCE; - prints it.", may_print=True)
@click.option(
    "--episodes",
    type=click.Path(file_okay=False, path_type=Path),
    default="output",
    show_default=True,
    metavar="DIR",
    help="Folder of the episodes, whose voices are kept.",
)
@engine_option
@voices_option
def keep(
    sources: tuple[Path, ...], output: Path | None, episodes: Path, engine: str | None, voices: Path | None
) -> None:
    """Keep the people of SOURCE..., with the voices that they have, in the cast.yaml of a series.

    Their voices are those of the finished episodes, else those that a render would choose. What is in the file stays.
    """
    options = RenderOptions(output=episodes, engine=engine, voices=voices, piped=piped_contents())
    with LoadedEngines() as engines:
        jobs = [prepare(source, options, engines, is_partial=True) for source in sources]
    is_printed = str(output) == "-"
    path = output if output and not is_printed else _cast_of(jobs)
    before = _content(path)
    text = (before or b"").decode("utf-8-sig").replace("\r\n", "\n")
    cast = add_voices(text, path, jobs)
    if is_printed:
        click.echo(cast.text, nl=False)
        return
    if before is None:
        write_new(path, cast.text.encode())
    elif cast.text != text:
        _rewrite(path, before, cast.text)
    print_line(str(path))
    for line in format_rows([*_rows(cast.voices)], width=terminal_width()):
        click.echo(line)


def _cast_of(jobs: Sequence[RenderJob]) -> Path:
    """Return the cast of the first source's series; where there is none, one that counts for all sources."""
    first = jobs[0]
    found = next((file.path for file in first.parsed.inputs.files.found if file.is_cast), None)
    folders = [str(job.source.absolute().parent) for job in jobs]
    if path := first.settings.series or found:
        return path
    if first.parsed.inputs.is_piped:
        raise UsageError("what comes through a pipe is in no series; name its file with -o FILE")
    if len({*folders}) == 1:
        return first.source.parent / CAST_NAME
    others = [{*cast_candidates(job.source)} for job in jobs]
    shared = (file for file in cast_candidates(first.source) if all(file in looked for looked in others))
    if path := next(shared, None):
        return path
    raise UsageError(
        f"there is no folder in which a {CAST_NAME} counts for all of these; name their file with -o FILE, and in the "
        "voices.yaml beside each with series: FILE"
    )


def _content(path: Path) -> bytes | None:
    """Return what is in the file, which is UTF-8; None where there is none."""
    if not path.exists():
        return None
    try:
        content = read_file(path, SETTINGS)
        content.decode("utf-8")
    except InputFileError as error:
        raise ConfigurationError(str(error), str(path)) from error
    except UnicodeDecodeError as error:
        raise ConfigurationError("not UTF-8 text; save it as UTF-8", str(path)) from error
    return content


def _rewrite(path: Path, before: bytes, text: str) -> None:
    """Write another text into the file, with the line ends and the mark at the beginning that it has."""
    content = text.replace("\n", "\r\n" if b"\r\n" in before else "\n").encode()
    try:
        rewrite_whole(path, codecs.BOM_UTF8 + content if before.startswith(codecs.BOM_UTF8) else content)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}; nothing is lost") from error


def _rows(voices: Sequence[KeptVoice]) -> Iterator[tuple[str, ...]]:
    """Yield what became of each voice, who has it in which language, and where it is heard."""
    for kept in voices:
        is_same = kept.instead == kept.voice.name
        what = "added" if kept.instead is None else "is there" if is_same else "not added"
        there = "" if kept.instead is None or is_same else f"the series has {kept.instead}"
        where = " ".join(filter(None, (there, f"({kept.source.name})")))
        yield what, printable(kept.speaker), kept.language, printable(str(kept.voice)), printable(where)
