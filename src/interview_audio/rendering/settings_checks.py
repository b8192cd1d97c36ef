"""Checks settings and marks against the interview and its engines.

Pronunciations that cannot be spoken, entries that match nothing, and marks inside lines that an engine cannot obey:
what it cannot do is left out, and said so once.
"""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from interview_audio.configuration.languages import language_name
from interview_audio.configuration.lookup import DEFAULT_NAME, NAME
from interview_audio.configuration.settings import KEY, Place, Settings, Speaker
from interview_audio.engines.protocol import Engine, Expressive, Phonetic, Selective, Stretch, Tunable
from interview_audio.engines.registry import BUILT_IN_ENGINES, check_engine_names
from interview_audio.errors import ConfigurationError, SourceError
from interview_audio.normalization.pronunciations import PINYIN, applies_to_folded, notation_of
from interview_audio.normalization.signs import fold_characters
from interview_audio.script.casting import HOST, possible_names, settings_entry
from interview_audio.script.lines import NARRATOR, Line
from interview_audio.synthesis.clips import FASTEST, SLOWEST
from interview_audio.text.characters import name_key
from interview_audio.text.units import counted, numbered
from interview_audio.transcript.reading import read_source
from interview_audio.transcript.turns import Transcript, Turn

_INSTEAD = {
    PINYIN: "write Chinese characters that sound the same (航 for háng)",
    "zhuyin": "write Chinese characters that sound the same (航 for ㄏㄤˊ)",
}


def check_pronunciations(lines: Sequence[Line], settings: Settings, engine: Engine) -> None:
    """Check that no pronunciation would be silent, or be read letter by letter.

    Notations are refused only for the built-in engines: one that a package brings may understand them.

    Raises:
        ConfigurationError: A pronunciation would be, or is for an engine that does not exist; with file, line and
            column.
    """
    check_engine_names(settings)
    for language, written, said, voices in _needed(lines, settings.pronunciations_for(engine.name)):
        notation = notation_of(said, written, language)
        message = _fault(said, notation, engine) if notation else _unread(said, voices, engine)
        if message:
            place = _place(settings, language, written, engine.name) or _place(settings, language, written)
            raise ConfigurationError(f"the pronunciation of {written!r}, {said!r}, {message}", *place)


def _place(settings: Settings, *path: str) -> Place | tuple[()]:
    return settings.places.get(("pronunciations", *path), ())


def _needed(
    lines: Sequence[Line], pronunciations: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    """Yield language, written and spoken form of what occurs in the lines, and the voices of that language."""
    for language, given in pronunciations.items():
        own = [line for line in lines if line.language == language]
        text = fold_characters("\n".join(line.said for line in own))
        voices = tuple(dict.fromkeys(line.voice.name for line in own))
        for written, said in given.items():
            if applies_to_folded(written, text):
                yield language, written, said, voices


def _pronunciation_fault(written: str, said: str, language: str, engine: Engine) -> str:
    """Return why an engine cannot say a pronunciation, in words that follow it; empty if it can."""
    notation = notation_of(said, written, language)
    return _fault(said, notation, engine) if notation else ""


def _fault(said: str, notation: str, engine: Engine) -> str:
    if isinstance(engine, Phonetic):
        return engine.notation_fault(said, notation)
    if engine.name not in BUILT_IN_ENGINES:
        return ""
    instead = _INSTEAD.get(notation, "write it as it sounds, in ordinary letters (win for Nguyen)")
    return f"is {notation}, which {engine.name} cannot read; {instead}"


def _unread(said: str, voices: Sequence[str], engine: Engine) -> str:
    if not isinstance(engine, Selective):
        return ""
    for voice in voices:
        if unread := engine.unread(said, voice):
            return f"would be silent: {voice} does not read {unread!r}; write it in letters that this voice reads"
    return ""


def overruled_voices(
    transcript: Transcript, settings: Settings, voices: Mapping[tuple[str, str, str], str], source: Path
) -> Iterator[str]:
    """Warn of each voice of a user's settings that is not heard because the script file names another.

    Args:
        transcript: Whose people speak.
        settings: All that count for it.
        voices: What the script file names, by speaker, language and engine.
        source: The script file.
    """
    names = possible_names(transcript.speakers)
    entries = {one.name: settings_entry(one, names[one.name], settings.speakers) for one in transcript.speakers}
    for (speaker, language, engine), voice in voices.items():
        entry = entries.get(speaker)
        given = entry.voices.get(language, {}).get(engine, voice) if entry else voice
        place = settings.places.get(("speakers", entry.name, "voices", language, engine)) if entry else None
        if given != voice and place and place[0] != DEFAULT_NAME:
            yield (
                f"{place[0]}:{place[1]}: {given} is not heard: {source.name} gives {speaker} the voice {voice}; "
                "change it there, or remove it there"
            )


_MOST_WARNINGS = 5
"""Warnings that are given one by one; a list of a hundred would hide the rest of what a render prints."""
_MOST_PEOPLE = 5
"""Speakers that a message lists."""
_MOST_NEIGHBOURS = 40
"""Other texts that are searched at most, so that a folder of a thousand costs no more than one of forty."""
_LARGEST_NEIGHBOUR = 1_000_000
"""Bytes of another text that is searched: an interview of ten hours has fewer."""


class UnmatchedEntry(NamedTuple):
    """A name or word of a settings file that nothing in an interview matches."""

    place: str
    """File, line and column."""
    before: str
    """What is said of it, up to the interview."""
    after: str
    hint: str = ""
    """What the interview has instead."""

    def told(self, where: str) -> str:
        """Return a warning, of an interview or of many."""
        return f"{self.place}: {self.before} {where} {self.after}"


def unmatched_warnings(unmatched: Sequence[UnmatchedEntry], file: str, where: str, *, hints: bool) -> tuple[str, ...]:
    """Warn of the entries of a settings file that match nothing: one by one of some, and the others are counted.

    Args:
        unmatched: The entries, in order.
        file: The settings file.
        where: The interview, or how many there are.
        hints: Say what the interview has instead.
    """
    messages = [f"{one.told(where)}{one.hint if hints else ''}" for one in unmatched[:_MOST_WARNINGS]]
    if more := max(0, len(unmatched) - _MOST_WARNINGS):
        messages.append(f"{file}: {counted(more, 'more entry', 'more entries')} without a match in {where}")
    return tuple(messages)


def unmatched_entries(
    transcript: Transcript, spoken: Sequence[Turn], settings: Settings, source: Path, file: Path | None
) -> tuple[UnmatchedEntry, ...]:
    """Find the names and words of a settings file that nothing in the interview matches.

    The roles always match. So does what occurs in another text of the source's folder: one file may serve them all.

    Args:
        transcript: Whose people are named.
        spoken: The turns that are read aloud.
        settings: All that count for it, merged.
        source: The interview.
        file: The one settings file that is about this interview; the others are not checked.
    """
    if file is None:
        return ()
    found = [
        (place, message, word)
        for place, message, word in (*_names(transcript, settings), *_words(spoken, settings))
        if place[0] == str(file)
    ]
    is_elsewhere = _searcher(source, file) if found else None
    return tuple(
        UnmatchedEntry(":".join(map(str, place)), *message)
        for place, message, word in sorted(found)
        if is_elsewhere and not is_elsewhere(word)
    )


_Found = tuple[Place, tuple[str, str, str], tuple[str, ...]]
"""The place of an entry, the parts of the warning, and the folded forms that something may be called."""


def _names(transcript: Transcript, settings: Settings) -> Iterator[_Found]:
    people = {form for forms in possible_names(transcript.speakers).values() for form in forms}
    listed = _listed([person.name for person in transcript.speakers])
    for entry in settings.speakers.values():
        forms = tuple(map(name_key, (entry.name, *entry.aliases)))
        if entry.place and entry.name not in (HOST, NARRATOR) and people.isdisjoint(forms):
            role = next((role for role in (HOST, NARRATOR) if name_key(entry.name) == role), None)
            hint = f"the role is written {role}" if role else listed
            yield entry.place, ("nobody in", f"is called {_called(entry)}", f"; {hint}"), forms


def _called(entry: Speaker) -> str:
    return " or ".join(map(repr, dict.fromkeys((entry.name, *entry.aliases))))


def _listed(names: Sequence[str]) -> str:
    if not names:
        return "it has no speakers"
    shown = list(names[:_MOST_PEOPLE])
    if len(names) > _MOST_PEOPLE:
        shown.append(f"{len(names) - _MOST_PEOPLE} more")
    return f"its speakers are {', '.join(shown[:-1])} and {shown[-1]}" if shown[1:] else f"its speaker is {shown[0]}"


def _words(spoken: Sequence[Turn], settings: Settings) -> Iterator[_Found]:
    texts = {
        language: fold_characters("\n".join(turn.text for turn in spoken if turn.language == language))
        for language in dict.fromkeys(turn.language for turn in spoken)
    }
    ruled = fold_characters("\n".join(rule.say for rule in settings.rules))
    for language, given in settings.pronunciations.items():
        for written in given:
            if applies_to_folded(written, ruled):
                continue
            place = settings.places.get(("pronunciations", language, written, KEY))
            holding = [tag for tag, text in texts.items() if applies_to_folded(written, text)]
            if place is None or language in holding:
                continue
            before, after = f"no {language_name(language)} line of", f"contains {written!r}"
            other = next((tag for tag in holding if written not in settings.pronunciations.get(tag, {})), None)
            if other:
                hint = f", but a line in {language_name(other)} does; move it to {other}:"
                yield place, (before, after, hint), (name_key(written),)
            elif not holding:
                yield place, (before, f"{after}: this pronunciation changes nothing", ""), (name_key(written),)


def _searcher(source: Path, file: Path) -> Callable[[Sequence[str]], bool]:
    """Return a function that tells whether one of some folded words is in another text of the source's folder."""
    texts = [name_key(text) for text in _neighbours(source, file)]
    return lambda words: any(word and word in text for word in words for text in texts)


def _neighbours(source: Path, file: Path) -> Iterator[str]:
    candidates = _alike(source) if source.suffix else []
    others = (path for path in candidates if path.name not in (source.name, file.name, NAME))
    for path in islice(others, _MOST_NEIGHBOURS):
        try:
            if path.is_file() and path.stat().st_size <= _LARGEST_NEIGHBOUR:
                yield read_source(path)
        except (OSError, SourceError):
            continue  # not a text, which is not ours to report


def _alike(source: Path) -> list[Path]:
    """Return the files beside the source with the same suffix, in order of name."""
    try:
        return sorted(path for path in source.absolute().parent.iterdir() if path.suffix == source.suffix)
    except OSError:  # the source came by a pipe, or its folder may be entered and not listed
        return []


_MOST_LINES = 10
"""Lines that a message names."""


def fit_marks(lines: Sequence[Line], engines: Mapping[str, Engine]) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """Leave out of the lines what their engines cannot do.

    What an engine leaves out is no part of a clip's key, so that changing it makes no clip anew. Every engine takes a
    rate, and some a pitch: a line that is slow as a whole is slow with all of them.

    Args:
        lines: The script's.
        engines: Those that speak them, by name.

    Returns:
        The lines, and what is not said as it is marked, a warning each.
    """
    if not any(line.stretches for line in lines):
        return tuple(lines), ()
    fitted: list[Line] = []
    plain: defaultdict[str, list[int]] = defaultdict(list)
    faults: list[str] = []
    for line in lines:
        engine = engines[line.voice.engine]
        readable = tuple(_readable(line, engine, faults))
        if isinstance(engine, Expressive) and engine.obeys_stretches:
            fitted.append(replace(line, stretches=readable))
            continue
        whole = _whole(line)
        rate = min(max(round(line.voice.rate * whole.rate, 4), SLOWEST), FASTEST) if whole else line.voice.rate
        pitch = line.voice.pitch + whole.pitch if whole and _is_tunable(engine) else line.voice.pitch
        left = tuple(Stretch(one.start, one.end, say=one.say) for one in readable if one.say)
        fitted.append(replace(line, voice=replace(line.voice, rate=rate, pitch=pitch), stretches=left))
        # Stress is not asked for but for the eye in most texts with italics: no reason for a warning at each render.
        if any((one.rate != 1 and not whole) or (one.pitch and pitch == line.voice.pitch) for one in line.stretches):
            plain[engine.name].append(line.source_line)
    passed_over = tuple(itertools.starmap(_passed_over, plain.items()))
    last = passed_over or tuple(faults[_MOST_WARNINGS:][-1:])
    return tuple(fitted), (*faults[:_MOST_WARNINGS], *last)


def _is_tunable(engine: Engine) -> bool:
    return isinstance(engine, Tunable) and engine.obeys_pitch


def _passed_over(engine: str, source_lines: Sequence[int]) -> str:
    what = "a part of a line slower, faster, higher or lower"
    where = numbered("line", sorted(set(source_lines)), _MOST_LINES)
    return f"{engine} cannot say {what}; the marks in {where} are passed over"


def untuned_turns(lines: Sequence[Line], turns: Sequence[Turn], engines: Mapping[str, Engine]) -> Iterator[str]:
    """Yield a warning where whole turns are to be higher or lower than an engine can make its voices."""
    marked: defaultdict[str, set[int]] = defaultdict(set)
    for line in lines:
        if not line.is_announced and turns[line.turn].delivery.pitch and not _is_tunable(engines[line.voice.engine]):
            marked[line.voice.engine].add(line.turn + 1)
    for engine, found in marked.items():
        where = numbered("turn", sorted(found), _MOST_LINES)
        yield f"{engine} cannot change the pitch of a voice; that of {where} is passed over"


def _readable(line: Line, engine: Engine, faults: list[str]) -> Iterator[Stretch]:
    """Yield the stretches of a line, without a pronunciation that the engine would spell."""
    for stretch in line.stretches:
        written = line.text[stretch.start : stretch.end]
        fault = _pronunciation_fault(written, stretch.say, line.language, engine) if stretch.say else ""
        if not fault:
            yield stretch
            continue
        faults.append(f"{line.place}: {stretch.say!r} for {written!r} {fault}; it is said as it is written")
        kept = replace(stretch, say="")
        if kept != Stretch(stretch.start, stretch.end):
            yield kept


def _whole(line: Line) -> Stretch | None:
    """Return what the whole line is said with; None where only a part of it is."""
    first = line.stretches[0] if len(line.stretches) == 1 else None
    is_whole = first is not None and not any(map(str.isalnum, line.text[: first.start] + line.text[first.end :]))
    return first if is_whole else None
