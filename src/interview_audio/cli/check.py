"""``interview-audio check``."""

import shutil
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from interview_audio.cli.options import source_argument, understanding
from interview_audio.options import Options

if TYPE_CHECKING:
    from interview_audio.transcript.turns import Receipt, Transcript, Turn

WIDTH_OF_A_PIPE = 100
WIDEST_REASON = 56
LONGEST_SAMPLE = 400
"""Characters of a turn that are shown at most, however wide the terminal."""
MOST_LABELS = 8
MOST_NAMED = 20
"""Lines that a message lists."""


@click.command()
@source_argument
@understanding
@click.option("--strict", is_flag=True, help="Fail when anything was guessed.")
def check(
    source: Path, voices: Path | None, engine: str | None, language: str | None, title: str | None, *, strict: bool
) -> None:
    """Show how SOURCE was understood: where every character went, who speaks, what was inferred, what is not read.

    A character that is unaccounted for is an error.
    """
    from interview_audio.cli.warning import warn
    from interview_audio.preparing import understand, warnings_about
    from interview_audio.script.building import spoken_turns

    options = Options(voices=voices, engine=engine, language=language, title=title)
    understood = understand(source, options)
    transcript = understood.transcript
    spoken = spoken_turns(transcript, understood.settings)
    warn(warnings_about(understood, spoken, source, options))
    read = {id(turn) for turn in spoken}
    for line in _report(transcript, read, shutil.get_terminal_size((WIDTH_OF_A_PIPE, 24)).columns):
        click.echo(line)
    if lost := transcript.receipt.unaccounted:
        raise click.ClickException(f"{source}: {lost} characters are unaccounted for; please report this text")
    guessed = [turn for turn in transcript.turns if turn.confidence == "guessed"]
    if strict and guessed:
        raise click.ClickException(
            f"{source}: guessed in {_named(guessed)}; label who speaks there, or settle it in a script file"
        )


def _report(transcript: "Transcript", read: Collection[int], width: int) -> Iterator[str]:
    """The lines to show; ``read`` holds the identities of the turns that are read aloud."""
    from interview_audio.cli.tables import aligned, cut, one_line

    yield cut(one_line(transcript.title), width)
    yield cut(", ".join(_languages(transcript)), width)
    if transcript.receipt.characters:
        yield from ("", "Where the characters went")
        yield from aligned(list(_accounts(transcript.receipt)), right=(1, 2), width=width)
    yield from ("", "Who speaks")
    yield from aligned(list(_speakers(transcript)), right=(2, 3), width=width)
    for confidence in ("guessed", "inferred"):
        unsure = [turn for turn in transcript.turns if turn.confidence == confidence and id(turn) in read]
        if unsure:
            yield from ("", f"{confidence.capitalize()}: {len(unsure)}")
            yield from aligned([_shown(turn, turn.reason) for turn in unsure], width=width)
    if unread := [turn for turn in transcript.turns if id(turn) not in read]:
        yield from ("", f"Not read aloud: {len(unread)}")
        rows = [_shown(turn, ", ".join((*_unsureness(turn), turn.reason))) for turn in unread]
        yield from aligned(rows, width=width)


def _languages(transcript: "Transcript") -> Iterator[str]:
    """``English``, and where another language is spoken."""
    from interview_audio.configuration.languages import language_name

    yield language_name(transcript.language)
    others = dict.fromkeys(turn.language for turn in transcript.turns if turn.language != transcript.language)
    for language in others:
        turns = [turn for turn in transcript.turns if turn.language == language]
        yield f"{language_name(language)} in {_named(turns)}"


def _accounts(receipt: "Receipt") -> Iterator[tuple[str, str, str]]:
    counts = {"spoken": receipt.spoken, **{reason: count for reason, count in receipt.skipped.items() if count}}
    for what, count in (*counts.items(), ("unaccounted", receipt.unaccounted), ("all", receipt.characters)):
        yield what, f"{count:,}", f"{100 * count / receipt.characters:.1f} %"


def _speakers(transcript: "Transcript") -> Iterator[tuple[str, str, str, str, str]]:
    from interview_audio.cli.tables import one_line

    yield "", "", "turns", "characters", "labels"
    turns: defaultdict[str | None, list[Turn]] = defaultdict(list)
    for turn in transcript.turns:
        if turn.kind in ("speech", "narration"):
            turns[turn.speaker].append(turn)
    for person in transcript.speakers:
        yield (one_line(person.name), person.role, *_counts(turns[person.name]))
    if turns[None]:
        yield ("narration", "", *_counts(turns[None]))


def _counts(turns: Sequence["Turn"]) -> tuple[str, str, str]:
    from interview_audio.cli.tables import one_line

    labels = Counter(one_line(turn.label) if turn.label else "none" for turn in turns)
    named = ", ".join(f"{label} ({count})" for label, count in labels.most_common(MOST_LABELS))
    named += ", …" if len(labels) > MOST_LABELS else ""
    return f"{len(turns):,}", f"{sum(len(turn.text) for turn in turns):,}", named


def _unsureness(turn: "Turn") -> tuple[str, ...]:
    return () if turn.confidence == "certain" else (turn.confidence,)


def _shown(turn: "Turn", reason: str) -> tuple[str, str, str, str]:
    from interview_audio.cli.tables import cut, one_line

    return (
        f"line {turn.line}" if turn.line else "",
        one_line(turn.speaker or turn.kind),
        cut(one_line(reason), WIDEST_REASON),
        one_line(turn.text[:LONGEST_SAMPLE]),
    )


def _named(turns: Sequence["Turn"]) -> str:
    numbers = [str(turn.line) for turn in turns if turn.line]
    if not numbers:
        return f"{len(turns)} turns"
    more = f" and {len(numbers) - MOST_NAMED} more" if len(numbers) > MOST_NAMED else ""
    return f"line{'' if len(numbers) == 1 else 's'} {', '.join(numbers[:MOST_NAMED])}{more}"
