"""The player page of ten hours in Chromium: how soon it is read, and how long it ever keeps its reader waiting."""

import json
import random
import re
import shutil
import tempfile
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from interview_audio.production.sidecars.captions import Cue
from interview_audio.production.sidecars.player_page import EpisodeDetails, format_player_page
from interview_audio.production.timeline import ChapterMark, Placement, Timeline
from interview_audio.script.lines import CastMember, Line, Script, Voice
from interview_audio.synthesis.clips import Clip

_TURNS, _WORDS_A_TURN, _CHAPTERS = 3_000, 30, 100
_SECONDS_A_TURN = 12
_RATE = 8_000
_WATCHED = 6_000
"""Milliseconds of scrolling, of playing, and of both."""
_VOCABULARY = (
    "the",
    "lamp",
    "burns",
    "until",
    "morning",
    "and",
    "nobody",
    "on",
    "this",
    "rock",
    "has",
    "ever",
    "asked",
)

_SCROLL = """milliseconds => new Promise(done => {
    const began = performance.now(), step = () => {
        const passed = performance.now() - began;
        scrollBy(0, 400);
        if (passed < milliseconds) requestAnimationFrame(step); else done();
    };
    step();
})"""


def measure() -> dict[str, Any]:
    """Return seconds, and milliseconds of the processor: 1 s to the first paint and 100 ms a task are promised."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        began = time.perf_counter()
        page = _page()
        written = time.perf_counter() - began
        (folder / "long.html").write_text(page, "utf-8")
        _write_silence(folder / "long.wav")
        (folder / "long.cover.jpg").write_bytes(b"")
        return {
            "turns": _TURNS,
            "words": _TURNS * _WORDS_A_TURN,
            "hours": _TURNS * _SECONDS_A_TURN / 3600,
            "written_s": written,
            "megabytes": len(page.encode()) / 1e6,
            **_in_browser((folder / "long.html").as_uri()),
        }


def _page() -> str:
    chosen = random.Random(17)
    lines = [
        Line(turn, f"Speaker {turn % 3}", "en", _text(chosen), Voice("tone", "a"), 0.3, None, turn + 1)
        for turn in range(_TURNS)
    ]
    length = _SECONDS_A_TURN * _RATE
    clip = Clip("clip", Path("clip"), _RATE, length, 0, length, ())
    placed = tuple(Placement(line, clip, line.turn * length, (line.turn + 1) * length) for line in lines)
    cues = [cue for placement in placed for cue in _cues(placement)]
    people = tuple(f"Speaker {number}" for number in range(3))
    cast = tuple(CastMember(name, "guest", (), "pool") for name in people)
    every = _TURNS * _SECONDS_A_TURN * 1000 // _CHAPTERS
    marks = [ChapterMark(f"Chapter {number + 1}: the lamp", number * every, None) for number in range(_CHAPTERS)]
    timeline = Timeline(_RATE, placed, (), _TURNS * length)
    script = Script("Ten hours", "en", people, cast, tuple(lines))
    details = EpisodeDetails(people, None, None, "", "long.wav")
    return format_player_page(script, timeline, cues, {name: name for name in people}, marks, details)


def _text(chosen: random.Random) -> str:
    return " ".join(chosen.choices(_VOCABULARY, k=_WORDS_A_TURN)) + "."


def _cues(placement: Placement) -> Iterator[Cue]:
    text = placement.line.text
    places = [match.start() for match in re.finditer(r"\S+", text)]
    step = (placement.end - placement.start) // len(places)
    words = tuple((place, placement.start + index * step) for index, place in enumerate(places))
    yield Cue(placement.line.speaker, text, len(text), placement.start, placement.end, words)


def _write_silence(path: Path) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(_RATE)
        for _ in range(_TURNS):
            file.writeframes(b"\x80" * (_SECONDS_A_TURN * _RATE))


def _in_browser(address: str) -> dict[str, float]:
    with sync_playwright() as started:
        flags = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
        chromium = started.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        page = chromium.new_page(viewport={"width": 1280, "height": 800})

        def opened() -> None:
            page.goto(address)
            page.wait_for_timeout(1000)

        def heard(milliseconds: int) -> Callable[[], None]:
            return lambda: page.wait_for_timeout(milliseconds)

        def done(code: str, *given: int) -> Callable[[], None]:
            def run() -> None:
                page.evaluate(code, *given)
                page.wait_for_timeout(500)

            return run

        parts: dict[str, Callable[[], None]] = {
            "opening": opened,
            "scrolling": done(_SCROLL, _WATCHED),
            "jumping": done("jump(18000000, {play: true})"),
            "playing": heard(_WATCHED),
            "both": done(_SCROLL, _WATCHED),
            "searching": done("get('query').value = 'rock has ever'; search()"),
        }
        found: dict[str, float] = {}
        for name, act in parts.items():
            chromium.start_tracing(page=page, categories=["toplevel"])
            act()
            processor, wall = _longest_task(chromium.stop_tracing())
            found |= {f"longest_task_{name}_ms": processor, f"longest_task_{name}_wall_ms": wall}
        paints = page.evaluate("performance.getEntriesByName('first-contentful-paint').map(one => one.startTime)")
        chromium.close()
    return {"first_paint_s": max(paints) / 1000, **found}


def _longest_task(trace: bytes) -> tuple[float, float]:
    """Return what the longest task of the page's main thread took: of the processor, and with its waiting for one."""
    events = json.loads(trace)["traceEvents"]
    main = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    tasks = [event for event in events if event["name"].endswith("RunTask") and (event["pid"], event["tid"]) in main]
    processor, wall = (max((event.get(key, 0) for event in tasks), default=0) / 1000 for key in ("tdur", "dur"))
    return processor, wall
