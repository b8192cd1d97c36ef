"""Covers that are drawn once in a process: what is tested here are the sounds and the files beside them."""

import functools

import pytest

from interview_audio.production import cover
from interview_audio.rendering import render

make_cover = functools.cache(cover.make_cover)


@pytest.fixture(autouse=True)
def _covers_drawn_once(monkeypatch):
    monkeypatch.setattr(render, "make_cover", make_cover)
