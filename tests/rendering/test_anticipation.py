"""Workers are started for what a render will probably need, and a mistake in the settings is told elsewhere."""

import pytest

from interview_audio.rendering.job import anticipate
from interview_audio.rendering.options import Options
from records import RECORD


class Expecting:
    def __init__(self):
        self.expected = []

    def warm_up(self, engine, settings, languages, count):
        self.expected.append((engine.name, settings, languages, count))


@pytest.mark.parametrize(("text", "languages"), [("Q: Hi?\nA: Hi.", ("en",)), ("问：在吗？\n答：在。", ("zh",))])
def test_a_new_episode_gets_all_workers_and_its_language(tmp_path, text, languages):
    source = tmp_path / "talk.txt"
    source.write_text(text, "utf-8")
    pool = Expecting()
    anticipate(source, Options(output=tmp_path), pool)
    assert pool.expected == [("kokoro", {"graph": "auto"}, languages, None)]


def test_an_episode_that_is_there_gets_one(tmp_path):
    source = tmp_path / "talk.txt"
    source.write_text("Q: Hi?", "utf-8")
    (tmp_path / "talk.episode.json").write_text(RECORD.format(), "utf-8")
    pool = Expecting()
    anticipate(source, Options(output=tmp_path, engine="tone"), pool)
    assert pool.expected == [("tone", {}, ("en",), 1)]


@pytest.mark.parametrize("settings", ["engine: nope", "engine: [", "pauses: {x: 1}"])
def test_a_mistake_is_not_told_here(tmp_path, settings):
    source = tmp_path / "talk.txt"
    source.write_text("Q: Hi?", "utf-8")
    (tmp_path / "voices.yaml").write_text(settings, "utf-8")
    pool = Expecting()
    anticipate(source, Options(output=tmp_path), pool)
    assert pool.expected == []
