"""Sound as a stream: through a chain of FFmpeg's filters, and prepared in a second thread while the first uses it.

As much memory is taken for five hours as for a minute.
"""

import contextlib
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, cast

import av
import numpy as np
from numpy.typing import NDArray

Filter = tuple[str, str]
"""Name and arguments, as FFmpeg spells them."""


def filter_stream(
    blocks: Iterable[NDArray[np.float32]], sample_rate: int, filters: Sequence[Filter]
) -> Iterator[av.AudioFrame]:
    """Yield what a chain of filters makes of mono blocks.

    Args:
        blocks: One-dimensional, full scale at 1.
        sample_rate: Of the blocks, in Hz.
        filters: In order; the last one decides about format and rate of the frames.
    """
    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=sample_rate, format="flt", layout="mono")
    chain = [graph.add(name, arguments) for name, arguments in filters]
    graph.link_nodes(source, *chain, graph.add("abuffersink")).configure()
    position = 0
    for block in blocks:
        graph.push(frame_of(block, sample_rate, position))
        position += len(block)
        yield from _made(graph)
    graph.push(None)
    yield from _made(graph)


def frame_of(block: NDArray[np.float32], sample_rate: int, position: int) -> av.AudioFrame:
    """Return a mono block as a frame that starts at this sample."""
    frame = av.AudioFrame.from_ndarray(block[np.newaxis], format="flt", layout="mono")
    frame.sample_rate = sample_rate
    frame.pts = position
    return frame


def _made(graph: av.filter.Graph) -> list[av.AudioFrame]:
    frames: list[av.AudioFrame] = []
    # The graph says by raising that it wants more, or that it has no more.
    with contextlib.suppress(av.error.BlockingIOError, av.error.EOFError):
        while True:
            frames.append(cast(av.AudioFrame, graph.pull()))
    return frames


T = TypeVar("T")


def read_ahead(items: Iterator[T], depth: int = 4, *, cores: int = 2) -> Generator[T, None, None]:
    """Yield the items in order, having the next ones made meanwhile if there is a core for that.

    An error in making an item is raised where that item would have come. Closing the iterator waits for the item in
    the making, and drops the rest.

    Args:
        items: Made in one other thread, one at a time; never yields None.
        depth: How many items may be waiting.
        cores: That may be used; with one, there is no other thread.
    """
    if cores < 2:
        yield from items
        return
    pool = ThreadPoolExecutor(1)
    try:
        waiting = deque(pool.submit(next, items, None) for _ in range(depth))
        while (item := waiting.popleft().result()) is not None:
            waiting.append(pool.submit(next, items, None))
            yield item
    finally:
        pool.shutdown(cancel_futures=True)
