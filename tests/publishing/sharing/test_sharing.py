"""Files made to share an episode: which part a clip has, what it sounds like, what a post says, what is replaced."""

import datetime
import json
from dataclasses import replace

import mutagen
import numpy as np
import pytest
from justhtml import JustHTML
from markdown_it import MarkdownIt
from pyld import jsonld

from interview_audio.errors import OutputError, UsageError
from interview_audio.files.episode_record import RecordedAbout, RecordedChapter
from interview_audio.publishing.channel import Channel, EpisodeEntry, Translation
from interview_audio.publishing.sharing import SharedFiles
from interview_audio.publishing.sharing.cut import choose_part, read_sound, write_part
from interview_audio.publishing.sharing.post import post_snippet
from interview_audio.verification.audio_file import read_file
from records import record


def heard(path):
    rate, blocks = read_sound(path, 0, 10_000)
    assert rate == 16000
    return np.concatenate([*blocks])


def test_a_turn_is_cut_in_the_pauses_around_it(episode):
    part = choose_part(episode, "turn:3")
    assert (part.start, part.end, part.title, part.name) == (380, 1150, "林默老师：用 OpenXR", "turn-3")
    assert choose_part(episode, "Turn: 5").end == 2050


def test_a_chapter_is_cut_around_what_is_spoken_in_it(episode):
    part = choose_part(episode, "chapter:1")
    assert (part.start, part.end, part.title, part.name) == (380, 2050, "开场", "chapter-1")


@pytest.mark.parametrize(("words", "start", "end"), [("0:00-0:01", 0, 1000), ("0:00.6–0:01.7", 490, 1810)])
def test_times_move_to_the_nearest_pause(episode, words, start, end):
    part = choose_part(episode, words)
    assert abs(part.start - start) <= 50
    assert abs(part.end - end) <= 50
    assert part.name == ("0m00s-0m01s" if end == 1000 else "0m00.6s-0m01.7s")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("turn:4", "nothing of that turn is spoken; near it are 3, 5"),
        ("chapter:2", "the episode has 1 chapter"),
        ("0:09-0:12", "not a part of an episode of 0:02"),
        ("0:02-0:01", "not a part of an episode of 0:02"),
        ("the goose", "write turn:14, chapter:3 or 1:23-1:45"),
    ],
)
def test_what_is_no_part_is_refused_with_what_there_is(episode, words, message):
    with pytest.raises(UsageError, match=message):
        choose_part(episode, words)


def test_a_part_is_decoded_to_the_sample(long_sound):
    whole_sound = np.concatenate([*read_sound(long_sound, 0, 40_000)[1]])
    _, blocks = read_sound(long_sound, 30_123, 31_000)
    part = np.concatenate([*blocks])
    assert len(part) == 31_000 * 16 - 30_123 * 16
    assert np.array_equal(part, whole_sound[30_123 * 16 : 31_000 * 16])


def test_a_clip_is_the_part_with_its_title_and_the_way_back(episode, tmp_path):
    part = choose_part(episode, "turn:3")
    write_part(
        episode, read_file(episode.sound), part, b"\xff\xd8 a jpeg", "https://x.org/a.html#t=0.38", tmp_path / "c"
    )
    samples = heard(tmp_path / "c")
    original = heard(episode.sound)[380 * 16 : 1150 * 16]
    assert len(samples) == len(original)
    assert np.abs(np.correlate(samples, original, "full")).argmax() == len(original) - 1  # not a sample early or late
    assert np.abs(samples[:16]).max() < 0.001
    assert np.abs(samples[-16:]).max() < 0.001
    tags = mutagen.File(tmp_path / "c").tags
    assert str(tags["TIT2"]) == "林默老师：用 OpenXR"
    assert (str(tags["TALB"]), str(tags["TPE1"])) == ("访谈", "林默老师")
    assert tags.getall("APIC")[0].data == b"\xff\xd8 a jpeg"
    assert str(tags.getall("COMM")[0]) == "访谈, 0:00–0:02. https://x.org/a.html#t=0.38. 声音由人工智能合成。"


def test_only_files_of_its_own_are_replaced(tmp_path):
    shared = SharedFiles(tmp_path, "a")

    def make(content, files=shared):
        with files.staging() as staging:
            new = staging.temporary()
            new.write_text(content)
            files.publish(staging, {"a.x": new})

    make("one")
    make("two")
    assert (tmp_path / "a.x").read_text() == "two"
    (tmp_path / "a.x").write_text("mine")
    with pytest.raises(OutputError, match=r"a\.x exists and was not made by `share`"):
        make("three")
    assert (tmp_path / "a.x").read_text() == "mine"
    make("three", SharedFiles(tmp_path, "a", is_forced=True))
    assert (tmp_path / "a.x").read_text() == "three"


def test_a_list_that_is_somebody_else_s_is_not_replaced(tmp_path):
    (tmp_path / "a.shared.json").write_text("mine")
    with pytest.raises(OutputError, match=r"a\.shared\.json exists and was not made by `share`"):
        SharedFiles(tmp_path, "a").check(["a.x"])
    SharedFiles(tmp_path, "a", is_forced=True).check(["a.x"])


HOSTILE = "</script><b>\"'&amp; [gallery] {{< x >}} {% y %} ]]> -->\n\n\\"


@pytest.fixture
def hostile(tmp_path, read):
    (tmp_path / "a.vtt").write_text("WEBVTT\n")
    (tmp_path / "feed.xml").write_text("<rss/>")
    return read(
        title=HOSTILE,
        lines=tuple(replace(line, text=HOSTILE) for line in record().lines),
        chapters=(RecordedChapter(HOSTILE, 0.0, 1.25), RecordedChapter("二", 1.25, 2.5)),
        about=RecordedAbout(None, HOSTILE, HOSTILE),
        files=("a.vtt", "a.mp3"),
    )


def test_a_post_is_html_that_no_site_s_software_obeys(hostile):
    snippet = post_snippet(hostile, "https://x.org/a b/".replace(" ", "%20"))
    page = JustHTML(snippet, fragment=True, sanitize=False, strict=True)  # raises at the first error of the syntax
    assert [link.attrs["href"] for link in page.query("li a")] == [
        "https://x.org/a%20b/a.mp3#t=0",
        "https://x.org/a%20b/a.mp3#t=1.25",
    ]
    assert page.query("li a")[0].to_text() == " ".join(HOSTILE.split())
    assert "\n\n" not in snippet
    assert not any(mark in snippet for mark in ("[gallery", "{{", "{%"))
    tokens = MarkdownIt("commonmark").parse(snippet)  # as Hugo, Jekyll and Ghost's Markdown card read it
    assert {token.type for token in tokens} == {"html_block"}
    assert "".join(token.content for token in tokens) == snippet


def test_a_post_s_linked_data_is_read_back(hostile):
    snippet = post_snippet(hostile, "https://x.org/")
    page = JustHTML(snippet, fragment=True, sanitize=False)
    (script,) = page.query("script")
    content = json.loads(script.to_text() or script.children[0].data)
    (graph,) = jsonld.expand(content, {"documentLoader": schema_org})
    schema = "https://schema.org/"
    assert graph["@type"] == [f"{schema}PodcastEpisode"]
    assert graph["@id"] == "https://x.org/a.mp3"
    assert graph[f"{schema}name"] == [{"@value": " ".join(HOSTILE.split())}]
    (sound,) = graph[f"{schema}associatedMedia"]
    assert sound["@type"] == [f"{schema}AudioObject"]
    assert sound[f"{schema}contentUrl"] == [{"@id": "https://x.org/a.mp3"}]
    assert sound[f"{schema}transcript"][0]["@value"].startswith("林默老师：</script>")
    assert sound[f"{schema}contentSize"] == [{"@value": str(hostile.sound.stat().st_size)}]
    clips = graph[f"{schema}hasPart"]
    assert [clip[f"{schema}startOffset"][0]["@value"] for clip in clips] == [0, 1.25]
    assert clips[1][f"{schema}url"] == [{"@id": "https://x.org/a.mp3#t=1.25"}]
    assert graph[f"{schema}partOfSeries"][0][f"{schema}webFeed"] == [{"@id": "https://x.org/feed.xml"}]


def schema_org(url, _options):
    """Stand in for the context of schema.org, as its file has it for these terms."""
    assert url == "https://schema.org"
    addresses = ("url", "contentUrl", "webFeed", "image", "digitalSourceType")
    terms = {"@vocab": "https://schema.org/", **{name: {"@type": "@id"} for name in addresses}}
    return {"contextUrl": None, "documentUrl": url, "document": {"@context": terms}}


def test_a_post_says_of_an_episode_what_podcast_yaml_does(hostile):
    entry = EpisodeEntry("A better title", "What it is about.", datetime.datetime(2024, 12, 1, 12, tzinfo=datetime.UTC))
    channel = Channel(title="Lamps", languages={"zh": Translation(title="灯塔访谈")}, episodes={hostile.stem: entry})
    snippet = post_snippet(hostile, "https://x.org/", channel)
    page = JustHTML(snippet, fragment=True, sanitize=False)
    assert page.query("figcaption")[0].to_text() == "A better title"
    content = json.loads(page.query("script")[0].children[0].data)
    said = ("A better title", "What it is about.", "2024-12-01")
    assert (content["name"], content["description"], content["datePublished"]) == said
    assert content["partOfSeries"]["name"] == "灯塔访谈"


def test_the_page_is_linked_where_there_is_one(tmp_path, read):
    (tmp_path / "a.html").write_text("")
    snippet = post_snippet(read(files=("a.html", "a.mp3")), "https://x.org/")
    assert '<figcaption><a href="https://x.org/a.html">访谈</a></figcaption>' in snippet
