"""Workers are started for what a render will probably need, before the source is parsed."""

import pytest

from interview_audio.errors import ConfigurationError
from interview_audio.rendering.job import parse_source
from interview_audio.rendering.options import RenderOptions
from interview_audio.rendering.up_to_date import read_inputs
from records import RECORD


class ExpectingPool:
    is_warm = False

    def __init__(self):
        self.expected = []

    def warm_up(self, engine, settings, languages, count):
        self.expected.append((engine.name, settings, languages, count))


def warmed_up(tmp_path, text, name="talk.txt", **chosen):
    source, pool, options = tmp_path / name, ExpectingPool(), RenderOptions(output=tmp_path, **chosen)
    source.write_text(text, "utf-8")
    parse_source(read_inputs(source, options), options, pool)
    return pool.expected


@pytest.mark.parametrize(("text", "languages"), [("Q: Hi?\nA: Hi.", ("en",)), ("问：在吗？\n答：在。", ("zh",))])
def test_a_new_episode_gets_all_workers_and_its_language(tmp_path, text, languages):
    assert warmed_up(tmp_path, text) == [("kokoro", {"graph": "auto"}, languages, None)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("talk.script.yaml", "language: en\nengine: tone\nturns:\n  - text: Hi.\n"),
        (
            "talk.json",
            '{"schema": 1, "language": "en", "engine": "tone", "turns": [{"kind": "narration", "text": "Hi."}]}',
        ),
    ],
)
def test_a_script_file_gets_the_engine_that_it_names(tmp_path, name, text):
    assert warmed_up(tmp_path, text, name) == [("tone", {}, ("en",), None)]


def test_an_old_episode_gets_one(tmp_path):
    (tmp_path / "talk.episode.json").write_text(RECORD.format(), "utf-8")
    assert warmed_up(tmp_path, "Q: Hi?\nA: Hi.", engine="tone") == [("tone", {}, ("en",), 1)]


def test_an_engine_that_does_not_exist_starts_none_and_is_reported_by_casting(tmp_path):
    (tmp_path / "voices.yaml").write_text("engine: nope", "utf-8")
    assert warmed_up(tmp_path, "Q: Hi?\nA: Hi.") == []


@pytest.mark.parametrize("settings", ["engine: [", "pauses: {x: 1}"])
def test_a_mistake_in_the_settings_starts_none(tmp_path, settings):
    (tmp_path / "voices.yaml").write_text(settings, "utf-8")
    with pytest.raises(ConfigurationError, match=r"voices\.yaml:1:"):
        warmed_up(tmp_path, "Q: Hi?\nA: Hi.")
