"""The stages of a render that read or write words, each as what `growth` times: from the bytes to the cover."""

import contextlib
import json
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
from click.testing import CliRunner

from interview_audio.cli import command_line
from interview_audio.configuration.documents import parse_document
from interview_audio.configuration.loading import read_values
from interview_audio.configuration.settings import Captions
from interview_audio.engines.durations import estimate_words
from interview_audio.engines.edge.word_boundaries import WordBoundary, letters_without_word, spoken_words
from interview_audio.engines.protocol import SpokenWord
from interview_audio.engines.utterance_pieces import cut_text, prepare_text
from interview_audio.errors import InterviewAudioError
from interview_audio.normalization.spoken_text import spoken_spans
from interview_audio.production.cover import draw_cover
from interview_audio.production.sidecars.player_page import EpisodeDetails
from interview_audio.production.sidecars.sidecar_files import format_sidecars
from interview_audio.production.timeline import Timeline, lay_out
from interview_audio.rendering.job import RenderJob, prepare
from interview_audio.rendering.options import RenderOptions
from interview_audio.script.chapter_titles import chapter_title
from interview_audio.script.script_file import transcript_from_dict
from interview_audio.script.sentences import utterances
from interview_audio.synthesis.clip_file import write_clip
from interview_audio.synthesis.clips import Clip, Measurement, Word
from interview_audio.text.printable import printable
from interview_audio.transcript.parsing import parse_transcript
from interview_audio.transcript.reading import read_source
from interview_audio.verification.sidecar_reading import (
    parse_chapters_json,
    parse_podlove,
    parse_show_notes,
    parse_srt,
    parse_transcript_json,
    parse_webvtt,
)

Stage = Callable[[str], Callable[[], object]]
"""From what is repeated to the work that is timed; what that only needs is made before."""

CUE_CHARACTERS = 40
RATE = 24000
WORD = re.compile(r"\S+")
PRONUNCIATIONS = {"Holm": "home", "a": "ay", "光": "guāng"}


def _talk(said: str, before: str = "") -> str:
    return f"The keepers\n\n{before}Q: Why is it so?\n\nIda Holm: {said}\n\nQ: And then?\n\nIda Holm: Nothing.\n"


def _reading(wrap: Callable[[str], str], suffix: str = ".txt") -> Stage:
    """Return a source of one format, understood; one that is refused has been read too."""

    def stage(run: str) -> Callable[[], object]:
        text = wrap(run)

        def read() -> None:
            with contextlib.suppress(InterviewAudioError):
                parse_transcript(text, suffix=suffix)

        return read

    return stage


def _cues(run: str) -> Iterator[tuple[int, str]]:
    """Return the run in short cues, each with its number."""
    lines = [run[start : start + CUE_CHARACTERS].strip() or "a" for start in range(0, len(run), CUE_CHARACTERS)]
    return enumerate(lines)


def _clock(second: int, mark: str) -> str:
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}{mark}000"


def _srt(cues: Iterator[tuple[int, str]]) -> str:
    return "".join(f"{n + 1}\n{_clock(n, ',')} --> {_clock(n + 1, ',')}\n{text}\n\n" for n, text in cues)


def _vtt(cues: Iterator[tuple[int, str]]) -> str:
    return "WEBVTT\n\n" + "".join(f"{_clock(n, '.')} --> {_clock(n + 1, '.')}\n<v Ida>{text}\n\n" for n, text in cues)


def _sbv(cues: Iterator[tuple[int, str]]) -> str:
    return "".join(f"{_clock(n, '.')[1:]},{_clock(n + 1, '.')[1:]}\n{text}\n\n" for n, text in cues)


def _json(cues: Iterator[tuple[int, str]]) -> str:
    segments = [{"start": n, "end": n + 1, "speaker": f"Speaker {n % 2}", "text": text} for n, text in cues]
    return json.dumps({"segments": segments}, ensure_ascii=False)


def _whole(run: str) -> Iterator[tuple[int, str]]:
    return iter(((0, run), (1, "And then?"), (2, "Nothing.")))


def _html(run: str) -> str:
    return f"<html><body><h1>The keepers</h1><p>Q: Why?</p><p>Ida Holm: {run}</p><p>Q: And then?</p></body></html>"


def _escaped(run: str) -> str:
    return _html(run.replace("&", "&amp;").replace("<", "&lt;"))


def _script(run: str) -> str:
    turns = [{"speaker": "Ida", "text": "Why?"}, {"speaker": "Tom", "text": run}, {"speaker": "Ida", "text": "So."}]
    return json.dumps({"schema": 1, "title": run, "language": "en", "turns": turns}, ensure_ascii=False)


def _loading_script(name: str, wrap: Callable[[str], str]) -> Stage:
    def stage(run: str) -> Callable[[], object]:
        text = wrap(run)

        def load() -> None:
            with contextlib.suppress(InterviewAudioError):
                transcript_from_dict(parse_document(text, name))

        return load

    return stage


def _settings(run: str) -> str:
    written = json.dumps(run, ensure_ascii=False)
    return (
        f"speakers:\n  {written}: {{aliases: [{written}], voices: {{en: {{tone: {written}}}}}}}\n"
        f"pronunciations: {{en: {{{written}: {written}}}}}\nshow: {{title: {written}}}\n"
    )


def _loading_settings(wrap: Callable[[str], str]) -> Stage:
    def stage(run: str) -> Callable[[], object]:
        text = wrap(run)

        def load() -> None:
            with contextlib.suppress(InterviewAudioError):
                read_values(text, "voices.yaml")

        return load

    return stage


def _decoding(encoding: str) -> Stage:
    def stage(run: str) -> Callable[[], object]:
        path = Path(tempfile.mkdtemp()) / "talk.txt"
        path.write_bytes(run.encode(encoding, "replace"))

        def decode() -> None:
            with contextlib.suppress(InterviewAudioError):
                read_source(path)

        return decode

    return stage


def _written(text: str, settings: str = "") -> Path:
    """Return a source in a folder of its own, beside its settings."""
    source = Path(tempfile.mkdtemp()) / "talk.txt"
    source.write_text(text, "utf-8", "replace")
    source.with_name("voices.yaml").write_text(settings, "utf-8", "replace")
    return source


def _command(name: str, wrap: Callable[[str], str], settings: Callable[[str], str] = lambda _: "") -> Stage:
    """Return a whole command, as far as it goes without a sound."""

    def stage(run: str) -> Callable[[], object]:
        words = [name, str(_written(wrap(run), settings(run))), "--engine", "tone"]
        return lambda: CliRunner().invoke(command_line, words)

    return stage


def _aliases(run: str) -> str:
    """Return settings that give somebody all of these words as names."""
    return f"speakers: {{Ida Holm: {{aliases: {json.dumps(list(dict.fromkeys(run.split())), ensure_ascii=False)}}}}}\n"


def _prepared(text: str) -> RenderJob | None:
    with contextlib.suppress(InterviewAudioError):
        return prepare(_written(text), RenderOptions(engine="tone"))
    return None


def _timeline(prepared: RenderJob) -> Timeline:
    """Return the lines of a script, each with a clip whose words have their times and whose sound is short."""
    folder = Path(tempfile.mkdtemp())
    clips = []
    for number, line in enumerate(prepared.script.lines):
        found = enumerate(WORD.findall(line.text))
        spoken = [Word(text, index * 0.3, index * 0.3 + 0.25) for index, text in found]
        path = folder / f"{number}.flac"
        write_clip(path, np.zeros(240, np.int16), RATE, spoken, Measurement(0, 240, (-20.0,)))
        length = round(max(0.3 * len(spoken), 0.06 * len(line.text)) * RATE)
        clips.append(Clip(path.stem, path, RATE, length, 0, length, (-20.0,)))
    return lay_out(prepared.script, clips, prepared.settings)


def _writing_companions(wrap: Callable[[str], str]) -> Stage:
    """Captions, transcript, chapters and notes, written and read back."""

    def stage(run: str) -> Callable[[], object]:
        prepared = _prepared(wrap(run))
        if prepared is None:
            return lambda: None
        timeline = _timeline(prepared)
        facts = EpisodeDetails(prepared.script.speakers, prepared.script.title, None)

        def write() -> None:
            files = format_sidecars(prepared.script, timeline, Captions(words=True), facts)
            parse_srt(files[".srt"])
            parse_webvtt(files[".vtt"])
            parse_transcript_json(files[".transcript.json"])
            parse_chapters_json(files[".chapters.json"])
            parse_podlove(files[".psc.xml"])
            parse_show_notes(files[".md"])

        return write

    return stage


def _sending(run: str) -> Callable[[], object]:
    """Return what the online engines make of a text, and of the words that a service reports."""

    def send() -> None:
        wording = prepare_text(run, PRONUNCIATIONS)
        words: list[SpokenWord] = []
        for piece in cut_text(wording.sent):
            sent = wording.sent[slice(*piece)]
            heard = [WordBoundary(found[0], index, index + 1) for index, found in enumerate(WORD.finditer(sent))]
            words += spoken_words(wording, piece, heard, len(heard))
            estimate_words(wording, piece, (0, len(sent)))
        letters_without_word(run, words)

    return send


STAGES: Mapping[str, Stage] = {
    "bytes: UTF-8": _decoding("utf-8"),
    "bytes: GB18030": _decoding("gb18030"),
    "text: title": _reading(lambda run: run + "\n\n" + _talk("It is.")),
    "text: introduction": _reading(lambda run: _talk("It is.", run + "\n\n")),
    "text: turn": _reading(_talk),
    "text: label": _reading(lambda run: f"The keepers\n\n{run}: Why is it so?\n\n" * 2 + _talk("It is.")),
    "text: front matter": _reading(lambda run: f"---\ntitle: {run}\nhost: {run}\n---\n\n" + _talk("It is.")),
    "markdown: heading": _reading(lambda run: f"# {run}\n\n**Why?**\n\nIt is.\n\n**And then?**\n\nNo.\n", ".md"),
    "markdown: bold": _reading(lambda run: f"# Keepers\n\n**{run}**\n\nIt is.\n\n**And then?**\n\n*{run}*\n", ".md"),
    "SRT: one cue": _reading(lambda run: _srt(_whole(run)), ".srt"),
    "SRT: many cues": _reading(lambda run: _srt(_cues(run)), ".srt"),
    "VTT: many cues": _reading(lambda run: _vtt(_cues(run)), ".vtt"),
    "VTT: header": _reading(lambda run: f"WEBVTT {run}\n\n{_vtt(_whole(run))}", ".vtt"),
    "SBV: many cues": _reading(lambda run: _sbv(_cues(run)), ".sbv"),
    "JSON: one segment": _reading(lambda run: _json(_whole(run)), ".json"),
    "JSON: many segments": _reading(lambda run: _json(_cues(run)), ".json"),
    "JSON: raw": _reading(lambda run: f'{{"segments": [{run}', ".json"),
    "HTML: paragraph": _reading(_escaped, ".html"),
    "HTML: raw": _reading(_html, ".html"),
    "script: YAML": _loading_script("talk.yaml", _script),
    "script: raw": _loading_script("talk.yaml", lambda run: f"turns:\n- text: {run}\n"),
    "settings: names": _loading_settings(_settings),
    "normalization: English": lambda run: lambda: spoken_spans(run, "en", PRONUNCIATIONS),
    "normalization: Mandarin": lambda run: lambda: spoken_spans(run, "zh", PRONUNCIATIONS),
    "utterances": lambda run: lambda: utterances(run),
    "chapter title": lambda run: lambda: chapter_title(run, 60),
    "printable": lambda run: lambda: printable(run),
    "check: turn": _command("check", _talk),
    "check: names": _command("check", _talk, _aliases),
    "script: title": _command("script", lambda run: run + "\n\n" + _talk("It is.")),
    "plan: turn": _command("plan", _talk),
    "companions: turn": _writing_companions(_talk),
    "companions: title": _writing_companions(lambda run: f"{run}\n\nQ: {run}?\n\nA: So.\n\nQ: Why?\n\nA: No.\n"),
    "cover": lambda run: lambda: draw_cover(run),
    "online wording": _sending,
}
