"""The edge engine against the emulator: what sockets gain, what our care costs, and what a thousand clips leave."""

import asyncio
import gc
import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from unittest import mock

import edge_tts
import psutil

from interview_audio.engines.edge.engine import EdgeEngine
from interview_audio.engines.protocol import Utterance

VOICE = "zh-CN-YunxiNeural"
LATENCY = 0.3
"""Seconds from a request to the first answer of its turn."""
TEXTS = tuple(f"这是第{number}句话，请大家慢慢听我说完。" for number in range(96))
"""Fewer than the emulator keeps in its memory: its own encoding is no part of the times."""


def measure(rounds: int = 5) -> dict[str, float]:
    """Seconds of 96 clips by one and by eight sockets; one socket against a plain loop; growth over 1,000 clips."""
    with _emulator(LATENCY):
        _speak(TEXTS[:8], 8)
        one, eight = _speak(TEXTS, 1), _speak(TEXTS, 8)
        pairs = [(_plain_loop(TEXTS[:10]), _speak(TEXTS[:10], 1)) for _ in range(rounds)]
    results = {
        "one_socket_seconds": one,
        "eight_sockets_seconds": eight,
        "eight_over_one": one / eight,
        "plain_loop_seconds": statistics.median(plain for plain, _ in pairs),
        "ours_over_plain": statistics.median(ours / plain for plain, ours in pairs),
    }
    with _emulator(0.0):
        return results | _growth(1000)


def _speak(texts: Sequence[str], sockets: int) -> float:
    with closing(EdgeEngine({"sockets": sockets})) as engine, ThreadPoolExecutor(sockets) as pool:
        engine.check(VOICE, "zh")
        start = time.perf_counter()
        list(pool.map(lambda text: engine.speak(Utterance(text, "zh", VOICE)), texts))
        return time.perf_counter() - start


def _plain_loop(texts: Sequence[str]) -> float:
    async def loop(folder: Path) -> None:
        for number, text in enumerate(texts):
            await edge_tts.Communicate(text, VOICE, boundary="WordBoundary").save(str(folder / f"{number}.mp3"))

    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        asyncio.run(loop(Path(folder)))
        return time.perf_counter() - start


def _growth(clips: int) -> dict[str, float]:
    """Of this process, after a first quarter that fills what is filled once."""
    process = psutil.Process()
    with closing(EdgeEngine({"sockets": 8})) as engine, ThreadPoolExecutor(8) as pool:

        def speak(count: int) -> tuple[int, int]:
            texts = (TEXTS[number % len(TEXTS)] for number in range(count))
            for _ in pool.map(lambda text: engine.speak(Utterance(text, "zh", VOICE)).samples.size, texts):
                pass
            gc.collect()
            return process.memory_info().rss, _open_files(process)

        memory, files = speak(clips // 4)
        more_memory, more_files = speak(clips)
    return {f"megabytes_after_{clips}_clips": (more_memory - memory) / 1e6, "files_left_open": more_files - files}


def _open_files(process: psutil.Process) -> int:
    """With sockets; what Windows counts are handles."""
    count: Callable[[], int] = getattr(process, "num_handles" if psutil.WINDOWS else "num_fds")
    return count()


@contextmanager
def _emulator(latency: float) -> Iterator[None]:
    """In a process of its own, so that it does not take the client's interpreter."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=_serve, args=(latency, theirs), daemon=True)
    server.start()
    websocket, voices = ours.recv()
    folder = tempfile.TemporaryDirectory()
    with (
        folder,
        mock.patch("edge_tts.communicate.WSS_URL", websocket),
        mock.patch("edge_tts.voices.VOICE_LIST", voices),
        mock.patch("platformdirs.user_cache_path", return_value=Path(folder.name)),
    ):
        yield
    ours.send(None)
    server.join()


def _serve(latency: float, pipe: Connection) -> None:
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))
    from edge_emulator.emulator import EdgeEmulator

    with EdgeEmulator(latency=latency) as emulator:
        pipe.send((emulator.websocket_url, emulator.voice_list_url))
        pipe.recv()
