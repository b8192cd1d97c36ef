"""``interview-audio voices``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click

from interview_audio.cli import LazyGroup
from interview_audio.cli.options import engine_option
from interview_audio.cli.terminal import COLUMN_GAP, format_rows, terminal_width
from interview_audio.configuration.languages import primary_tag
from interview_audio.configuration.loading import settings_from
from interview_audio.configuration.lookup import packaged_schema, read_settings_files
from interview_audio.engines.protocol import Engine, Listing, Measured, Online, VoiceInfo, VoiceTraits
from interview_audio.engines.registry import load_engine
from interview_audio.text.printable import json_text, printable

_SCHEMA = 1
"""Version of what ``--json`` prints."""


class _VoicesGroup(LazyGroup):
    """The commands of ``voices``; those that load more than a list of voices does have modules of their own."""

    summaries: Mapping[str, str] = {
        "audition": "Hear voices say the same words, or a speaker's own first lines.",
        "init": "Write a voices.yaml for an interview.",
        "keep": "Keep the voices of interviews for a whole series.",
        "check": "Check voices.yaml, and show who has which voice.",
        "gallery": "Write a page with the sound of every voice.",
    }
    prefix = f"{__name__}."
    shared_modules: Mapping[str, str] = {"init": "casts", "keep": "casts", "gallery": "audition"}


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
@click.option("--gender", type=click.Choice(["female", "male"]), help="Only voices of this gender.")
@click.option("--recommended", is_flag=True, help="Only voices that are clear and good by measure (docs/voices.md).")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
def list_voices(
    engine: str | None, language: str | None, gender: str | None, *, recommended: bool, as_json: bool
) -> None:
    """Print each voice: languages, gender, and what was measured of it.

    "97.1 % clear" are the words that Whisper hears right, "3.35 of 5" is how good it sounds (DNSMOS).
    """
    settings = settings_from(read_settings_files(None, None))
    name = engine or settings.engine
    speaker = load_engine(name, settings.engines.get(name, {}))
    try:
        known = [_ListedVoice(voice, _traits(speaker, voice, language)) for voice in _voices_for(speaker, language)]
    finally:
        if isinstance(speaker, Online):
            speaker.close()
    found = [one for one in known if one.fits(gender, is_recommended=recommended)]
    if not found:
        raise click.ClickException(_nothing_fits(speaker.name, known, language, gender, is_recommended=recommended))
    if as_json:
        click.echo(json_text({"schema": _SCHEMA, "engine": speaker.name, "voices": [*map(_document, found)]}, indent=1))
        return
    width = terminal_width()
    columns = [cells for cells in zip(*map(_row, found), strict=True) if any(cells)]
    for line in format_rows(list(zip(*columns, strict=True)), width=width and width + len(COLUMN_GAP)):
        click.echo(line.removeprefix(COLUMN_GAP))


@dataclass(frozen=True, slots=True)
class _ListedVoice:
    """A voice and how it sounds."""

    voice: VoiceInfo
    traits: VoiceTraits | None

    @property
    def is_recommended(self) -> bool:
        return self.traits is not None and self.traits.is_recommended

    def fits(self, gender: str | None, *, is_recommended: bool) -> bool:
        return gender in (None, self.voice.gender) and (self.is_recommended or not is_recommended)


def _traits(speaker: Engine, voice: VoiceInfo, language: str | None) -> VoiceTraits | None:
    """Return how a voice sounds in the language that was asked for, or in its first."""
    if not isinstance(speaker, Measured) or not voice.languages:
        return None
    return speaker.traits(voice.name, (language and primary_tag(language)) or voice.languages[0])


def _nothing_fits(
    engine: str, known: Sequence[_ListedVoice], language: str | None, gender: str | None, *, is_recommended: bool
) -> str:
    if is_recommended and not any(one.traits for one in known):
        return f"the voices of {engine} were not measured, so that none can be recommended; leave out --recommended"
    adjectives = [
        word for word, is_asked in (("recommended", is_recommended), (gender or "", bool(gender))) if is_asked
    ]
    of_language = f" for the language {language!r}" if language else ""
    return f"{engine} has no {' '.join(adjectives)} voice{of_language}; leave out one of the filters"


def _row(one: _ListedVoice) -> tuple[str, ...]:
    voice, traits = one.voice, one.traits
    clarity = f"{100 * traits.clarity:5.1f} % clear" if traits and traits.clarity is not None else ""
    quality = f"{traits.quality:.2f} of 5" if traits and traits.quality is not None else ""
    mark = "recommended" if one.is_recommended else ""
    return printable(voice.name), " ".join(voice.languages), voice.gender, clarity, quality, mark, voice.description


def _document(one: _ListedVoice) -> Mapping[str, Any]:
    voice, traits = one.voice, one.traits
    return {
        "name": voice.name,
        "languages": voice.languages,
        "gender": voice.gender,
        "description": voice.description,
        "clarity": traits and _rounded(traits.clarity, 4),
        "quality": traits and _rounded(traits.quality, 3),
        "pitch": traits and _rounded(traits.pitch, 1),
        "recommended": one.is_recommended,
    }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


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
