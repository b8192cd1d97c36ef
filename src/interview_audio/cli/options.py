"""Arguments and options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

SourcePath = click.Path(exists=True, dir_okay=False, path_type=Path)

source_argument = click.argument("source", type=SourcePath)
voices_option = click.option("--voices", type=SourcePath, metavar="FILE", help="Settings over all others.")
engine_option = click.option("--engine", metavar="NAME", help="kokoro (offline voices) or tone (test tones).")
language_option = click.option(
    "--language", type=click.Choice(["zh", "en"]), help="Language of the text, if it is misjudged."
)


def _encodable(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:  # noqa: ARG001
    try:
        (value or "").encode()
    except UnicodeEncodeError as error:
        raise click.BadParameter("it holds bytes that are no text") from error
    return value


title_option = click.option(
    "--title", metavar="TEXT", callback=_encodable, help="Title of the episode, over the one in the text."
)


def understanding(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say how a source is to be read and cast."""
    for option in (title_option, language_option, engine_option, voices_option):
        command = option(command)
    return command
