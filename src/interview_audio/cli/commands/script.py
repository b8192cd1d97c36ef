"""``interview-audio script``."""

from pathlib import Path

import click

from interview_audio.cli.options import output_file_option, piped_contents, source_argument, source_options
from interview_audio.cli.terminal import print_warnings
from interview_audio.configuration.documents import to_yaml
from interview_audio.configuration.lookup import NAME
from interview_audio.errors import UsageError
from interview_audio.files.ownership import check_script_file
from interview_audio.rendering import render
from interview_audio.rendering.job import prepare
from interview_audio.rendering.options import RenderOptions
from interview_audio.script.building import spoken_turns
from interview_audio.script.script_file import (
    SCRIPT_FILE_HEADER,
    is_written_script,
    notes_on_turns,
    script_as_dict,
    script_for_editing,
    with_images_from,
)
from interview_audio.synthesis.clip_worker import LoadedEngines
from interview_audio.text.printable import json_text


@click.command()
@source_argument
@click.option(
    "--format", "form", type=click.Choice(["yaml", "json"]), default="yaml", show_default=True, help="Format to write."
)
@output_file_option("Default: standard output.")
@click.option("--force", is_flag=True, help="Replace FILE if it is a script file, even an edited one.")
@click.option(
    "--episodes",
    type=click.Path(file_okay=False, path_type=Path),
    default="output",
    show_default=True,
    metavar="DIR",
    help="Folder of the last render, whose cast is kept.",
)
@source_options
def script(
    source: Path,
    form: str,
    output: Path | None,
    episodes: Path,
    voices: Path | None,
    engine: str | None,
    language: str | None,
    title: str | None,
    *,
    force: bool,
    strict: bool,
    read_everything: bool,
) -> None:
    """Print SOURCE as understood (who says what, and what is not read) and its cast.

    The file can be edited and rendered.
    """
    options = RenderOptions(
        output=episodes,
        voices=voices,
        engine=engine,
        language=language,
        title=title,
        reads_everything=read_everything,
        is_strict=strict,
        piped=piped_contents(),
    )
    with LoadedEngines() as engines:
        job = prepare(source, options, engines, is_partial=True)
    print_warnings(job.warnings)
    transcript = job.transcript
    if output is not None and str(output) != "-" and output.absolute().parent != job.source.absolute().parent:
        transcript = with_images_from(transcript, job.source, output.parent)
    shown = (transcript, job.cast, job.engine.name)
    if form == "json":
        text = json_text(script_as_dict(*shown), indent=1) + "\n"
    else:
        places = {id(turn): index for index, turn in enumerate(job.transcript.turns)}
        read = {places[id(turn)] for turn in spoken_turns(job.transcript, job.settings)}
        text = to_yaml(script_for_editing(*shown), SCRIPT_FILE_HEADER, notes_on_turns(job.transcript, read))
    if output is None or str(output) == "-":
        click.echo(text, nl=False)
    elif output.name == NAME:
        raise UsageError(f"{output} is the name of settings files; choose another file with -o FILE")
    elif not check_script_file(output, text, job.destination.protected, is_written_script, is_forced=force):
        render.write_text(output, text)
