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
        "<template>",
        "</template>",
        "<span hidden>",
        "<rt>",
        "</rt>",
        "<select><option>",
        "</select>",
        "<!-- It is so, he said. -->",
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


XML_TAGS = st.sampled_from(
    (
        '<p begin="1s" end="2s">',
        '<p begin="00:00:04.5" ttm:agent="a1">',
        "</p>",
        "<br/>",
        "<span>",
        '<span begin="1s">',
        "</span>",
        "<div>",
        "</div>",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "<metadata>",
        "</metadata>",
        "- ",
        "</body>",
    )
)
TTML = st.lists(st.one_of(XML_TAGS, WORDS), max_size=14).map(
    lambda parts: (
        '<tt xmlns="http://www.w3.org/ns/ttml"><head><ttm:agent xml:id="a1"/><ttm:title>a</ttm:title></head><body>'
        + "".join(parts)
    )
)
TEI = st.lists(
    st.one_of(
        st.sampled_from(
            ("<u who='#a'>", "</u>", "<sp>", "<speaker>", "</speaker>", "</sp>", "<p>", "</p>", "<head>", "</head>")
        ),
        WORDS,
    ),
    max_size=14,
).map(lambda parts: "<TEI><text><body>" + "".join(parts))
EVENTS = st.lists(st.tuples(st.sampled_from(("", "Nora", "NTP")), TEXT), min_size=1, max_size=6).map(
    lambda events: (
        "[Script Info]\n"
        + "\n".join(
            f"Dialogue: 0,0:00:0{n}.00,0:00:0{n}.90,a,{name},0,0,0,,{text}" for n, (name, text) in enumerate(events)
        )
    )
)
CELLS = st.lists(st.tuples(SPEAKER.filter(lambda name: isinstance(name, str)), TEXT), min_size=1, max_size=6)
SEPARATED = st.tuples(st.sampled_from(",;\t"), CELLS).map(
    lambda table: "\n".join(f"{table[0].join(row)}" for row in [("speaker", "text"), *table[1]])
)
PIPED = CELLS.map(
    lambda rows: "# Title\n\n| Speaker | Text |\n|---|---|\n" + "\n".join(f"| {a} | {b} |" for a, b in rows) + "\nend"
)
NUMBERED = st.lists(TEXT, min_size=8, max_size=12).map(
    lambda lines: "\n".join(f"{n}   {line}" for n, line in enumerate(lines, 1))
)
CHAT = st.lists(TEXT, min_size=2, max_size=6).map(
    lambda texts: "\n".join(f"14:22:0{n} From Nora to Everyone:\n\t{text}" for n, text in enumerate(texts))
)


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
    reached = above = 0
    for turn in transcript.turns:
        start, end = turn.source
        assert above <= start < end <= len(text)
        assert reached <= start or end <= reached, "only what is kept apart stands within another turn"
        assert turn.line <= text.count("\n", 0, start) + 1
        reached, above = max(reached, end), start


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
@example("<html>Nora: Why?<span hidden>\nNora: Why?")
def test_pages(text: str) -> None:
    check(text)


@FUZZ
@given(st.one_of(TTML, TEI))
def test_xml(text: str) -> None:
    check(text)


@FUZZ
@given(EVENTS)
def test_events(text: str) -> None:
    check(text)


@FUZZ
@given(st.one_of(SEPARATED, PIPED, NUMBERED, CHAT))
def test_tables_numbered_lines_and_chats(text: str) -> None:
    check(text)
