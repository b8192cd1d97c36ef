"""``interview-audio script``."""

from pathlib import Path

import click

from interview_audio.cli.options import source_argument, understanding
from interview_audio.errors import UsageError
from interview_audio.options import Options


@click.command()
@source_argument
@click.option("--format", "form", type=click.Choice(["yaml", "json"]), default="yaml", show_default=True)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Default: print.")
@click.option("--force", is_flag=True, help="Replace FILE, edits and all.")
@understanding
def script(
    source: Path,
    form: str,
    output: Path | None,
    voices: Path | None,
    engine: str | None,
    language: str | None,
    title: str | None,
    *,
    force: bool,
) -> None:
    """Print SOURCE as understood (who says what, and what is not read) and its cast.

    The file can be edited and rendered.
    """
    from interview_audio import pipeline
    from interview_audio.configuration.writing import to_yaml
    from interview_audio.preparing import prepare
    from interview_audio.printable import json_text
    from interview_audio.script.document import HEADER, notes_on_turns, script_as_dict, script_for_editing

    prepared = prepare(source, Options(voices=voices, engine=engine, language=language, title=title))
    understood = (prepared.transcript, prepared.cast, prepared.engine.name)
    if form == "json":
        text = json_text(script_as_dict(*understood), indent=1) + "\n"
    else:
        read = {line.turn for line in prepared.script.lines}
        text = to_yaml(script_for_editing(*understood), HEADER, notes_on_turns(prepared.transcript, read))
    if output is not None and output.exists() and not force and output.read_bytes() != text.encode():
        raise UsageError(f"{output} is there, perhaps with your edits; choose another file, or --force to replace it")
    if output is None:
        click.echo(text, nl=False)
    else:
        pipeline.write_text(output, text)
