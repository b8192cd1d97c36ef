import json

from interview_audio.production.chapters import Chapter
from interview_audio.production.text.chapters_json import format_chapters
from interview_audio.production.timeline import Timeline


def test_chapters_are_what_podcasting_2_0_asks():
    timeline = Timeline(44100, (), (Chapter("开场", 0, 22073), Chapter('"Why?"', 22073, 441000)), 441000)
    assert json.loads(format_chapters("A talk", timeline)) == {
        "version": "1.2.0",
        "title": "A talk",
        "chapters": [
            {"startTime": 0.0, "endTime": 0.501, "title": "开场"},
            {"startTime": 0.501, "endTime": 10.0, "title": '"Why?"'},
        ],
    }


def test_an_episode_without_chapters_has_an_empty_list():
    assert json.loads(format_chapters("A talk", Timeline(44100, (), (), 1)))["chapters"] == []
