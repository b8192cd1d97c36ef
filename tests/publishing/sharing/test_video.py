"""Videos, read back: what plays when, and what stands in the picture."""

from dataclasses import replace

import av
import numpy as np
import pytest
from PIL import Image

from interview_audio.errors import OutputError
from interview_audio.files.episode_record import RecordedChapter, RecordedMember
from interview_audio.publishing.sharing import video
from interview_audio.publishing.sharing.cut import EpisodePart, choose_part, tags_of, whole
from interview_audio.publishing.sharing.picture import (
    Bar,
    Shot,
    Titles,
    VideoPicture,
    cover_picture,
    letters_without_glyph,
)
from interview_audio.publishing.sharing.video import (
    VideoRequest,
    captions_as_srt,
    captions_of,
    listed_chapters,
    write_video,
)
from interview_audio.text.units import playing_time

SMALL = (320, 180)
VTT = """WEBVTT

00:00.500 --> 00:00.930
<v 林默老师>用 OpenXR。

00:01.410 --> 00:01.800
<v 林默老师>好。
第二行。
"""


@pytest.fixture
def captioned(tmp_path, read):
    (tmp_path / "a.vtt").write_text(VTT, "utf-8")
    return read(
        files=("a.vtt", "a.mp3"), chapters=(RecordedChapter("开场", 0.0, 1.2), RecordedChapter("二" * 200, 1.2, 2.5))
    )


def request_of(episode, part, style="burnt"):
    captions = captions_of(episode, part, style)
    cover = Image.new("RGB", (10, 10), "#246")
    return VideoRequest(episode, part, captions, style, SMALL, cover, tags_of(episode, part, b"", None))


def made(episode, path, part=None, style="burnt"):
    write_video(request_of(episode, part or whole(episode), style), path)
    return path


def frames_of(path):
    with av.open(str(path)) as container:
        return [(frame.time, frame.to_ndarray(format="gray").astype(int)) for frame in container.decode(video=0)]


def sound_of(path):
    with av.open(str(path)) as container:
        return np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])


def test_a_video_plays_what_the_episode_does(captioned, tmp_path):
    path = made(captioned, tmp_path / "v")
    with av.open(str(path)) as container:
        video, sound = container.streams.video[0], container.streams.audio[0]
        assert (video.codec_context.name, video.format.name, video.width, video.height) == ("h264", "yuv420p", *SMALL)
        assert (video.codec_context.colorspace, video.codec_context.color_range) == (1, 1)
        assert (sound.codec_context.name, video.start_time, sound.start_time) == ("aac", 0, 0)
        assert abs(float(video.duration * video.time_base) - 2.5) <= 0.04
        assert [chapter["start"] * chapter["time_base"] * 10 for chapter in container.chapters()] == [0, 12]
        assert container.metadata["title"] == "访谈"
        assert container.metadata["comment"] == "声音由人工智能合成。"
    content = path.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")
    heard, original = sound_of(path)[:40000], sound_of(captioned.sound)[:40000]
    lag = np.argmax(np.correlate(heard, original, "same")) - 20000
    assert abs(lag) <= 16  # a millisecond


def test_a_caption_is_seen_within_a_frame_of_its_time(captioned, tmp_path):
    frames = frames_of(made(captioned, tmp_path / "v"))
    words = [(time, np.max(picture[104:146]) > 200) for time, picture in frames]
    seen = [time for (time, is_seen), (_, was_seen) in zip(words[1:], words, strict=False) if is_seen != was_seen]
    assert words[0] == (0, True)  # the preview that chats show has the first one
    assert np.abs(np.array(seen) - [0.93, 1.41, 1.8]).max() <= 0.021


def test_a_picture_drawn_over_another_is_the_same_as_a_new_one():
    def new():
        bars = [Bar(0.5, "A"), Bar(1.0, "B")] * (VideoPicture.bars_of(SMALL) // 2)
        return VideoPicture(
            SMALL, Titles("T", "S", "0:01"), Image.new("RGB", (4, 4)), bars, {"A": "host", "B": "guest"}
        )

    drawn_over = new()
    for shot in (Shot("A", "One.", "C", 3, "0:00"), Shot("B", "", "C", 7, "0:59"), Shot("B", "Two.", "D", 9, "1:00")):
        assert drawn_over.of(shot) == new().of(shot)


def test_captions_can_be_a_track(captioned, tmp_path):
    path = made(captioned, tmp_path / "v", style="track")
    with av.open(str(path)) as container:
        (track,) = container.streams.subtitles
        texts = [
            (float(packet.pts * packet.time_base), bytes(packet)[2:].decode())
            for packet in container.demux(track)
            if packet.pts is not None
        ]
        assert track.language == "zho"
    assert [(time, text) for time, text in texts if text] == [(0.5, "用 OpenXR。"), (1.41, "好。\n第二行。")]
    assert all(np.max(picture[120:146]) < 200 for _, picture in frames_of(path))  # the name alone is in the picture


def test_a_part_has_the_captions_of_its_time(captioned, tmp_path):
    part = choose_part(captioned, "turn:5")
    captions = captions_of(captioned, part, "burnt")
    assert [(one.start, one.end) for one in captions] == [(1410 - part.start, 1800 - part.start)]
    assert captions_as_srt(captions) == "1\n00:00:00,130 --> 00:00:00,520\n林默老师: 好。第二行。\n"
    path = made(captioned, tmp_path / "v", part)
    with av.open(str(path)) as container:
        assert container.chapters() == []
        assert abs(float(container.duration) / 1e6 - part.seconds) <= 0.1


REACHING = """WEBVTT

00:00.400 --> 00:01.350
<v 林默老师>用 OpenXR。

00:01.410 --> 00:01.800
<v 主持人>好。
"""
"""The first caption is shown until after the second turn's part has begun."""


def shots_of(monkeypatch, request):
    """Return what each frame shows, by its number."""
    drawn = []
    monkeypatch.setattr(VideoPicture, "of", lambda self, shot: drawn.append(shot))
    return {frame: drawn[-1] for frame, _ in video._frames(request)}


@pytest.mark.parametrize("words", ["turn:5", "chapter:2"])
def test_a_part_begins_with_its_own_speaker_caption_and_chapter(captioned, tmp_path, monkeypatch, words):
    (tmp_path / "a.vtt").write_text(REACHING, "utf-8")
    chapters = (RecordedChapter("开场", 0.0, 1.4), RecordedChapter("二", 1.4, 1.9), RecordedChapter("三", 1.9, 2.5))
    episode = replace(captioned, record=replace(captioned.record, chapters=chapters))
    part = choose_part(episode, words)
    assert part.start < 1350
    assert part.end > 1900
    request = request_of(episode, part)
    assert [(one.speaker, one.start) for one in request.captions] == [("主持人", 1410 - part.start)]
    shots = shots_of(monkeypatch, request)
    assert (shots[0].speaker, shots[0].text) == ("主持人", "好。")
    assert {shot.chapter for shot in shots.values()} == {"二"}


def test_a_stretch_from_the_middle_of_a_sentence_has_its_caption(captioned):
    part = EpisodePart(700, 1500, "", "0m01s-0m02s")
    assert [one.text for one in captions_of(captioned, part, "burnt")] == ["用 OpenXR。"]
    assert [one.text for one in captions_of(captioned, replace(part, end=1600), "burnt")] == [
        "用 OpenXR。",
        "好。\n第二行。",
    ]


@pytest.mark.parametrize(("end", "length"), [(2670, "0:03"), (2300, "0:02")])
def test_the_picture_has_the_length_that_the_command_prints(captioned, monkeypatch, end, length):
    part = EpisodePart(0, end, "", "0m00s-0m03s")
    request = request_of(captioned, part)
    assert video._titles(request).length == playing_time(part.seconds) == length
    shots = shots_of(monkeypatch, request)
    assert (shots[0].heard, shots[50].heard, shots[max(shots)].heard) == ("0:00", "0:02", length)


def test_without_captions_the_record_says_who_speaks(episode, tmp_path):
    with pytest.raises(OutputError, match=r"a\.vtt is missing"):
        captions_of(episode, whole(episode), "burnt")
    captions = captions_of(episode, whole(episode), "none")
    assert [(one.speaker, one.text, one.start) for one in captions] == [("林默老师", "", 500), ("林默老师", "", 1400)]


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"WEBVTT\n\n00:01.000 --> 00:00.000\nx\n", r"a\.vtt: line 3: a cue that ends"), (b"WEBVTT\n\n\xff", "not UTF-8")],
)
def test_captions_that_cannot_be_read_are_named(captioned, tmp_path, content, message):
    (tmp_path / "a.vtt").write_bytes(content)
    with pytest.raises(OutputError, match=message):
        captions_of(captioned, whole(captioned), "burnt")


def test_chapters_to_paste_are_those_that_youtube_takes(read):
    starts = (0, 61, 65, 3600.7)
    chapters = tuple(RecordedChapter(f"C{start}", start, start + 60) for start in starts)
    assert listed_chapters(read(chapters=chapters, duration=3700.0)) == [
        "00:00:00 C0",
        "00:01:01 C61",
        "01:00:00 C3600.7",
    ]
    assert listed_chapters(read()) == []


def test_letters_that_no_font_has_are_found():
    assert letters_without_glyph(["好 hello 😀 é ﬁ"]) == ("", False)
    assert letters_without_glyph(["א" + "a" * 200]) == ("א", False)
    assert letters_without_glyph(["שלום"]) == ("שלום", True)


def test_a_cover_that_cannot_be_read_is_drawn():
    assert cover_picture(b"no picture", "A title").size == (1080, 1080)


@pytest.mark.parametrize("size", [(480, 270), (270, 270), (270, 480)])
def test_long_captions_and_names_stay_in_the_picture(size):
    bars = VideoPicture.bars_of(size)
    people = {"N" * 200: "guest", "narrator": "narrator"}
    picture = VideoPicture(
        size, Titles("T" * 300, "S" * 300, "10:00:00"), Image.new("RGB", (4, 4), "white"), [Bar(1, "x")] * bars, people
    )
    empty = np.asarray(picture.of(Shot())).astype(int)
    full = np.asarray(picture.of(Shot("N" * 200, "W" * 42 + "\n" + "长" * 20, "C" * 300, bars, "9:59:59"))).astype(int)
    assert np.abs(full - empty)[:, -size[0] // 40 :].max() < 30  # nothing in the margin


def test_voices_have_colours_of_their_own():
    member = RecordedMember("Ida", "guest", (), "pool")
    picture = VideoPicture(
        SMALL,
        Titles("", "", ""),
        Image.new("RGB", (4, 4)),
        [],
        {"Q": "host", "Ida": member.role, "B": "guest", "旁白": "narrator"},
    )
    assert len({picture._colour(name) for name in ("Q", "Ida", "B", "旁白")}) == 4
