import sys
from importlib.machinery import ModuleSpec
from types import ModuleType

import pytest

from interview_audio.transcript.parsing import parse_transcript

PAGE = """<!DOCTYPE html><html><head><title>The keeper | Gull</title><style>p {color: red}</style></head><body>
<nav><ul><li>Home<li>Boats</ul></nav>
<p>Log in</p>
<article><h1>The last keeper</h1>
<p>Ida Holm keeps the light at Gull Point.<br></p>
<blockquote>A light is a promise.</blockquote>
<p><strong>Q:</strong> Why did you stay,&nbsp;Ida?</p>
<p><strong>Ida Holm:</strong> For the birds &amp; the sea.
I never wanted a car.
<!-- <p>Q: not said</p> -->
<p class="share-bar">Share this
<h2>The winter</h2>
<p><b>Q:</b> And you never left?
<p><b>Ida Holm:</b> I did not.
<script>var a = "<p>no</p>";</script>
</article>
<footer>© 2020 Gull</footer></body></html>
"""


def turns(text: str) -> list[tuple[int, str, str | None, str]]:
    transcript = parse_transcript(text)
    assert transcript.receipt.unaccounted == 0
    return [(turn.line, turn.kind, turn.speaker, turn.text) for turn in transcript.turns]


def test_a_page() -> None:
    assert turns(PAGE) == [
        (1, "boilerplate", None, "The keeper | Gull"),
        (2, "boilerplate", None, "Home"),
        (2, "boilerplate", None, "Boats"),
        (3, "boilerplate", None, "Log in"),
        (4, "heading", None, "The last keeper"),
        (5, "narration", None, "Ida Holm keeps the light at Gull Point."),
        (6, "narration", None, "A light is a promise."),
        (7, "speech", "Q", "Why did you stay, Ida?"),
        (8, "speech", "Ida Holm", "For the birds & the sea. I never wanted a car."),
        (11, "boilerplate", None, "Share this"),
        (12, "heading", None, "The winter"),
        (13, "speech", "Q", "And you never left?"),
        (14, "speech", "Ida Holm", "I did not."),
        (17, "boilerplate", None, "© 2020 Gull"),
    ]


def test_why_something_is_dropped() -> None:
    reasons = [turn.reason for turn in parse_transcript(PAGE).turns if turn.kind == "boilerplate"]
    assert reasons == [
        "page title",
        "navigation",
        "navigation",
        "outside the article",
        "class share-bar",
        "page footer",
    ]


@pytest.mark.parametrize(
    "turn",
    [
        '<p><span class="speaker">{}</span> <time>00:01</time> {}</p>',
        '<div><div class="speaker-name">{}:</div><div>{}</div></div>',
        '<p data-speaker="{}">{}</p>',
        "<p>{}: {}</p>",
        "<div><b>{}: </b>{}</div>",
        "<ul><li>{}: {}</li></ul>",
        "<dl><dt>{}</dt><dd>{}</dd></dl>",
        "<dl><dt>{}:<dd>{}</dl>",
        "<table><tr><td>{}:<td>{}</table>",
        "<h3>{}</h3><p>{}</p>",
    ],
)
def test_ways_to_set_who_speaks(turn: str) -> None:
    said = [
        ("Nora Vale", "Why did you come?"),
        ("Ida Holm", "I was cold."),
        ("Nora Vale", "And you stayed?"),
        ("Ida Holm", "We did."),
    ]
    text = "".join(turn.format(*words) for words in said)
    assert [(speaker, words) for _, _, speaker, words in turns(text) if words != speaker] == said


@pytest.mark.parametrize("text", ["<p>{}</p><p></p>", "<div>{}</div><div></div>", "<pre>{}</pre><p></p>"])
@pytest.mark.parametrize("end", ["<br>", "<br/>\n", "\n<BR>"])
def test_line_breaks(text: str, end: str) -> None:
    lines = ("Nora Vale: Why did you come?", "Ida Holm: I was cold.", "Nora Vale: And you stayed?", "Ida Holm: We did.")
    assert [words for _, _, _, words in turns(text.format(end.join(lines)))] == [
        "Why did you come?",
        "I was cold.",
        "And you stayed?",
        "We did.",
    ]


def test_a_class_does_not_drop_the_whole_text() -> None:
    text = '<div class="page with-sidebar"><p>Q: Why now?</p><p>Holm: I was cold.</p></div>'
    assert [kind for _, kind, _, _ in turns(text)] == ["speech", "speech"]


def test_words_broken_by_the_source_are_joined_as_their_language_does() -> None:
    text = "<p>问：灯塔还\n亮吗？</p><p>答：亮着。\n我每天都看。</p><p>问：Is it\nso?</p><p>答：是。</p>"
    assert [words for _, _, _, words in turns(text)] == ["灯塔还亮吗？", "亮着。我每天都看。", "Is it so?", "是。"]


def test_a_page_without_an_article_is_bounded_by_what_is_extracted(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        "<html><body><div><p>Log in</p></div><div><p>Q: Why now, Ida?</p><p>Holm: I was cold over there in the city.</p>"
        "<p>Q: You?</p></div><div><p>All the news</p></div></body></html>"
    )
    assert [kind for _, kind, _, _ in turns(text)].count("boilerplate") == 0
    article = "Q: Why now, Ida?\nHolm: I was cold over there in the city."
    extra = ModuleType("trafilatura")
    extra.__spec__ = ModuleSpec("trafilatura", None)
    extra.extract = lambda page, **_: article  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "trafilatura", extra)
    assert [(kind, words) for _, kind, _, words in turns(text)] == [
        ("boilerplate", "Log in"),
        ("speech", "Why now, Ida?"),
        ("speech", "I was cold over there in the city."),
        ("speech", "You?"),
        ("boilerplate", "All the news"),
    ]


def test_little_above_the_headline_is_the_sites() -> None:
    talk = "<p>Q: Why did you come to the tower, Ida?</p><p>Holm: I was cold over there in the city.</p>"
    site = f"<html><body><p>Log in</p><h1>Salt</h1>{talk}</body></html>"
    assert [kind for _, kind, _, _ in turns(site)] == ["boilerplate", "heading", "speech", "speech"]
    below = f"<html><body>{talk}<h1>Salt</h1><p>Q: And now?</p><p>Holm: I sleep.</p></body></html>"
    assert [kind for _, kind, _, _ in turns(below)] == ["speech", "speech", "heading", "speech", "speech"]


@pytest.mark.parametrize(
    "turn",
    [
        '<div class="turn"><p class="speaker">{}</p><p>{}</p><p>{}</p></div>',
        '<div class="turn"><span class="speaker-name">{}</span><p>{}</p><p>{}</p></div>',
        '<div><h3><b class="speaker">{}</b></h3><p>{}</p><div><p>{}</p></div></div>',
        '<div data-speaker="{}"><p>{}</p><ul><li>{}</li></ul></div>',
        '<p class="speaker">{}</p><p>{}</p><p>{}</p>',
    ],
)
def test_a_name_holds_for_all_that_stands_with_it(turn: str) -> None:
    said = (
        ("Ida Holm", "Nora rang.", "The light went out."),
        ("Nora Vale", "I did.", "Ida was asleep."),
        ("Ida Holm", "So?", ""),
    )
    page = "".join(turn.format(*words) for words in said)
    found = [(speaker, text) for _, _, speaker, text in turns(f"<section>{page}</section><p>The sea rose.</p>")]
    assert found[:5] == [
        ("Ida Holm", "Nora rang."),
        ("Ida Holm", "The light went out."),
        ("Nora Vale", "I did."),
        ("Nora Vale", "Ida was asleep."),
        ("Ida Holm", "So?"),
    ]


TWO = """<html><body><h1>The lamp</h1><article lang="de"><p>Guten Abend, und willkommen im Turm.</p><p>Brennt die Lampe noch?</p>
</article>{}<article><p>Good evening, and welcome to the tower, where we are tonight.</p><p>Is the lamp still lit, and who has the oil?</p></article>{}</body></html>"""


def test_of_two_articles_what_a_click_opens_is_not_read_in_another_language() -> None:
    shut = turns(TWO.format("<details><summary>English</summary>", "</details>"))
    assert [text for _, kind, _, text in shut if kind == "narration"] == [
        "Guten Abend, und willkommen im Turm.",
        "Brennt die Lampe noch?",
    ]
    assert sum(kind == "narration" for _, kind, _, _ in turns(TWO.format("", ""))) == 4


def test_a_transcript_that_a_click_opens_is_read() -> None:
    talk = (
        "<p><b>Q:</b> Is it lit?</p><p><b>Ida Holm:</b> It is.</p><p><b>Q:</b> Still?</p><p><b>Ida Holm:</b> Still.</p>"
    )
    page = f"<body><article><h1>The lamp</h1><p>Ida Holm keeps a lamp.</p><details><summary>Transcript</summary>{talk}</details></article></body>"
    assert [(kind, text) for _, kind, _, text in turns(page)] == [
        ("heading", "The lamp"),
        ("narration", "Ida Holm keeps a lamp."),
        ("heading", "Transcript"),
        ("speech", "Is it lit?"),
        ("speech", "It is."),
        ("speech", "Still?"),
        ("speech", "Still."),
    ]


def test_code_tables_and_what_is_printed_above_words_are_not_read() -> None:
    page = (
        "<body><p><b>Q:</b> What is a <ruby>灯<rp>(</rp><rt>hi</rt><rp>)</rp></ruby>?</p><p><b>Ida Holm:</b> A lamp, and this is all that it needs.</p>"
        "<pre><code>lamp.on()</code></pre><table><tr><th>oil</th><td>2 l</td></tr></table>"
        "<p><b>Q:</b> So?</p><p><b>Ida Holm:</b> So, one gets used to it, I would say.</p></body>"
    )
    assert [
        (turn.kind, turn.reason, turn.text) for turn in parse_transcript(page).turns if turn.kind == "boilerplate"
    ] == [
        ("boilerplate", "code", "lamp.on()"),
        ("boilerplate", "table", "oil"),
        ("boilerplate", "table", "2 l"),
    ]
    assert turns(page)[0][3] == "What is a 灯?"


AROUND = (
    "<article><h1>Lamps</h1><p><b>Q:</b> Is it lit?</p><p><b>Ida Holm:</b> {}</p>"
    "<p><b>Q:</b> So?</p><p><b>Ida Holm:</b> So, one gets used to it, I would say.</p></article>"
)


@pytest.mark.parametrize(
    ("unseen", "words", "reason"),
    [
        ("<span hidden>I lit it in May.</span>", "I lit it in May.", "hidden"),
        ('<em style="display: none">I lit it in May.</em>', "I lit it in May.", "hidden"),
        ("<template><p>I lit it <b>in</b> May.</p></template>", "I lit it in May.", "code"),
        ("<noscript>I lit it &amp; left.</noscript>", "I lit it & left.", "code"),
        ("<textarea>I lit it in May.</textarea>", "I lit it in May.", "form"),
        ("<select><option>May<option>I lit it in May.</select>", "I lit it in May.", "form"),
        ("<video controls>Your browser is old.</video>", "Your browser is old.", "embedded media"),
        ("<svg><title>Lamp</title><text>I lit it in May.</text></svg>", "I lit it in May.", "code"),
        ("<!-- I lit it <i>in</i> May. -->", "I lit it in May.", "comment"),
        ("<rt>I lit it in May.</rt>", "I lit it in May.", "pronunciation above the line"),
    ],
)  # fmt: skip
def test_what_a_sentence_goes_on_without_is_not_read_and_not_lost(unseen: str, words: str, reason: str) -> None:
    page = AROUND.format(f"It is lit {unseen} and it hums, all day long.")
    transcript = parse_transcript(page)
    assert [turn.text for turn in transcript.turns if turn.kind == "speech"][
        1
    ] == "It is lit and it hums, all day long."
    assert [(turn.reason, turn.text) for turn in transcript.turns if turn.kind == "boilerplate"] == [(reason, words)]
    assert transcript.receipt.unaccounted == 0
    everything = [turn.text for turn in parse_transcript(page, reads_everything=True).turns]
    assert everything[2:4] == ["It is lit and it hums, all day long.", words]


@pytest.mark.parametrize("opened", ["<rt>", "<!-- ", "<textarea>", "<ruby>lamp<rt>", "<template>", "<video controls>"])
def test_what_nothing_ends_takes_no_words_with_it(opened: str) -> None:
    said = " ".join(text for *_, text in turns(AROUND.format(f"It is {opened} lit and it hums.")))
    assert said.endswith("lit and it hums. So? So, one gets used to it, I would say.")


@pytest.mark.parametrize("opened", ["<style>p {color: red}", "<script>var a = 1;"])
def test_a_program_that_nothing_ends_takes_its_paragraph_at_most(opened: str) -> None:
    found = turns(AROUND.format(f"It is lit. {opened} And it hums, it seems."))
    assert [text for _, kind, _, text in found if kind == "speech"][1:3] == ["It is lit.", "So?"]
    assert [text.endswith("And it hums, it seems.") for _, kind, _, text in found if kind == "boilerplate"] == [True]
    assert turns(f"<html><head>{opened}</head><body>{AROUND.format('It is lit.')}</body></html>")[-3][3] == "It is lit."
