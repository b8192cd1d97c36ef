"""Coverage-guided fuzzing of everything that reads a source: any bytes are refused with one line or accounted for.

usage: python tests/fuzz/fuzz_parsing.py [-runs=N] [-seed=N] [CORPUS_FOLDER]      (needs atheris, Linux)
"""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["interview_audio.transcript"]):
    from interview_audio.errors import SourceError
    from interview_audio.transcript.parsing import parse_transcript
    from interview_audio.transcript.reading import read_source

SUFFIXES = (".txt", ".srt", ".vtt", ".json", ".html", ".md")
CORPUS = Path(__file__).parents[1] / "data" / "transcripts"
FOLDER = Path(tempfile.mkdtemp(prefix="interview-audio-fuzz-"))
LONGEST = 4000


def one_input(data: bytes) -> None:
    """Read and parse; the first byte chooses the suffix."""
    source = FOLDER / "source.txt"
    source.write_bytes(data[1:])
    suffix = SUFFIXES[data[0] % len(SUFFIXES)] if data else ""
    refusal = None
    try:
        text = read_source(source)
        transcript = parse_transcript(text, suffix=suffix)
    except SourceError as error:
        refusal = str(error)
    if refusal is not None:
        assert "\n" not in refusal, refusal
        return
    receipt = transcript.receipt
    assert receipt.characters == len(text)
    assert receipt.spoken + sum(receipt.skipped.values()) + receipt.unaccounted == receipt.characters
    assert receipt.unaccounted == 0, receipt
    assert all(turn.text.strip() for turn in transcript.turns)


def seeds() -> Path:
    """The corpus of transcripts as fuzzing inputs."""
    folder = FOLDER / "seeds"
    folder.mkdir()
    for path in sorted(CORPUS.iterdir()):
        if path.suffix in SUFFIXES and not path.name.endswith(".turns.json"):
            content = bytes([SUFFIXES.index(path.suffix)]) + path.read_bytes()
            (folder / path.name).write_bytes(content[:LONGEST])
    return folder


if __name__ == "__main__":
    given = [word for word in sys.argv[1:] if not word.startswith("-")]
    options = [word for word in sys.argv if word.startswith("-")]
    atheris.Setup([sys.argv[0], f"-max_len={LONGEST}", *options, *(given or [str(seeds())])], one_input)
    atheris.Fuzz()
