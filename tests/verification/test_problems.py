"""Every kind of damage is found and named."""

import json
import re
import shutil

import av
import numpy as np
import pytest

from interview_audio.verification.facts import read_episode
from interview_audio.verification.report import find_problems

AGAIN = "render the episode again"


def problems(path):
    return [str(problem) for problem in find_problems(read_episode(path))]


def companion(episode, suffix):
    return episode.with_name(f"talk.en{suffix}")


def rewrite(path, change):
    """Change a text file; the sizes in the record follow, so that only what the text says is wrong."""
    before = path.read_bytes()
    path.write_bytes(change(before.decode("utf-8")).encode("utf-8"))
    assert path.read_bytes() != before
    record(path)


def record(path):
    """Write the present size of a file into the record."""
    place = path.with_name("talk.en.episode.json")
    if path == place:
        return
    content = json.loads(place.read_text("utf-8"))
    for file in content["files"]:
        if file["name"] == path.name:
            file["bytes"] = path.stat().st_size
    place.write_text(json.dumps(content), "utf-8")


def test_nothing_is_wrong_with_an_episode(episode):
    assert problems(episode) == []


@pytest.mark.parametrize("format_", ["m4b", "m4a", "opus", "flac"])
def test_nothing_is_wrong_with_other_formats(render, format_):
    assert problems(render(format_)) == []


def test_a_sound_file_alone_is_held_to_what_players_need(episode, tmp_path):
    alone = shutil.copy(episode, tmp_path / "alone.mp3")
    assert problems(alone) == []


def test_missing_companions_are_named(episode):
    companion(episode, ".vtt").unlink()
    companion(episode, ".psc.xml").unlink()
    assert problems(episode) == [f"talk.en.{name}: it is missing; {AGAIN}" for name in ("psc.xml", "vtt")]


def test_show_notes_may_be_edited_and_the_sound_may_not(episode):
    with companion(episode, ".md").open("a") as file:
        file.write("Thanks!\n")
    assert problems(episode) == []
    size = episode.stat().st_size
    with episode.open("ab") as file:
        file.write(b"\0")
    assert f"talk.en.mp3: it has {size + 1:,} bytes, not {size:,} as rendered; {AGAIN}" in problems(episode)


def test_another_name_of_the_sound_is_named(episode):
    shutil.copy(episode, companion(episode, ".m4b"))
    episode.unlink()
    assert problems(companion(episode, ".m4b"))[:2] == [
        f"talk.en.mp3: it is missing; {AGAIN}",
        f"talk.en.episode.json: it does not list talk.en.m4b; {AGAIN}",
    ]


@pytest.mark.parametrize(
    ("suffix", "change", "what"),
    [
        (
            ".chapters.json",
            lambda text: json.dumps({**json.loads(text), "chapters": json.loads(text)["chapters"][:-1]}),
            "it has 3 chapters, but the episode has 4",
        ),
        (
            ".chapters.json",
            lambda text: text.replace("do in the morning", "do at night"),
            "chapter 2 is called 'Ada, what is the first thing you do at night', but "
            "'Ada, what is the first thing you do in the morning' in the episode",
        ),
        (".chapters.json", lambda text: text[:-4], "line N: not JSON (Expecting ',' delimiter)"),
        (
            ".psc.xml",
            lambda text: text.replace("00:00:00.000", "00:00:00.001"),
            "chapter 1 begins at 00:00:00.001, but in the episode at 00:00:00.000",
        ),
        (".psc.xml", lambda text: text.replace("/>", ">", 1), "line N: not XML (mismatched tag: line N, column 2)"),
        (
            ".md",
            lambda text: text.replace("00:00 ", "00:01 "),
            "line N: the chapters do not begin at 00:00 or are not in order of time",
        ),
        (".vtt", lambda text: text.replace("WEBVTT", "WEBVT", 1), "line N: WEBVTT is missing on the first line"),
        (".vtt", lambda text: text.replace("&amp;", "&"), "line N: an unescaped <, > or & in a cue"),
        (
            ".vtt",
            lambda text: text.replace("<v Ada Brook>", "<v Eve>", 1),
            "caption N is spoken by 'Eve', who is not in the cast",
        ),
        (".transcript.json", lambda text: text.replace("1.0.0", "2.0"), '"version" is not "1.0.0"'),
        (
            ".transcript.json",
            lambda text: text.replace("autumn", "Autumn").replace("Autumn", "Winter"),
            "caption N has another text than in the .vtt",
        ),
        (".srt", lambda text: text.replace("\n2\n", "\n3\n", 1), "line N: not caption N"),
        (
            ".srt",
            lambda text: text.replace("Ada Brook: ", "Interviewer: ", 1),
            "caption N is spoken by 'Interviewer', but in the .vtt by 'Ada Brook'",
        ),
    ],
)
def test_a_changed_companion_is_named(episode, suffix, change, what):
    rewrite(companion(episode, suffix), change)
    # Where captions and lines stand is not what is tested.
    found = [re.sub(r"(caption|line) \d+", r"\1 N", problem) for problem in problems(episode)]
    assert found == [f"talk.en{suffix}: {what}; {AGAIN}"]


def shifted(text, seconds):
    def later(match):
        hours, minutes, second, rest = re.split(r"[:.,]", match[0])
        total = int(hours) * 3600 + int(minutes) * 60 + int(second) + seconds
        return f"{total // 3600:02}:{total // 60 % 60:02}:{total % 60:02}{match[0][8]}{rest}"

    return re.sub(r"\d\d:\d\d:\d\d[.,]\d{3}", later, text)


def test_shifted_captions_are_named(episode):
    rewrite(companion(episode, ".srt"), lambda text: shifted(text, 1))
    (found,) = problems(episode)
    assert re.fullmatch(
        r"talk\.en\.srt: caption \d+ ends at [\d:.]+, but the episode at [\d:.]+; .*"
        r"|talk\.en\.srt: caption 1 is from [\d:.]+ to [\d:.]+, but in the \.vtt from [\d:.]+ to [\d:.]+; .*",
        found,
    )


def test_captions_beyond_the_end_are_named(episode):
    for suffix in (".vtt", ".srt"):
        rewrite(companion(episode, suffix), lambda text: shifted(text, 3600))
    assert [re.sub(r"[\d:.]{8,}", "T", problem) for problem in problems(episode)] == [
        f"talk.en.vtt: caption 1 ends at T, but the episode at T; {AGAIN}",
        f"talk.en.srt: caption 1 ends at T, but the episode at T; {AGAIN}",
    ]


def test_a_companion_that_is_no_text_is_named(episode):
    companion(episode, ".vtt").write_bytes(b"\xff\xfe")
    record(companion(episode, ".vtt"))
    assert problems(episode) == [f"talk.en.vtt: not UTF-8; {AGAIN}"]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("{", "not JSON"),
        ('{"schema": 99}', "written by another version"),
        ('{"schema": 2}', "not what a render writes"),
    ],
)
def test_a_damaged_record_is_named(episode, content, what):
    companion(episode, ".episode.json").write_text(content)
    assert problems(episode) == [f"talk.en.episode.json: {what}; {AGAIN}"]


def test_a_truncated_sound_file_is_named(episode):
    content = episode.read_bytes()
    episode.write_bytes(content[: len(content) * 2 // 3])
    record(episode)
    found = problems(episode)
    assert [re.sub(r"[\d:.,]*\d", "N", problem.partition(";")[0]) for problem in found[:4]] == [
        "talk.en.mpN: it claims a length of N, but has N of audio",
        "talk.en.mpN: N bytes follow the last whole frame",
        "talk.en.mpN: the Info header states N frames, but there are N",
        "talk.en.mpN: the Info header states N bytes, but there are N",
    ]
    assert any("it lasts" in problem and "as rendered" in problem for problem in found)
    assert any(problem.startswith("talk.en.vtt: caption") for problem in found)


def tag_size(content):
    return 10 + sum(septet << shift for septet, shift in zip(content[6:10], (21, 14, 7, 0), strict=True))


def test_a_tag_that_was_cut_off_is_named(episode):
    content = episode.read_bytes()
    episode.write_bytes(content[tag_size(content) :])
    record(episode)
    assert problems(episode) == [
        f"talk.en.mp3: byte 0 of the ID3 tag: not a plain ID3v2.3 header; {AGAIN}",
        f"talk.en.mp3: its title is '', not 'The keeper of the light' as rendered; {AGAIN}",
        f"talk.en.mp3: it has 0 chapters, but the episode has 4; {AGAIN}",
        f"talk.en.mp3: it has no cover; {AGAIN}",
    ]


def test_another_title_is_named(episode):
    episode.write_bytes(episode.read_bytes().replace(b"The keeper of", b"The keener of"))
    assert problems(episode)[0] == (
        f"talk.en.mp3: its title is 'The keener of the light', not 'The keeper of the light' as rendered; {AGAIN}"
    )


def test_a_frame_of_the_wrong_size_is_named(episode):
    content = bytearray(episode.read_bytes())
    place = content.index(b"CHAP") + 4
    content[place : place + 4] = (2**24).to_bytes(4)
    episode.write_bytes(content)
    assert f"talk.en.mp3: its ID3 tag is damaged (frame 'CHAP' does not fit into its parent); {AGAIN}" in problems(
        episode
    )


def mutagen_tag(episode, version, change):
    from mutagen.id3 import ID3

    tag = ID3(episode)
    change(tag)
    tag.save(episode, v2_version=version)
    return episode


def alone(episode, tmp_path):
    return shutil.copy(episode, tmp_path / "alone.mp3")


def test_a_long_title_in_a_later_tag_is_named(episode, tmp_path):
    def lengthen(tag):
        from mutagen.id3 import TIT2

        tag["CHAP:chp2"].sub_frames["TIT2"] = TIT2(encoding=3, text=["很" * 43])

    path = mutagen_tag(alone(episode, tmp_path), 4, lengthen)
    assert (
        f"alone.mp3: chapter 4 ({'很' * 20}…) has a frame of 131 bytes; in ID3v2.4, players lose frames above 127; "
        "write the tag as ID3v2.3"
    ) in problems(path)


def test_a_title_that_just_fits_a_later_tag_is_not(episode, tmp_path):
    def lengthen(tag):
        from mutagen.id3 import TIT2

        tag["CHAP:chp2"].sub_frames["TIT2"] = TIT2(encoding=3, text=["x" * 125])

    path = mutagen_tag(alone(episode, tmp_path), 4, lengthen)
    assert not [problem for problem in problems(path) if "ID3v2.4" in problem]


def test_chapters_that_a_tagger_sorted_by_size_are_named(episode, tmp_path):
    path = mutagen_tag(alone(episode, tmp_path), 3, lambda tag: None)
    assert problems(path) == [
        "alone.mp3: its chapters are not in order of time, and many players do not sort them; create the file again"
    ]


def test_a_missing_table_of_contents_is_named(episode, tmp_path):
    path = mutagen_tag(alone(episode, tmp_path), 3, lambda tag: tag.delall("CTOC"))
    assert (
        "alone.mp3: no top-level tables of contents (CTOC), so some players show no chapters; write exactly one"
        in problems(path)
    )


def test_a_table_of_contents_of_other_chapters_is_named(episode, tmp_path):
    path = mutagen_tag(alone(episode, tmp_path), 3, lambda tag: tag["CTOC:toc"].child_element_ids.pop())
    what = "its table of contents (CTOC) does not match its chapters; write the tag again"
    assert f"alone.mp3: {what}" in problems(path)


def test_utf_16_without_a_byte_order_is_named(episode, tmp_path):
    path = alone(episode, tmp_path)
    content = path.read_bytes()
    path.write_bytes(
        content.replace(b"\x01\xff\xfe" + "你".encode("utf-16-le"), b"\x01" + "你".encode("utf-16-le") + b"\x20\x00", 1)
    )
    what = "chapter titles in UTF-16 without a byte order mark are shown as garbage; write the tag as ID3v2.3 with it"
    assert f"alone.mp3: {what}" in problems(path)


def test_a_cover_that_is_none_or_not_square_is_named(episode, tmp_path):
    import io

    from PIL import Image

    file = io.BytesIO()
    Image.new("RGB", (60, 40)).save(file, "PNG")
    for content, what in ((b"GIF", "is not a picture"), (file.getvalue(), "is not square (60 x 40 pixels)")):

        def change(tag, content=content):
            tag.getall("APIC")[0].data = content

        path = mutagen_tag(alone(episode, tmp_path), 3, change)
        assert f"alone.mp3: its cover {what}; embed a square JPEG of 600 x 600 pixels" in problems(path)


def encoded(path, samples, codec="libmp3lame", bit_rate=96000, options=None):
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=44100, layout="mono", options=options or {})
        stream.bit_rate = bit_rate
        for block in np.split(samples.astype(np.float32), range(4096, len(samples), 4096)):
            frame = av.AudioFrame.from_ndarray(block[np.newaxis], format="fltp", layout="mono")
            frame.sample_rate = 44100
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


TONE = np.sin(np.arange(44100 * 3) * 0.14)


@pytest.mark.parametrize(
    ("samples", "what"),
    [
        (TONE * 0.05, ["its loudness is -26.5 LUFS, not -16.0 ± 1; change its volume by +10.5 dB"]),
        (np.zeros(44100), ["the audio is silent; create the file again"]),
    ],
)
def test_another_loudness_is_named(tmp_path, samples, what):
    path = encoded(tmp_path / "tone.mp3", samples)
    assert problems(path) == [f"tone.mp3: {one}" for one in what]


def test_a_high_peak_is_named(tmp_path):
    clicks = TONE * 0.158
    clicks[::4410] = 0.98
    path = encoded(tmp_path / "tone.flac", clicks, "flac")
    (found,) = problems(path)
    assert re.fullmatch(r"tone\.flac: its true peak is -0\.\d dBTP, above -1; limit it before encoding", found)


def test_another_loudness_than_the_rendered_is_named(episode):
    record_path = companion(episode, ".episode.json")
    rewrite(record_path, lambda text: re.sub(r'"integrated": -16\.\d+', '"integrated": -17.5', text))
    assert problems(episode) == [f"talk.en.mp3: its loudness is -16.0 LUFS, not -17.5 as rendered; {AGAIN}"]


def test_a_variable_bit_rate_is_named(tmp_path):
    rests = TONE * 0.22 * (np.arange(len(TONE)) // 22050 % 2)
    with av.open(str(tmp_path / "tone.mp3"), "w") as container:
        stream = container.add_stream("libmp3lame", rate=44100, layout="mono")
        stream.codec_context.qscale = True
        stream.codec_context.global_quality = 4 * 118
        frame = av.AudioFrame.from_ndarray(rests.astype(np.float32)[np.newaxis], format="fltp", layout="mono")
        frame.sample_rate = 44100
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    found = [problem for problem in problems(tmp_path / "tone.mp3") if "bit rate" in problem]
    assert re.fullmatch(
        r"tone\.mp3: the bit rate varies \([\d, ]+ kbit/s\), which makes players jump to the wrong place; "
        r"encode it again at a constant bit rate",
        found[0],
    )
