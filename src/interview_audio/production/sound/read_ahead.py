"""Prepares the next items of a stream in a second thread while the first thread uses the present one."""

from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def read_ahead(items: Iterator[T], depth: int = 4) -> Generator[T, None, None]:
    """Yield the items in order, having the next ones made meanwhile.

    An error in making an item is raised where that item would have come. Closing the iterator waits for the item in
    the making, and drops the rest.

    Args:
        items: Made in one other thread, one at a time; never yields None.
        depth: How many items may be waiting.
    """
    pool = ThreadPoolExecutor(1)
    try:
        waiting = deque(pool.submit(next, items, None) for _ in range(depth))
        while (item := waiting.popleft().result()) is not None:
            waiting.append(pool.submit(next, items, None))
            yield item
    finally:
        pool.shutdown(cancel_futures=True)
