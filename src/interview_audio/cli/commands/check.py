"""``interview-audio check``."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

import click

from interview_audio.cli.options import piped_contents, source_argument, source_options
from interview_audio.cli.terminal import COLUMN_GAP, format_rows, print_warnings, terminal_width, truncate, wrap
from interview_audio.configuration.languages import language_name
from interview_audio.configuration.settings import Settings
from interview_audio.engines.registry import load_engine
from interview_audio.errors import SourceError
from interview_audio.rendering.job import ParsedSource, parse_source
from interview_audio.rendering.options import RenderOptions
from interview_audio.rendering.up_to_date import read_inputs
from interview_audio.rendering.wording import guessed_words, rule_matches
from interview_audio.script.building import spoken_turns
from interview_audio.text.characters import columns
from interview_audio.text.printable import printable
from interview_audio.text.units import counted, numbered, shortened
from interview_audio.transcript.receipt import Unread, named_lines
from interview_audio.transcript.turns import SPOKEN_KINDS, Transcript, Turn

_MIN_SAMPLE_COLUMNS = 12
"""A turn's words that have fewer columns left on their line move below it."""
_MAX_SAMPLE_COLUMNS = 60
"""Columns of a turn's words that are shown below the line."""
_MAX_LABELS = 8
_GUESSING = "kokoro"
"""The engine whose dictionaries count, whoever speaks."""
_MAX_LONGEST = 3
"""Passages that are shown before all that are not read."""


@click.command()
@source_argument
@source_options
@click.option("--words", is_flag=True, help="List names and words that no dictionary has, as lines for voices.yaml.")
@click.option("--rules", is_flag=True, help="List what the reading rules of voices.yaml match, and what is said there.")
def check(
    source: Path,
    voices: Path | None,
    engine: str | None,
    language: str | None,
    title: str | None,
    *,
    strict: bool,
    read_everything: bool,
    words: bool,
    rules: bool,
) -> None:
    """Show how SOURCE was understood: where every character went, who speaks, what was inferred, what is not read.

    A character that is unaccounted for is an error. With --words or --rules, show these instead.
    """
    options = RenderOptions(
        voices=voices,
        engine=engine,
        language=language,
        title=title,
        reads_everything=read_everything,
        piped=piped_contents(),
    )
    parsed = parse_source(read_inputs(source, options), options)
    transcript = parsed.transcript
    spoken: Sequence[Turn] = ()
    nothing_read = None
    try:
        spoken = spoken_turns(transcript, parsed.settings)
    except SourceError as error:
        nothing_read = error
    print_warnings(parsed.warnings(spoken))
    read = {id(turn) for turn in spoken}
    report: Iterable[str] = _report(transcript, read, parsed.unread(spoken), terminal_width())
    if words or rules:
        chosen = engine or parsed.engine or parsed.settings.engine
        listed = _guessed(spoken, parsed, chosen) if words else ()
        report = (*(_matched(spoken, parsed.settings, terminal_width()) if rules else ()), *listed)
    for line in report:
        click.echo(line)
    if lost := transcript.receipt.unaccounted:
        raise click.ClickException(f"{source}: {counted(lost, 'character')} unaccounted for; please report this text")
    if nothing_read:
        raise SourceError(nothing_read.message, str(source))
    if strict:
        parsed.refuse_doubts(spoken)


def _report(transcript: Transcript, read: Collection[int], measured: Unread, width: int | None) -> Iterator[str]:
    """Yield the lines of the report; ``read`` holds the identities (``id``) of the turns that are read aloud."""
    yield from wrap(printable(transcript.title), width)
    yield from wrap(", ".join(_languages(transcript)), width)
    yield from ("", "Where the characters went")
    yield from format_rows(list(_accounts(transcript)), right=(1, 2), width=width)
    yield from ("", "Who speaks")
    speakers = list(_speakers(transcript))
    yield from format_rows(speakers, right=(2, 3), width=width) if len(speakers) > 1 else ["  nobody"]
    if known := [(printable(person.name), person.evidence) for person in transcript.speakers if person.evidence]:
        yield from ("", "How they are known")
        yield from format_rows(known, width=width)
    if recorded := [(turn, turn.recording.file) for turn in transcript.turns if turn.recording]:
        yield from ("", f"Recorded: {len(recorded)}")
        yield from _turn_rows(recorded, width)
    for confidence in ("guessed", "inferred"):
        unsure = [turn for turn in transcript.turns if turn.confidence == confidence and id(turn) in read]
        if unsure:
            yield from ("", f"{confidence.capitalize()}: {len(unsure)}")
            yield from _turn_rows([(turn, turn.reason) for turn in unsure], width)
    if unread := [turn for turn in transcript.turns if id(turn) not in read]:
        if len(measured.longest) > _MAX_LONGEST:
            yield from ("", "The longest passages that are not read aloud")
            yield from _unread_rows(measured.longest[:_MAX_LONGEST], width)
        yield from ("", f"Not read aloud: {len(unread)}, {100 * measured.share:.1f} % of the words")
        yield from _unread_rows(unread, width)


def _matched(spoken: Sequence[Turn], settings: Settings, width: int | None) -> Iterator[str]:
    """Yield a line for each match of a reading rule, and for each rule without one."""
    rows = []
    idle = dict(enumerate(settings.rules))
    for turn, text, (index, (start, end, said)) in rule_matches(spoken, settings):
        idle.pop(index, None)
        line = f"line {turn.line}" if turn.line else ""
        matched = shortened(printable(text[start:end]))
        rows.append((line, f"rules.{index}", matched, shortened(printable(said)) or "(skipped)"))
    rows += [("no line", f"rules.{index}", printable(rule.match), "matches nothing") for index, rule in idle.items()]
    yield from format_rows(rows, width=width) if rows else ["  there are no rules in voices.yaml"]


def _guessed(spoken: Sequence[Turn], parsed: ParsedSource, engine: str) -> Iterator[str]:
    """Yield the words that no dictionary has, as a part of a settings file."""
    settings = parsed.settings
    guesser = load_engine(_GUESSING, settings.engines.get(_GUESSING, {}))
    found = guessed_words(spoken, settings, guesser, parsed.transcript.speakers)
    if not found:
        yield "# every word is in a dictionary or under pronunciations:"
        return
    yield "pronunciations:"
    for language in dict.fromkeys(word.language for word in found):
        yield f"  {language}:"
        for word in found:
            if word.language == language:
                guess = word.guess if engine == _GUESSING else f"{{{_GUESSING}: {word.guess}}}"
                lines = numbered("line", list(dict.fromkeys(word.lines)), _MAX_LABELS)
                yield f"    {printable(word.written)}: {guess}  # {lines}"


def _unread_rows(turns: Sequence[Turn], width: int | None) -> Iterator[str]:
    return _turn_rows([(turn, ", ".join((*_unsureness(turn), turn.reason))) for turn in turns], width)


def _languages(transcript: Transcript) -> Iterator[str]:
    """Yield ``English``, and the lines in which another language is spoken."""
    yield language_name(transcript.language)
    others = dict.fromkeys(turn.language for turn in transcript.turns if turn.language != transcript.language)
    for language in others:
        turns = [turn for turn in transcript.turns if turn.language == language]
        yield f"{language_name(language)} in {named_lines(turns)}"


def _accounts(transcript: Transcript) -> Iterator[tuple[str, str, str]]:
    """Yield each fate of a character, its count and its share; for a script without a receipt, those of its turns."""
    receipt = transcript.receipt
    counts = Counter({"spoken": receipt.spoken, **receipt.skipped})
    if not receipt.characters:
        for turn in transcript.turns:
            counts["spoken" if turn.kind in SPOKEN_KINDS else turn.kind] += len(turn.text)
    count = receipt.characters or counts.total()
    kept = [(fate, some) for fate, some in counts.items() if some or fate == "spoken"]
    for fate, some in (*kept, ("unaccounted", receipt.unaccounted), ("all", count)):
        yield fate, f"{some:,}", f"{100 * some / max(count, 1):.1f} %"


def _speakers(transcript: Transcript) -> Iterator[tuple[str, str, str, str, str]]:
    yield "", "", "turns", "characters", "labels"
    turns: defaultdict[str | None, list[Turn]] = defaultdict(list)
    for turn in transcript.turns:
        if turn.kind in SPOKEN_KINDS:
            turns[turn.speaker].append(turn)
    for person in transcript.speakers:
        yield (printable(person.name), person.role, *_counts(turns[person.name]))
    if turns[None]:
        yield ("narration", "", *_counts(turns[None]))


def _counts(turns: Sequence[Turn]) -> tuple[str, str, str]:
    labels = Counter(printable(turn.label) if turn.label else "none" for turn in turns)
    named = ", ".join(f"{label} ({count})" for label, count in labels.most_common(_MAX_LABELS))
    named += ", …" if len(labels) > _MAX_LABELS else ""
    return f"{len(turns):,}", f"{sum(len(turn.text) for turn in turns):,}", named


def _unsureness(turn: Turn) -> tuple[str, ...]:
    return () if turn.confidence == "certain" else (turn.confidence,)


def _turn_rows(turns: Sequence[tuple[Turn, str]], width: int | None) -> Iterator[str]:
    """Yield each turn with a reason, and as many of its words as the terminal has room for."""
    found = [
        (f"line {turn.line}" if turn.line else "", *map(printable, (turn.speaker or turn.kind, reason, turn.text)))
        for turn, reason in turns
    ]
    rows: list[tuple[str, ...]] = found
    if width is not None:
        room = width - sum(max(map(columns, cells)) + len(COLUMN_GAP) for cells in list(zip(*found, strict=True))[:3])
        room -= len(COLUMN_GAP)
        rows = [
            (line, who, reason, truncate(words, room))
            if room >= _MIN_SAMPLE_COLUMNS
            else (line, who, f"{reason}: {truncate(words, _MAX_SAMPLE_COLUMNS)}")
            for line, who, reason, words in found
        ]
    yield from format_rows(rows, width=width)
