import datetime
import itertools
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interview_audio.configuration.settings import Pauses
from interview_audio.production.sidecars.captions import Cue, caption_names, make_cues
from interview_audio.production.sidecars.player_page import HEAD_MARK, WAY_MARK, EpisodeDetails, format_player_page
from interview_audio.production.timeline import ChapterMark, Placement, Timeline, chapter_marks, lay_out
from interview_audio.script.lines import CastMember, Line, Script, Voice
from interview_audio.synthesis.clips import Word
from interview_audio.text.html_pages import policy_hash
from interview_audio.text.printable import printable
from interview_audio.verification.sidecar_reading import SidecarError, parse_player_page

HOSTILE = "</script><b onclick=\"alert('1')\">&amp; {play} TITLE DATA \u202eevil"
DETAILS = EpisodeDetails(("Ada", "Ben & Co"), "Talks", datetime.date(2024, 3, 31), "Synthetic.", "talk.en.mp3")
RATE = 24000


class Page(HTMLParser):
    """What a browser finds in a page: its elements, and the texts inside them."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.texts, self._open = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "img", "input", "rect", "circle"):
            self._open.append((tag, dict(attrs)))
            self.texts.append([tag, dict(attrs), ""])

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if self._open:
            tag, attributes = self._open[-1]
            next(text for text in reversed(self.texts) if text[:2] == [tag, attributes])[2] += data

    def all(self, tag, name=None):
        return [
            text for found, given, text in self.texts if found == tag and (name is None or name == given.get("class"))
        ]

    @property
    def data(self):
        return json.loads(next(text for tag, given, text in self.texts if given.get("id") == "data"))

    @property
    def policy(self):
        (content,) = (given["content"] for tag, given in self.elements if given.get("http-equiv"))
        return {part.split()[0]: part.split()[1:] for part in content.split("; ")}


def made(lines, words=None, *, language="en", title="A talk", chapters=None, details=DETAILS):
    """A page of lines that take a second each, their words at even distances."""
    placements, cues = [], []
    for number, line in enumerate(lines):
        start, end = number * RATE, (number + 1) * RATE
        placements.append(Placement(line, None, start, end))
        text = printable(line.text)
        places = [match.start() for match in re.finditer(r"\S+", text)]
        onsets = tuple((place, start + index * RATE // 10) for index, place in enumerate(places))
        cues.append(Cue(line.speaker, text, len(text), start, end, onsets if words is None else words))
    timeline = Timeline(RATE, tuple(placements), (), len(lines) * RATE)
    people = dict.fromkeys(line.speaker for line in lines)
    cast = tuple(CastMember(name, "guest", (), "pool") for name in people)
    script = Script(title, language, tuple(people), cast, tuple(lines))
    names = caption_names([(name, "guest") for name in people], language)
    marks = [ChapterMark("One", 0, None)] if chapters is None else chapters
    return format_player_page(script, timeline, cues, names, marks, details)


def line(text, *, turn=0, speaker="Ada", language="en"):
    return Line(turn, speaker, language, text, Voice("tone", "a"), 0.3, None, 1)


def words_of(page):
    """Each word of a page with its second, as its script finds them."""
    time, found = 0, []
    for text, differences in zip(page.all("p", "words"), page.data["words"], strict=True):
        units, place, starts = text.encode("utf-16-le"), 0, []
        for more, later in zip(differences[::2], differences[1::2], strict=True):
            place, time = place + more, time + later
            starts.append((place, time))
        for (start, when), end in itertools.zip_longest(starts, [place for place, _ in starts[1:]]):
            found.append((units[2 * start : None if end is None else 2 * end].decode("utf-16-le").strip(), when / 1000))
    return found


def test_words_are_found_where_they_are_and_when_they_are_heard():
    page = Page(made([line("One 😀two three."), line("Four.", turn=1, speaker="Ben")]))
    assert words_of(page) == [("One", 0), ("😀two", 0.1), ("three.", 0.2), ("Four.", 1)]
    assert page.all("p", "words") == ["One 😀two three.", "Four."]


def test_a_line_whose_words_are_not_known_is_lit_as_a_whole():
    assert words_of(Page(made([line("One two."), line("Three.", turn=1)], words=()))) == [
        ("One two.", 0),
        ("Three.", 1),
    ]


def test_lines_of_a_turn_are_one_paragraph_and_chinese_ones_have_no_space_between():
    lines = [
        line("你好。", language="zh"),
        line("再见！”", language="zh"),
        line("Tomas 来了。", language="zh"),
        line("Bye.", turn=1),
    ]
    assert Page(made(lines, language="zh")).all("p", "words") == ["你好。再见！”Tomas 来了。", "Bye."]
    assert Page(made([line("One."), line("Two.")])).all("p", "words") == ["One. Two."]


def test_a_long_turn_goes_on_in_another_paragraph_without_a_name():
    page = Page(made([line("word " * 60 + "end.") for _ in range(7)]))
    assert [len(text) // 304 for text in page.all("p", "words")] == [2, 2, 2, 1]
    assert page.all("b") == ["Ada"]


def test_a_speaker_is_named_where_they_begin_and_again_in_the_next_chapter():
    lines = [
        line("A.", turn=0),
        line("B.", turn=1),
        line("C.", turn=2, speaker="Ben"),
        line("D.", turn=3, speaker="Ben"),
    ]
    page = Page(made(lines, chapters=[ChapterMark("First & last", 0, 3000), ChapterMark("<Then>", 3000, 4000)]))
    assert page.all("b") == ["Ada", "Ben", "Ben"]
    assert [text for tag, given, text in page.texts if given.get("id", "").startswith("chapter-")] == [
        "First & last",
        "<Then>",
    ]
    assert [given["href"] for tag, given in page.elements if given.get("href", "").startswith("#t=")] == [
        "#t=0", "#t=3", "#t=0", "#t=1", "#t=2", "#t=3",
    ]  # fmt: skip


def test_a_paragraph_in_another_language_says_so():
    page = Page(made([line("Hi."), line("你好。", turn=1, language="zh")]))
    assert [given.get("lang") for tag, given in page.elements if given.get("class") == "words"] == [None, "zh"]


def test_there_may_be_no_chapters_and_nothing_said():
    assert Page(made([line("Hi.")], chapters=[])).all("h2")[0] == "Chapters"
    assert Page(made([], chapters=[])).all("p", "words") == []


@pytest.mark.parametrize(("language", "play"), [("en", "Play"), ("zh-TW", "播放"), ("de", "Play")])
def test_its_own_words_are_in_the_language_of_the_episode_where_it_has_them(language, play):
    page = Page(made([line("Hi.")], language=language))
    assert page.elements[0] == ("html", {"lang": language})
    button = next(given for tag, given in page.elements if given.get("id") == "play")
    assert button["aria-label"] == play
    player = next(given for tag, given in page.elements if given.get("id") == "player")
    assert player["lang"] == ("zh" if play != "Play" else "en")


def test_nothing_in_a_text_is_obeyed():
    details = replace(DETAILS, artists=(HOSTILE,), show=HOSTILE, disclosure=HOSTILE, sound='a" onerror="b: #?%.mp3')
    page = Page(
        made([line(HOSTILE, speaker=HOSTILE)], title=HOSTILE, chapters=[ChapterMark(HOSTILE, 0, None)], details=details)
    )
    plain = Page(made([line("A", speaker="B")], title="C", chapters=[ChapterMark("D", 0, None)]))
    assert [tag for tag, _ in page.elements] == [tag for tag, _ in plain.elements]
    handlers = [name for _, given in page.elements for name in given if name.startswith("on") or name == "style"]
    assert handlers == []
    assert page.all("h1") == [HOSTILE.replace("\u202e", "")]
    assert page.data["title"] == HOSTILE.replace("\u202e", "")
    assert (
        next(given["src"] for tag, given in page.elements if tag == "audio")
        == "./a%22%20onerror%3D%22b%3A%20%23%3F%25.mp3"
    )


def test_what_only_its_show_knows_has_a_place_that_no_text_has():
    said = f"{HEAD_MARK}{WAY_MARK} HEAD_MARK"
    details = replace(DETAILS, show=said, disclosure=said, artists=(said,))
    page = made([line(said)], title=said, chapters=[ChapterMark(said, 0, None)], details=details)
    assert (page.count(HEAD_MARK), page.count(WAY_MARK)) == (1, 1)
    assert page.index(HEAD_MARK) < page.index("</head>") < page.index(WAY_MARK) < page.index("</header>")
    filled = page.replace(HEAD_MARK, '<meta property="og:title" content="x">').replace(WAY_MARK, '<p class="way">x</p>')
    assert [mark.title for mark in parse_player_page(filled)] == [said]


def test_its_policy_allows_its_own_script_and_style_and_files_beside_it_only():
    page = Page(made([line("Hi.")]))
    start, code = (text for tag, given, text in page.texts if tag == "script" and "type" not in given)
    assert page.policy == {
        "default-src": ["'none'"],
        "script-src": [policy_hash(start), policy_hash(code)],
        "style-src": [policy_hash(page.all("style")[0])],
        "media-src": ["'self'", "file:"],
        "img-src": ["'self'", "file:"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }
    addresses = [value for _, given in page.elements for name, value in given.items() if name in ("src", "href")]
    beside = {address for address in addresses if not address.startswith("#")}
    assert beside == {f"./talk.en{suffix}" for suffix in (".mp3", ".cover.jpg", ".vtt", ".srt", ".transcript.json")}


def test_a_chapter_shows_its_image_where_that_is_a_file_and_its_link():
    chapters = [
        ChapterMark("One", 0, 1000, "talk.image-1.jpg", "https://a.example/b?c=1&d=%22", 'a "lamp"'),
        ChapterMark("Two", 1000, 2000, "https://c.example/d.jpg"),
    ]
    page = Page(made([line("Hi."), line("Ho.", turn=1)], chapters=chapters))
    images = [given for tag, given in page.elements if given.get("class") == "image"]
    assert [(one["src"], one["alt"], one["loading"]) for one in images] == [("./talk.image-1.jpg", 'a "lamp"', "lazy")]
    (link,) = (given for tag, given in page.elements if given.get("target"))
    assert (link["href"], link["rel"]) == ("https://a.example/b?c=1&d=%22", "noopener noreferrer")
    assert "a.example/b?c=1&d=%22" in page.all("a")


def test_the_same_clips_give_the_same_page(studio):
    lines = [studio.line("Why so?", speaker="Ada", chapter="Why?"), studio.line("Because.", speaker="Ben")]
    clips = [studio.clip(studio.click(1), [Word(line.text, 0, 1)]) for line in lines]
    script = studio.script(lines)
    timeline = lay_out(script, clips, studio.settings(pauses=Pauses(head=0.5)))
    names = caption_names(((member.speaker, member.role) for member in script.cast), "en")
    pages = [
        format_player_page(script, timeline, make_cues(timeline, names), names, chapter_marks(timeline), DETAILS)
        for _ in range(2)
    ]
    assert pages[0] == pages[1]
    assert words_of(Page(pages[0])) == [("Why so?", 0.5), ("Because.", 1.85)]
    assert parse_player_page(pages[0]) == (ChapterMark("Why?", 0, None),)


WHOLE = made([line("One two."), line("Three.", turn=1)])


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ('"use strict";', '"use strict" ;', "its policy forbids its own script or style: it was edited"),
        ('"chapters":[[0', '"chapters":[["x"', "its data cannot be read"),
        ("One two.", "One.", "the times of its words are not those of its paragraphs"),
    ],
)
def test_verification_finds_what_does_not_fit(before, after, what):
    assert before in WHOLE
    with pytest.raises(SidecarError, match=re.escape(what)):
        parse_player_page(WHOLE.replace(before, after))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30), max_size=5))
def test_any_text_is_shown_as_it_is(texts):
    lines = [line(printable(text), turn=number) for number, text in enumerate(texts) if printable(text)]
    page = Page(made(lines))
    assert page.all("p", "words") == [line.text for line in lines]
    assert parse_player_page(made(lines)) == (ChapterMark("One", 0, None),)
