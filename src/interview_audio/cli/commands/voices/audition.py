"""``interview-audio voices audition`` and ``gallery``: voices heard with the same words, a few or all of them."""

import re
import sys
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path

import click

from interview_audio.cli import progress
from interview_audio.cli.options import (
    SourcePath,
    engine_option,
    language_option,
    offline_option,
    output_file_option,
    piped_contents,
    store_option,
    voices_option,
)
from interview_audio.cli.playback import play_samples
from interview_audio.cli.terminal import print_line
from interview_audio.configuration.documents import inline
from interview_audio.configuration.languages import primary_tag
from interview_audio.configuration.loading import settings_from
from interview_audio.configuration.lookup import read_settings_files
from interview_audio.configuration.settings import Settings
from interview_audio.engines.protocol import Engine, Measured, VoiceInfo
from interview_audio.errors import UsageError
from interview_audio.files.ownership import write_new
from interview_audio.files.sound_files import wav_of
from interview_audio.rendering.audition import (
    SENTENCES,
    Audition,
    Candidate,
    Excerpt,
    GalleryVoice,
    Heard,
    first_words,
    gallery_page,
    pool_voices,
)
from interview_audio.rendering.options import Listener, RenderOptions, SilentListener
from interview_audio.script.casting import HOST
from interview_audio.script.lines import NARRATOR, Voice, parts_of_blend
from interview_audio.storage.addresses import Location
from interview_audio.synthesis.planning import engine_settings_json
from interview_audio.synthesis.store import open_store
from interview_audio.synthesis.workers import WorkerPool
from interview_audio.text.characters import has_han, has_letter_or_digit
from interview_audio.text.printable import printable
from interview_audio.text.units import counted, format_bytes

_ENGINE_OF_VOICE = re.compile(r"([a-z][\w-]*):(.+)", re.DOTALL)
"""``edge:en-US-AvaNeural``, as a script file and the summary name a voice."""
_VOICE_NAME = re.compile(r"(?:[a-z]{2}_)?(\w+)")
"""The part of ``af_heart`` that a person would say."""
_NOT_IN_FILE_NAMES = re.compile(r"[^\w.]+")


@click.command()
@click.argument("voice_names", metavar="[VOICE]...", nargs=-1)
@click.option("--text", metavar="TEXT", help="What they say; default: a sentence of ours in the language.")
@click.option("--from", "source", type=SourcePath, metavar="SOURCE", help="Say the first lines of a speaker of SOURCE.")
@click.option("--speaker", metavar="NAME", help="With --from: whose.")
@click.option("--rate", type=click.FloatRange(0.5, 2), metavar="N", help="Speaking rate; 1.05 is 5 % faster.")
@click.option("--pitch", type=click.FloatRange(-6, 6), metavar="N", help="Semitones above the voice's own pitch.")
@click.option("--say-names", is_flag=True, help="Each voice says its name first.")
@click.option("--play", is_flag=True, help="Play them, one after the other; the default without -o.")
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write a WAV of each to DIR.",
)
@click.option("--force", is_flag=True, help="Replace other files of these names in DIR.")
@voices_option
@engine_option
@language_option
@store_option
@offline_option
def audition(
    voice_names: tuple[str, ...],
    text: str | None,
    source: Path | None,
    speaker: str | None,
    rate: float | None,
    pitch: float | None,
    voices: Path | None,
    engine: str | None,
    language: str | None,
    store: Location | None,
    output: Path | None,
    *,
    say_names: bool,
    play: bool,
    force: bool,
    offline: bool,
) -> None:
    """Hear VOICEs say the same words, equally loud.

    A VOICE is a name of `voices list`, a blend such as "af_bella*0.7 + af_nicole*0.3", or ENGINE:NAME. Without any,
    those of the pool are heard that would suit the speaker. What was heard before is played at once.
    """
    _refuse_misfits(text, source, speaker)
    files = read_settings_files(source, voices, piped_contents())
    settings = settings_from(files)
    named = [_ENGINE_OF_VOICE.fullmatch(name) for name in voice_names]
    chosen = engine or next((match[1] for match in named if match), settings.engine)
    if others := [match[0] for match in named if match and match[1] != chosen]:
        raise UsageError(f"{others[0]} is not a voice of {chosen}; hear one engine at a time")
    names = [match[2].strip() if match else name for match, name in zip(named, voice_names, strict=True)]
    own = {**settings.engines.get(chosen, {}), **({"offline": True} if offline else {})}
    with WorkerPool() as pool:
        speaking = pool.engines.get(chosen, engine_settings_json(own))
        options = RenderOptions(voices=voices, engine=chosen, language=language, store=store, piped=piped_contents())
        excerpt = _excerpt(text, source, speaker, language, options, names, speaking)
        names = names or list(pool_voices(excerpt, settings, speaking))
        voice = Voice(chosen, "", rate or excerpt.rate, excerpt.pitch if pitch is None else pitch)
        candidates = [
            Candidate(replace(voice, name=name), _spoken_name(name, excerpt.language) if say_names else "")
            for name in names
        ]
        with _listener() as listener:
            hearing = Audition(settings, open_store(store), listener, is_offline=offline)
            heard = hearing.hear(candidates, excerpt, speaking, own, pool)
    _hand_out(heard, output, play=play or output is None, force=force)


def _listener() -> AbstractContextManager[Listener]:
    """Show progress where somebody waits for it; a few clips are not worth a line of a log."""
    return progress.listener() if sys.stderr.isatty() else nullcontext(SilentListener())


def _refuse_misfits(text: str | None, source: Path | None, speaker: str | None) -> None:
    if text is not None and source is not None:
        raise UsageError("--text and --from both say what is heard; leave one out")
    if (source is None) != (speaker is None):
        raise UsageError("--from SOURCE and --speaker NAME go together")
    if text is not None and not has_letter_or_digit(text):
        raise UsageError("--text has no letter or digit; write what is to be said")


def _excerpt(
    text: str | None,
    source: Path | None,
    speaker: str | None,
    language: str | None,
    options: RenderOptions,
    names: Sequence[str],
    engine: Engine,
) -> Excerpt:
    """Return what is said; its language is the one given, the text's, or the first voice's."""
    tag = primary_tag(language) if language else None
    if source is not None and speaker is not None:
        return first_words(source, speaker, tag, replace(options, language=None))
    if text is not None:
        return Excerpt(tag or ("zh" if has_han(text) else _language_of(names, engine, "en")), (text,))
    tag = tag or _language_of(names, engine, "en")
    if tag not in SENTENCES:
        raise UsageError(f"there is no sentence of ours in {tag}; say what is heard with --text TEXT")
    return Excerpt(tag, (SENTENCES[tag],))


def _language_of(names: Sequence[str], engine: Engine, otherwise: str) -> str:
    """Return the first language of the first voice, that of the main part of a blend."""
    if not names:
        return otherwise
    known = {voice.name: voice.languages for voice in engine.voices()}
    return next((known[word][0] for word in re.findall(r"[\w-]+", names[0]) if known.get(word)), otherwise)


def _spoken_name(voice: str, language: str) -> str:
    """Return what a voice calls itself: ``af_bella*0.7 + af_nicole*0.3`` is bella and nicole."""
    names = [_VOICE_NAME.sub(r"\1", part).replace("-", " ") for part in parts_of_blend(voice)]
    return f"{('和' if language == 'zh' else ' and ').join(names)}{'。' if language == 'zh' else '.'}"


def _hand_out(heard: Sequence[Heard], output: Path | None, *, play: bool, force: bool) -> None:
    files = [output / f"{_file_name(one)}.wav" for one in heard] if output else []
    for path, one in zip(files, heard, strict=False):
        write_new(path, wav_of(one.samples, one.sample_rate), is_forced=force)
    for number, one in enumerate(heard):
        print_line(f"{printable(str(one.voice))}  {one.seconds:.1f} s{f'  {files[number]}' if files else ''}")
        for word in one.unspoken:
            print_line(f"{printable(word)!r} cannot be spoken; add its pronunciation to voices.yaml", err=True)
        if play and not play_samples(one.samples, one.sample_rate):
            print_line("write them with -o DIR, and open them in your player", err=True)
            click.get_current_context().exit(1)


def _file_name(heard: Heard) -> str:
    return _NOT_IN_FILE_NAMES.sub("-", heard.voice.name).strip("-.") or "voice"


@click.command()
@output_file_option("The page.", "voices.html")
@click.option("--force", is_flag=True, help="Replace another file of this name.")
@voices_option
@engine_option
@store_option
@offline_option
def gallery(
    output: Path, voices: Path | None, engine: str | None, store: Location | None, *, force: bool, offline: bool
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
