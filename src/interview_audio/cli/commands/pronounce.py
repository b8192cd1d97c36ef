"""``interview-audio pronounce``."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from interview_audio.cli.options import engine_option, language_option, piped_contents, voices_option
from interview_audio.cli.playback import play_samples
from interview_audio.cli.terminal import format_rows, print_line, terminal_width
from interview_audio.configuration.languages import primary_tag
from interview_audio.configuration.loading import settings_from
from interview_audio.configuration.lookup import read_settings_files
from interview_audio.engines.protocol import Downloading, Engine, Online, Speech, Utterance
from interview_audio.engines.registry import load_engine
from interview_audio.errors import UsageError
from interview_audio.rendering.wording import Wording, wording_of
from interview_audio.text.characters import has_han, has_letter_or_digit
from interview_audio.text.printable import json_text, printable

_SCHEMA = 1
"""Version of what ``--json`` prints."""


@click.command()
@click.argument("text")
@voices_option
@engine_option
@language_option
@click.option("--voice", metavar="NAME", help="Voice of the engine; default: the host's.")
@click.option("--play", is_flag=True, help="Speak it, and play that.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
def pronounce(
    text: str,
    voices: Path | None,
    engine: str | None,
    language: str | None,
    voice: str | None,
    *,
    play: bool,
    as_json: bool,
) -> None:
    """Show how TEXT is said with your voices.yaml: as it is spoken, its sounds, and the pinyin of Chinese.

    What is wrong is set right under `pronunciations:`; the sounds may be written there between slashes.
    """
    if not has_letter_or_digit(text):
        raise UsageError("TEXT has no letter or digit; write what is to be said")
    settings = settings_from(read_settings_files(None, voices, piped_contents()))
    name = engine or settings.engine
    tag = primary_tag(language) if language else None
    speaker = load_engine(name, settings.engines.get(name, {}))
    try:
        wording = wording_of(text, settings, speaker, tag or ("zh" if has_han(text) else "en"), voice)
        if as_json:
            click.echo(json_text(_document(text, wording, name), indent=1))
        else:
            for line in format_rows(list(_rows(text, wording, name)), width=terminal_width()):
                click.echo(line)
        for word in wording.sounds.unspoken:
            print_line(f"{printable(word)!r} cannot be spoken; add its pronunciation to voices.yaml", err=True)
        if play:
            speech = _spoken(speaker, wording.utterance)
            play_samples(speech.samples, speech.sample_rate)
    finally:
        if isinstance(speaker, Online):
            speaker.close()


def _rows(text: str, wording: Wording, engine: str) -> Iterator[tuple[str, str]]:
    utterance, sounds = wording.utterance, wording.sounds
    yield "written", printable(text)
    for written, said in wording.replaced:
        yield "rule", printable(f"{written} is said as {said}" if said else f"{written} is skipped")
    for written, said in utterance.pronunciations.items():
        yield "given", printable(f"{written}: {said}")
    yield "spoken", printable(sounds.spoken)
    if sounds.pinyin:
        yield "pinyin", printable(sounds.pinyin)
    if sounds.phonemes or not sounds.unspoken:  # what has no sound is named below
        yield "phonemes", printable(sounds.phonemes) or f"{engine} does not tell them"
    yield "voice", printable(f"{engine}:{utterance.voice}")


def _document(text: str, wording: Wording, engine: str) -> dict[str, Any]:
    utterance, sounds = wording.utterance, wording.sounds
    return {
        "schema": _SCHEMA,
        "text": text,
        "language": utterance.language,
        "engine": engine,
        "voice": utterance.voice,
        "rules": [{"match": written, "say": said} for written, said in wording.replaced],
        "pronunciations": dict(utterance.pronunciations),
        "spoken": sounds.spoken,
        "phonemes": sounds.phonemes,
        "pinyin": sounds.pinyin,
        "unspoken": list(sounds.unspoken),
    }


def _spoken(engine: Engine, utterance: Utterance) -> Speech:
    if isinstance(engine, Downloading) and (needed := engine.needs_download()):
        print_line(f"downloading {needed}", err=True)
        engine.download(lambda *_: None)
    return engine.speak(utterance)
