"""``interview-audio voices gallery``."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import click

from interview_audio.cli import progress
from interview_audio.cli.options import (
    engine_option,
    offline_option,
    output_file_option,
    piped_contents,
    store_option,
    voices_option,
)
from interview_audio.cli.terminal import print_line
from interview_audio.configuration.documents import inline
from interview_audio.configuration.loading import settings_from
from interview_audio.configuration.lookup import read_settings_files
from interview_audio.configuration.settings import Settings
from interview_audio.engines.protocol import Engine, Measured, VoiceInfo
from interview_audio.files.ownership import write_new
from interview_audio.rendering.audition import (
    SENTENCES,
    Audition,
    Candidate,
    Excerpt,
    GalleryVoice,
    Heard,
    gallery_page,
)
from interview_audio.script.casting import HOST
from interview_audio.script.lines import NARRATOR, Voice, parts_of_blend
from interview_audio.synthesis.planning import engine_settings_json
from interview_audio.synthesis.store import open_store
from interview_audio.synthesis.workers import WorkerPool
from interview_audio.text.units import counted, format_bytes


@click.command()
@output_file_option("The page.", "voices.html")
@click.option("--force", is_flag=True, help="Replace another file of this name.")
@voices_option
@engine_option
@store_option
@offline_option
def gallery(
    output: Path, voices: Path | None, engine: str | None, store: Path | None, *, force: bool, offline: bool
) -> None:
    """Write a page with the sound of every voice, to compare them and to copy the line for voices.yaml.

    One file that needs no network. Kokoro takes a few minutes the first time; other engines are asked for a sentence in
    each language that the page has a sentence for.
    """
    settings = settings_from(read_settings_files(None, voices, piped_contents()))
    chosen = engine or settings.engine
    own = {**settings.engines.get(chosen, {}), **({"offline": True} if offline else {})}
    with WorkerPool() as pool, progress.listener() as listener:
        speaking = pool.engines.get(chosen, engine_settings_json(own))
        hearing = Audition(settings, open_store(store), listener, is_offline=offline)
        shown: list[tuple[GalleryVoice, Heard]] = []
        for language, entries in _entries(speaking, settings).items():
            candidates = [Candidate(Voice(chosen, entry.name)) for entry in entries]
            heard = hearing.hear(candidates, Excerpt(language, (SENTENCES[language],)), speaking, own, pool)
            shown += zip(entries, heard, strict=True)
    if not shown:
        raise click.ClickException(f"no voices of {chosen} can be listed for {', '.join(SENTENCES)}")
    about = f"{counted(len(shown), 'voice')} of {chosen}, each with the same words, equally loud."
    content = gallery_page(shown, about).encode()
    write_new(output, content, is_forced=force)
    print_line(f"{output}  {counted(len(shown), 'voice')}  {format_bytes(len(content))}")


def _entries(engine: Engine, settings: Settings) -> dict[str, list[GalleryVoice]]:
    """Return what is shown by language: the voices that the settings give to roles, then all of the engine."""
    known = {voice.name: voice for voice in engine.voices()}
    found: dict[str, list[GalleryVoice]] = {}
    for language in SENTENCES:
        used = {
            speaker.voices[language][engine.name]: name
            for name, speaker in reversed([*settings.speakers.items()])
            if engine.name in speaker.voices.get(language, {})
        }
        names = [*used, *(name for name, voice in known.items() if language in voice.languages and name not in used)]
        if entries := [_entry(name, language, known, used.get(name, ""), engine.name) for name in names]:
            found[language] = [_measured(entry, engine) for entry in entries]
    return found


def _entry(name: str, language: str, known: Mapping[str, VoiceInfo], user: str, engine: str) -> GalleryVoice:
    main = known.get(name) or next((known[part] for part in parts_of_blend(name) if part in known), None)
    whose = f"the {user}" if user in (HOST, NARRATOR) else user
    return GalleryVoice(
        name,
        language,
        main.gender if main else "unknown",
        ("a blend" if name not in known else main.description) if main else "",
        f"{language}: {inline({engine: name})}",
        f"voice of {whose}" if user else "",
    )


def _measured(entry: GalleryVoice, engine: Engine) -> GalleryVoice:
    """Add what was measured of a voice, if this engine knows it."""
    traits = engine.traits(entry.name, entry.language) if isinstance(engine, Measured) else None
    if traits is None:
        return entry
    clarity = None if traits.clarity is None else round(100 * traits.clarity, 1)
    quality = None if traits.quality is None else round(traits.quality, 2)
    return replace(
        entry, recommended=traits.is_recommended, clarity=clarity, quality=quality, pitch=round(traits.pitch)
    )
