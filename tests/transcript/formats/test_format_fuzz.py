"""Any source of any format is either refused with one line or accounted for to the last character."""

import json

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from interview_audio.errors import SourceError
from interview_audio.transcript.parsing import parse_transcript

FUZZ = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=100)
WORDS = st.one_of(
    st.sampled_from(
        (
            "Nora: Why?",
            "Ida: I am.",
            "why",
            "灯塔还亮吗？",
            "**a**",
            "*",
            "&amp;",
            "&gt;&gt; ",
            "&nbsp;",
            "&notit;",
            "&#x1F600;",
            "<i>",
            "</i>",
            "<v Nora>",
            "<",
            ">> ",
            "- a",
            "(laughs)",
            "\n",
            "\n\n",
            " ",
            "\u2028",
            "\t",
            "# ",
            "> ",
        )
    ),
    st.text(max_size=8),
)
TEXT = st.lists(WORDS, max_size=5).map("".join)
CUES = st.lists(TEXT, min_size=1, max_size=6).map(
    lambda texts: "\n\n".join(f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{text}" for n, text in enumerate(texts))
)
SPEAKER = st.sampled_from(("Nora", "Ida Holm", "SPEAKER_00", "", 0, 1, None, {"name": "Ida"}))
SEGMENT = st.fixed_dictionaries({"text": TEXT}, optional={"speaker": SPEAKER, "start": st.integers(0, 9), "id": TEXT})
JSON = st.one_of(st.lists(SEGMENT, max_size=5), st.fixed_dictionaries({"title": TEXT, "segments": st.lists(SEGMENT)}))
TAGS = st.sampled_from(
    (
        "<p>",
        "</p>",
        "<br>",
        "<b>",
        "</b>",
        "<h1>",
        "</h1>",
        "<li>",
        "<dl><dt>",
        "<dd>",
        "</dl>",
        "<nav>",
        "</nav>",
        "<blockquote>",
        "</blockquote>",
        '<span class="speaker">',
        "</span>",
        "<article>",
        "</article>",
        "<pre>",
        "</pre>",
        "<script>",
        "</script>",
        "<!--",
        "-->",
        '<p class="',
        '">',
        "<time>0:01</time>",
        "</dt>",
        "<title>",
        "</title>",
    )
)
PAGES = st.lists(st.one_of(TAGS, WORDS), max_size=14).map(lambda parts: "<html>" + "".join(parts))


def check(text: str) -> None:
    text = text.replace("\r", "")
    try:
        transcript = parse_transcript(text)
    except SourceError:
        return
    receipt = transcript.receipt
    assert receipt.unaccounted == 0
    assert receipt.characters == len(text) == receipt.spoken + sum(receipt.skipped.values())
    assert receipt.spoken == sum(len(turn.text) for turn in transcript.turns if turn.kind in ("speech", "narration"))
    reached = 0
    for turn in transcript.turns:
        start, end = turn.source
        assert reached <= start < end <= len(text)
        assert turn.line <= text.count("\n", 0, start) + 1
        reached = end


@FUZZ
@given(CUES)
@example("1\n00:00:01,000 --> 00:00:02,000\n<v Nora>a<v Nora>b")
def test_subtitles(text: str) -> None:
    check(text)


@FUZZ
@given(JSON, st.booleans())
def test_json(data: object, is_escaped: bool) -> None:
    check(json.dumps(data, ensure_ascii=is_escaped))


@FUZZ
@given(PAGES)
def test_pages(text: str) -> None:
    check(text)
