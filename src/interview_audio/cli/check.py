"""``interview-audio check``."""

from pathlib import Path

import click

from interview_audio.cli.options import source_argument, understanding
from interview_audio.cli.summary import shortened


@click.command()
@source_argument
@understanding
@click.option("--strict", is_flag=True, help="Fail when anything was guessed or a character is unaccounted for.")
def check(
    source: Path, voices: Path | None, engine: str | None, language: str | None, title: str | None, *, strict: bool
) -> None:
    """Show how SOURCE was understood: the receipt for its characters, what is not read, and what was inferred."""
    from interview_audio import pipeline

    options = pipeline.Options(voices=voices, engine=engine, language=language, title=title)
    transcript = pipeline.understand(source, options).transcript
    receipt = transcript.receipt
    skipped = ", ".join(f"{count} {reason}" for reason, count in receipt.skipped.items() if count)
    click.echo(f"{receipt.characters} characters: {receipt.spoken} spoken; not spoken: {skipped or 'none'}")
    click.echo(f"unaccounted: {receipt.unaccounted}")
    guesses = [turn for turn in transcript.turns if turn.confidence == "guessed"]
    for turn in transcript.turns:
        kept = turn.kind in ("speech", "narration")
        if not kept or turn.confidence != "certain":
            what = f"{turn.confidence}, {turn.speaker or turn.kind}" if kept else f"not speech, {turn.kind}"
            click.echo(f"line {turn.line}: {what}: {turn.reason}: {shortened(turn.text)}")
    if strict and (guesses or receipt.unaccounted):
        raise click.ClickException(f"{source}: {len(guesses)} guesses, {receipt.unaccounted} characters lost")
