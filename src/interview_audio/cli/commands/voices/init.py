"""``interview-audio voices init``."""

from pathlib import Path

import click

from interview_audio.cli.options import (
    engine_option,
    language_option,
    output_file_option,
    piped_contents,
    read_everything_option,
    source_argument,
)
from interview_audio.cli.terminal import print_line, print_warnings
from interview_audio.configuration.lookup import NAME
from interview_audio.errors import OutputError
from interview_audio.files.ownership import write_new
from interview_audio.rendering.casts import casts_of, voices_file
from interview_audio.rendering.job import parse_source
from interview_audio.rendering.options import RenderOptions
from interview_audio.rendering.up_to_date import read_inputs
from interview_audio.script.building import spoken_turns
from interview_audio.synthesis.clip_worker import LoadedEngines
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
