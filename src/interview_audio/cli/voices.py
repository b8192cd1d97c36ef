"""``interview-audio voices``."""

import click

from interview_audio.cli.options import engine_option


@click.group()
def voices() -> None:
    """List voices."""


@voices.command("list")
@engine_option
@click.option("--language", metavar="TAG", help="Only voices made for this language (zh, en).")
def list_voices(engine: str | None, language: str | None) -> None:
    """Print each voice with its languages and gender."""
    from interview_audio.configuration.loading import load_settings
    from interview_audio.configuration.lookup import settings_files
    from interview_audio.engines.engine import load_engine
    from interview_audio.engines.online.protocol import Online

    settings = load_settings(settings_files(None, None))
    name = engine or settings.engine
    speaker = load_engine(name, settings.engines.get(name, {}))
    known = speaker.voices()
    if isinstance(speaker, Online):
        speaker.close()
    for voice in known:
        if language is None or language in voice.languages:
            click.echo(f"{voice.name:14} {' '.join(voice.languages):6} {voice.gender:8} {voice.description}".rstrip())
