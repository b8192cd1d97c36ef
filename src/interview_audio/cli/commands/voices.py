"""``interview-audio voices``."""

from collections.abc import Mapping, Sequence

import click

from interview_audio.cli import LazyGroup
from interview_audio.cli.options import engine_option
from interview_audio.cli.terminal import COLUMN_GAP, format_rows, terminal_width
from interview_audio.configuration.languages import primary_tag
from interview_audio.configuration.loading import settings_from
from interview_audio.configuration.lookup import packaged_schema, read_settings_files
from interview_audio.engines.protocol import Engine, Listing, Online, VoiceInfo
from interview_audio.engines.registry import load_engine
from interview_audio.text.printable import printable


class _VoicesGroup(LazyGroup):
    """The commands of ``voices``; those that load more than a list of voices does have modules of their own."""

    summaries: Mapping[str, str] = {
        "audition": "Hear voices say the same words, or a speaker's own first lines.",
        "init": "Write a voices.yaml for an interview.",
        "keep": "Keep the voices of interviews for a whole series.",
        "check": "Check voices.yaml, and show who has which voice.",
        "gallery": "Write a page with the sound of every voice.",
    }
    prefix = f"{__name__}_"


@click.group(cls=_VoicesGroup)
def voices() -> None:
    """Hear, compare and list the voices."""


@voices.command("schema")
def schema_line() -> None:
    """Print a first line for your voices.yaml, with which editors complete and check the file."""
    click.echo(f"# yaml-language-server: $schema={packaged_schema().as_uri()}")


@voices.command("list")
@engine_option
@click.option("--language", metavar="TAG", help="Only voices for this language (zh, en).")
def list_voices(engine: str | None, language: str | None) -> None:
    """Print each voice with its languages and gender."""
    settings = settings_from(read_settings_files(None, None))
    name = engine or settings.engine
    speaker = load_engine(name, settings.engines.get(name, {}))
    try:
        found = _voices_for(speaker, language)
    finally:
        if isinstance(speaker, Online):
            speaker.close()
    rows = [(printable(voice.name), " ".join(voice.languages), voice.gender, voice.description) for voice in found]
    width = terminal_width()
    for line in format_rows(rows, width=width and width + len(COLUMN_GAP)):
        click.echo(line.removeprefix(COLUMN_GAP))


def _voices_for(speaker: Engine, language: str | None) -> Sequence[VoiceInfo]:
    """Return the voices of an engine for a language, or all of them; at least one.

    Raises:
        ClickException: There is none.
    """
    known = speaker.voices()
    if not known:
        reason = speaker.no_voices() if isinstance(speaker, Listing) else "it has none"
        raise click.ClickException(f"no voices of {speaker.name} can be listed: {reason}")
    if language is None:
        return known
    tag = primary_tag(language) or language
    if found := [voice for voice in known if tag in voice.languages]:
        return found
    spoken = sorted({spoken for voice in known for spoken in voice.languages})
    hint = f"it has voices for {', '.join(spoken)}" if spoken else "it does not say which languages its voices speak"
    raise click.ClickException(f"{speaker.name} has no voice for the language {language!r}; {hint}")
