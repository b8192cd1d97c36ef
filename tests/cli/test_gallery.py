"""``voices gallery``: one page with the sound of every voice, which needs nothing else and asks for nothing."""

import base64
import hashlib
import io
import json
import re

import av
import numpy as np
import pytest
import yaml

from interview_audio.rendering import audition
from interview_audio.rendering.audition import GalleryVoice, Heard, gallery_page
from interview_audio.script.lines import Voice


def data_of(page):
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[1])


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("interview_audio.cli.commands.voices.audition.SENTENCES", {"en": "Good day.", "zh": "你好。"})
    return tmp_path


def test_each_voice_is_heard_and_its_line_chooses_it(run, here):
    outcome = run("voices", "gallery", "--engine", "tone", "--store", "clips")
    assert (outcome.code, outcome.out.split()[:3]) == (0, ["voices.html", "16", "voices"])
    data = data_of((here / "voices.html").read_text("utf-8"))
    assert data["languages"] == ["en", "zh"]
    for voice in data["voices"]:
        assert yaml.safe_load(voice["yaml"]) == {voice["language"]: {"tone": voice["name"]}}
        with av.open(io.BytesIO(base64.b64decode(voice["audio"].partition("base64,")[2]))) as sound:
            samples = [frame.samples for frame in sound.decode(audio=0)]
            seconds = sum(samples) / sound.streams.audio[0].rate
        assert seconds == pytest.approx(voice["seconds"], abs=0.1)


def test_the_blends_of_the_settings_come_first_and_say_whose_they_are(run, here):
    (here / "voices.yaml").write_text(
        'speakers: {Sam Reed: {voices: {en: {tone: male-3}}}, host: {voices: {en: {tone: "male-1*0.5 + male-2*0.5"}}}}\n',
        "utf-8",
    )
    run("voices", "gallery", "--engine", "tone", "--store", "clips")
    other, first = data_of((here / "voices.html").read_text("utf-8"))["voices"][:2]
    assert (other["name"], other["used"]) == ("male-3", "voice of Sam Reed")
    assert (first["name"], first["used"], first["description"], first["gender"]) == (
        "male-1*0.5 + male-2*0.5",
        "voice of the host",
        "a blend",
        "male",
    )


def test_another_file_is_not_replaced(run, here):
    (here / "voices.html").write_text("mine")
    outcome = run("voices", "gallery", "--engine", "tone", "--store", "clips")
    assert (outcome.code, (here / "voices.html").read_text()) == (1, "mine")
    assert outcome.err.endswith(
        "voices.html exists and is not replaced; choose another place with -o, or use --force\n"
    )


def test_the_page_allows_its_own_script_alone_and_no_request():
    name = "</script><script>alert(1)</script>\u2028"
    sound = Heard(Voice("own", name), np.zeros(2400, np.int16), 24000, is_new=True)
    page = gallery_page([(GalleryVoice(name, "en", "female", "SCRIPT & <b>", "en: {own: x}"), sound)], "DATA")
    data = data_of(page)
    assert (data["voices"][0]["name"], data["voices"][0]["description"], data["about"]) == (
        name,
        "SCRIPT & <b>",
        "DATA",
    )
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    script = re.search(r"<script>(.*?)</script>", page, re.DOTALL)[1]
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    for kind, text in (("script", script), ("style", style)):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert len(re.findall(r"<script", page)) == 2
    assert set(re.findall(r"https?://[^\"'\s]+", page)) == {"http://www.w3.org/2000/svg"}


def test_there_is_a_sentence_for_both_languages_of_the_product():
    assert {"en", "zh"} <= audition.SENTENCES.keys()
