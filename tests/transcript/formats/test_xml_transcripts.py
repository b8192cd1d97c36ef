import pytest

from growth import grows_too_fast
from interview_audio.errors import SourceError
from interview_audio.transcript.parsing import parse_transcript


def turns(text: str) -> list[tuple[int, str, str | None, str]]:
    transcript = parse_transcript(text)
    assert transcript.receipt.unaccounted == 0
    return [(turn.line, turn.kind, turn.speaker, turn.text) for turn in transcript.turns]


def ttml(body: str) -> str:
    return f'<tt xmlns="http://www.w3.org/ns/ttml" xml:lang="en"><head/><body><div>{body}</div></body></tt>'


def test_lines_of_one_caption_are_joined_and_names_before_a_colon_speak() -> None:
    text = ttml(
        """
<p begin="1s" end="3s">NORA VALE: Is the light<br/><span tts:fontStyle="italic">still</span> on?</p>
<p begin="4s" end="5s">IDA HOLM: It is,<br/>as always.</p>
<p begin="6s" end="7s">NORA VALE: And at night?</p>"""
    )
    assert turns(text) == [
        (2, "speech", "Nora Vale", "Is the light still on?"),
        (3, "speech", "Ida Holm", "It is, as always."),
        (4, "speech", "Nora Vale", "And at night?"),
    ]


def test_part_of_a_word_in_a_span_stays_in_its_word() -> None:
    assert turns(ttml('<p begin="1s" end="3s">The light<span>house</span> is <span>on</span>.</p>')) == [
        (1, "narration", None, "The lighthouse is on.")
    ]


def test_timed_words_without_spaces_are_parted_and_chinese_ones_are_not() -> None:
    words = '<span begin="1s">{}</span><span begin="2s">{}</span><span begin="3s">{}</span>'
    assert [text for *_, text in turns(ttml(f'<p begin="1s">{words.format("It", "burns", ".")}</p>'))] == ["It burns."]
    assert [text for *_, text in turns(ttml(f'<p begin="1s">{words.format("灯", "亮着", "。")}</p>'))] == ["灯亮着。"]


def test_timed_syllables_between_which_spaces_are_written_are_not_parted() -> None:
    text = ttml('<p begin="1s"><span begin="1s">Al</span><span begin="2s">ways</span> <span begin="3s">on.</span></p>')
    assert [words for *_, words in turns(text)] == ["Always on."]


def test_youtube() -> None:
    text = """<?xml version="1.0" encoding="utf-8" ?><transcript>
<text start="0.5" dur="2">Nora: Is it on?</text>
<text start="3.5" dur="2">Ida: It&amp;#39;s on.</text>
<text start="6" dur="2">Nora: Always?</text>
<text start="9" dur="2">Ida: Always.</text>
</transcript>"""
    assert turns(text) == [
        (2, "speech", "Nora", "Is it on?"),
        (3, "speech", "Ida", "It's on."),
        (4, "speech", "Nora", "Always?"),
        (5, "speech", "Ida", "Always."),
    ]


def test_speakers_that_tei_prints_in_a_speech() -> None:
    text = """<TEI><text><body><head>On salt</head>
<sp><speaker>Nora Vale.</speaker><p>Is it salty?</p></sp>
<sp who="#ida"><speaker>Ida</speaker><stage>laughs</stage><p>It is.</p><p>Very.</p></sp>
</body></text></TEI>"""
    assert turns(text) == [
        (1, "heading", None, "On salt"),
        (2, "speech", "Nora Vale", "Is it salty?"),
        (3, "speech", "Ida", "It is."),
        (3, "speech", "Ida", "Very."),
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('<?xml version="1.0"?><rss version="2.0"><item/></rss>', "this is the feed of a podcast; save"),
        ("<?xml version='1.0'?>\n<!-- a -->\n<ANNOTATION_DOCUMENT/>", "this is an ELAN file; export"),
        ('<score xmlns="urn:a"><note/></score>', r"this is XML of a kind that is not read \(<score>\); export"),
    ],
)
def test_xml_of_another_kind_is_refused_with_what_it_is(text: str, says: str) -> None:
    with pytest.raises(SourceError, match=f"^{says}"):
        parse_transcript(text)


def test_xml_that_is_not_well_formed_loses_no_words() -> None:
    text = ttml('<p begin="1s">Salt & wind < rain</b>.<p begin="2s">Was it 3 > 2?')
    assert " ".join(words for *_, words in turns(text)) == "Salt & wind < rain. Was it 3 > 2?"


def test_entities_that_a_document_declares_do_not_explode() -> None:
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 9}">' for n in range(1, 12))
    text = f"<!DOCTYPE tt [{bomb}]>" + ttml('<p begin="1s">It is &e11;.</p>')
    assert [words for *_, words in turns(text)][-1].endswith("It is &e11;.")


@pytest.mark.parametrize("signs", ["<p>", "</p>", "<", "<!--", '<p a="', "<![CDATA["])
def test_open_tags_and_signs_are_read_in_linear_time(signs: str) -> None:
    assert not grows_too_fast(lambda text: parse_transcript(ttml(f"<p>It is on.</p>{text}")), signs, 5000)


def test_sentences_that_are_not_said_are_not_lost() -> None:
    captions = (
        '<?xml version="1.0"?><tt xmlns="http://www.w3.org/ns/ttml"><head><metadata><title>The last lamp</title>'
        "<desc>A talk about the <i>lamp</i>.</desc><copyright>Vale</copyright></metadata></head>"
        '<body><p begin="0s">Is it lit?</p><p begin="2s">It is.</p></body><p>Below it, &amp; not said.</p></tt>'
    )
    assert [(turn.kind, turn.text) for turn in parse_transcript(captions).turns] == [
        ("heading", "The last lamp"),
        ("boilerplate", "A talk about the lamp."),
        ("narration", "Is it lit? It is."),
        ("boilerplate", "Below it, & not said."),
    ]
    tei = (
        "<TEI><teiHeader><p>Free to be read.</p></teiHeader><text><u who='#A'>Is it lit?"
        "<note>He was a keeper for years.</note> Or not?</u><stage>She opens the door and laughs.</stage></text></TEI>"
    )
    assert [(turn.kind, turn.text, turn.confidence) for turn in parse_transcript(tei).turns] == [
        ("boilerplate", "Free to be read.", "inferred"),
        ("speech", "Is it lit? Or not?", "certain"),
        ("boilerplate", "He was a keeper for years.", "certain"),
    ]
