import itertools
import threading
from contextlib import closing

import pytest

from interview_audio.production.streams import read_ahead


def test_items_come_in_order():
    assert list(read_ahead(iter(range(1000)))) == list(range(1000))


def test_items_are_made_in_another_thread():
    assert set(read_ahead(threading.get_ident() for _ in range(10))) != {threading.get_ident()}


def test_with_one_core_there_is_no_other_thread():
    assert set(read_ahead((threading.get_ident() for _ in range(10)), cores=1)) == {threading.get_ident()}


def test_an_error_comes_where_its_item_would_have():
    items = read_ahead(1 / number for number in (1, 2, 0, 3))
    assert (next(items), next(items)) == (1, 0.5)
    with pytest.raises(ZeroDivisionError):
        next(items)


def test_only_so_many_items_wait():
    made = itertools.count()
    with closing(read_ahead(made, depth=3)) as items:
        assert next(items) == 0
    assert next(made) <= 5


def test_closing_leaves_no_thread():
    before = threading.active_count()
    with closing(read_ahead(itertools.count())) as items:
        next(items)
    assert threading.active_count() == before
