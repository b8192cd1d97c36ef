"""The golden check: what the command line makes of fixed sources, as a list of hashes to compare across a refactoring.

usage: python -m benchmarks.golden --write FILE [--kokoro] [--store DIR]      list what this tree makes
       python -m benchmarks.golden --compare FILE [--kokoro] [--store DIR]    make it again; 1 if anything differs

Only the command line is used, so the check survives every move of modules. The test engine speaks both examples, both
real interviews (``INTERVIEW_AUDIO_SEEDS``) and 20 transcripts; Kokoro, which takes minutes, speaks the examples and
the English interview with its published graph, since the fast one is made anew on each machine. Compare on the machine
that wrote FILE: encoders and onnxruntime choose their code by processor. FILE holds texts of third parties; never
commit it.

What is volatile, and is therefore replaced: the temporary folder; the product's version and the hashes of the packaged
and the examples' ``voices.yaml`` in ``.episode.json`` (their comments may change, their effect shows everywhere);
in a plan, the worker processes, which depend on free memory, and the times; in a preview's last line, the time that it
took. Progress ("Speaking 10 %") is left out.
"""

import argparse
import difflib
import hashlib
import json
import math
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import wave
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from benchmarks.seeds import ROOT, sources

TRANSCRIPTS = (
    *("article.en.html", "asr-tencent-meeting.zh.txt", "big5.zh.txt", "definition-list.en.md", "front-matter.zh.md"),
    *("heading-questions.zh.md", "interview.de.txt", "interview.ja.txt", "no-names.en.srt", "podcasting2.en.json"),
    *("press-conference.en.txt", "reported-interview.zh.txt", "roundtable.zh.txt", "srt-names.zh.srt"),
    *("two-languages.zh.txt", "utf-16.zh.txt", "webvtt-voices.en.vtt", "wechat-page.zh.html", "whisper-words.zh.json"),
    "windows-1252.fr.txt",
)
RICH_SETTINGS = """\
sound: {intro: theme.wav, outro: theme.wav, sting: {file: theme.wav, fade_out: 1}, bed: theme.wav}
captions: {words: true}
chapters: {by: speaker, min_seconds: 10, numbered: true}
pauses: {vary: 0.2}
pronunciations: {en: {goose: gooose}}
show: {title: A golden show}
"""
PUBLISHED_GRAPH = "engines: {kokoro: {graph: published}}\n"
DIFF_LINES = 30
"""Of one entry's difference: enough to see what kind it is."""
MOST_TEXT = 300_000
"""Bytes of an output whose text is kept for a difference to be shown; larger ones are compared by hash alone."""


class Entry(TypedDict):
    """One output: a file, a stream or an exit status."""

    sha256: str
    text: str | None
    """Normalised; None if it is not text, or too long."""


Entries = dict[str, Entry]


@dataclass(frozen=True, slots=True)
class Case:
    """Some commands on one source, in a folder of their own."""

    name: str
    source: str
    """Below the temporary folder."""
    options: tuple[str, ...] = ("--engine", "tone")
    render: tuple[str, ...] = ()
    """Further options of ``render``, which also gets ``-o`` and ``--store``."""
    reading: bool = True
    """Whether ``check`` and ``script`` are compared too."""
    judging: bool = False
    """Whether ``plan``, ``verify``, a second ``render`` and that of a script file are compared too."""
    store: Path | None = None
    """Folder for clips; None is a fresh one."""


def tone_cases() -> Iterator[Case]:
    """Everything by the test engine."""
    for language in ("en", "zh"):
        yield Case(f"example-{language}", f"examples/lighthouse.{language}.txt", judging=True)
        yield Case(f"seed-{language}", f"seeds/{language}.txt", judging=True)
    for name in TRANSCRIPTS:
        yield Case(f"transcript-{name}", f"transcripts/{name}")
    example = "examples/lighthouse.en.txt"
    for suffix in ("m4b", "opus", "flac"):
        yield Case(f"format-{suffix}", example, render=("--format", suffix), reading=False, judging=True)
    yield Case("rich-settings", example, ("--engine", "tone", "--voices", "settings/rich.yaml"), judging=True)
    yield Case("preview", example, render=("--preview", "20", "--from", "line:19"), reading=False)


def kokoro_cases(store: Path | None) -> Iterator[Case]:
    """Return what Kokoro speaks, with clips from ``store`` if one is named."""
    options = ("--engine", "kokoro", "--voices", "settings/published.yaml")
    for source in ("examples/lighthouse.en.txt", "examples/lighthouse.zh.txt", "seeds/en.txt"):
        name = source.replace("/", "-")
        yield Case(f"kokoro/{name}", source, options, reading=False, store=store)


def lay_out(folder: Path) -> None:
    """Copy every source to where each run has it, write the settings, and a melody for them."""
    for name in ("examples", "seeds", "transcripts", "settings", "home"):
        (folder / name).mkdir()
    for file in (ROOT / "examples").iterdir():
        shutil.copy(file, folder / "examples")
    for language, seed in sources().items():
        if seed.parent == ROOT / "examples":
            raise SystemExit("the real interviews are not here; name their folder in INTERVIEW_AUDIO_SEEDS")
        shutil.copy(seed, folder / "seeds" / f"{language}.txt")
    for name in TRANSCRIPTS:
        shutil.copy(next((ROOT / "tests").rglob(name)), folder / "transcripts")
    (folder / "settings" / "rich.yaml").write_text(RICH_SETTINGS, "utf-8")
    (folder / "settings" / "published.yaml").write_text(PUBLISHED_GRAPH, "utf-8")
    with wave.open(str(folder / "settings" / "theme.wav"), "wb") as theme:
        theme.setparams((1, 2, 44100, 0, "NONE", ""))
        samples = (int(8000 * math.sin(number * number / 2e6)) for number in range(8 * 44100))
        theme.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))


def entries_of(case: Case, folder: Path) -> Entries:
    """Run every command of a case; an entry for each stream, exit status and file."""
    output = f"output/{case.name}"
    store = str((case.store or folder / "stores" / case.name).resolve())
    making = (case.source, *case.options, *case.render, "-o", output, "--store", store)
    commands: dict[str, tuple[str, ...]] = {}
    if case.judging:
        commands["plan"] = ("plan", "--json", *making)
    commands["render"] = ("render", *making)
    if case.reading:
        commands["check"] = ("check", case.source, *case.options)
        for form in ("json", "yaml"):
            commands[f"script-{form}"] = ("script", "--format", form, case.source, *case.options)
    if case.judging:
        commands["render-again"] = commands["render"]
    if case.judging and case.reading:
        edited = f"{output}/edited.yaml"
        commands["script-file"] = ("script", case.source, *case.options, "-o", edited)
        commands["render-script-file"] = ("render", edited, *case.options, "-o", output, "--store", store)
    entries: Entries = {}
    for name, command in commands.items():
        entries |= _streams(f"{case.name}/{name}", command, folder)
    made = sorted(file for file in (folder / output).rglob("*") if file.is_file())
    for file in made:
        entries[f"{case.name}/files/{file.relative_to(folder / output).as_posix()}"] = _entry(file.read_bytes(), folder)
        if case.judging and file.suffix in (".mp3", ".m4b", ".opus", ".flac"):
            entries |= _streams(
                f"{case.name}/verify/{file.name}", ("verify", file.relative_to(folder).as_posix()), folder
            )
    return entries


def _streams(name: str, command: tuple[str, ...], folder: Path) -> Entries:
    """Run a command where nothing of this user's settings, clips and prepared graphs is seen."""
    home = str(folder / "home")
    own = {"HOME": home, "XDG_CONFIG_HOME": f"{home}/.config", "XDG_CACHE_HOME": f"{home}/.cache"}
    words = [sys.executable, "-m", "interview_audio", *command]
    done = subprocess.run(words, cwd=folder, env=os.environ | own, capture_output=True, check=False)
    return {
        f"{name}.status": _entry(str(done.returncode).encode(), folder),
        f"{name}.stdout": _entry(done.stdout, folder),
        f"{name}.stderr": _entry(done.stderr, folder),
    }


def _entry(content: bytes, folder: Path) -> Entry:
    try:
        text = _normalised(content.decode("utf-8"), folder) if len(content) < MOST_TEXT else None
    except UnicodeDecodeError:
        text = None
    return {"sha256": hashlib.sha256(content if text is None else text.encode()).hexdigest(), "text": text}


def _normalised(text: str, folder: Path) -> str:
    text = text.replace(str(folder), "<folder>")
    for settings in (ROOT / "voices.yaml", *(ROOT / "src").rglob("voices.yaml"), ROOT / "examples" / "voices.yaml"):
        if settings.is_file():
            text = text.replace(hashlib.sha256(settings.read_bytes()).hexdigest(), "<voices.yaml>")
    text = re.sub(r'("fingerprint": \{\s*"version": )"[^"]*"', r'\1"<version>"', text)
    text = re.sub(r'("jobs": )\d+|("(?:work|preparation)_seconds": )[\d.]+', r'\1\2"<volatile>"', text)
    text = re.sub(r", [\d.]+ s$", ", <volatile>", text, flags=re.MULTILINE)
    return re.sub(r"^\w+ \d+ %\n", "", text, flags=re.MULTILINE)


def made_now(kokoro: bool, store: Path | None) -> Entries:  # noqa: FBT001
    """Render everything into a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="golden-") as name, ThreadPoolExecutor(2) as threads:
        folder = Path(name).resolve()
        lay_out(folder)
        cases = [*tone_cases(), *(kokoro_cases(store) if kokoro else ())]
        made: Iterable[Entries] = threads.map(lambda case: entries_of(case, folder), cases)
        return {name: entry for entries in made for name, entry in sorted(entries.items())}


def differences(before: Entries, after: Entries) -> Iterator[str]:
    """Return a paragraph for every entry that differs; what users only read on stderr comes last."""
    for name in sorted(before.keys() | after.keys(), key=lambda name: (name.endswith(".stderr"), name)):
        old, new = before.get(name), after.get(name)
        if old is None or new is None:
            yield f"{name}: {'new' if old is None else 'no longer made'}"
        elif old["sha256"] != new["sha256"]:
            yield "\n".join([f"{name}: differs", *_diff(old["text"], new["text"])])


def _diff(old: str | None, new: str | None) -> list[str]:
    lines = [*difflib.unified_diff((old or "").splitlines(), (new or "").splitlines(), n=1, lineterm="")]
    return [f"    {line}" for line in lines[2:][:DIFF_LINES]]


def main() -> int:
    """Write the list, or compare with it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.golden", description=(__doc__ or "").splitlines()[0])
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--write", type=Path, metavar="FILE", help="save the list of what this tree makes")
    action.add_argument("--compare", type=Path, metavar="FILE", help="say how what this tree makes differs from FILE")
    parser.add_argument("--kokoro", action="store_true", help="also by Kokoro: several minutes")
    parser.add_argument("--store", type=Path, metavar="DIR", help="Kokoro's clips; default: none, everything is spoken")
    options = parser.parse_args()
    after = made_now(options.kokoro, options.store)
    if options.write:
        options.write.write_text(json.dumps(after, indent=1, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")
        print(f"{len(after)} entries written to {options.write}")
        return 0
    before: Entries = json.loads(options.compare.read_text("utf-8"))
    if not options.kokoro:
        before = {name: entry for name, entry in before.items() if not name.startswith("kokoro/")}
    found = [*differences(before, after)]
    print("\n".join([*found, f"{len(found)} of {len(before)} entries differ"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
