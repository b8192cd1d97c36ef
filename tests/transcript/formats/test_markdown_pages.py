import pytest

from interview_audio.transcript.parsing import parse_transcript
from interview_audio.transcript.turns import SPOKEN_KINDS, Transcript
from leftover_markup import leftover_markup


def spoken(source: str, suffix: str = ".md") -> list[str]:
    transcript = parse_transcript(source, suffix=suffix)
    assert transcript.receipt.unaccounted == 0
    return [turn.text for turn in transcript.turns if turn.kind in SPOKEN_KINDS]


def unread(transcript: Transcript) -> list[tuple[int, str, str]]:
    return [(turn.line, turn.reason, turn.text) for turn in transcript.turns if turn.kind == "boilerplate"]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ('More [oil](https://example.com/oil "Oil, by (the) bucket.").', "More oil."),
        ("See [the log][5] and [the *old* lamp][].", "See the log and the old lamp."),
        ("Lit![lamp on a rock](a.png)", "Lit"),
        ("Wow![laughs] Yes.", "Wow! Yes."),
        ("A [![badge](b.svg)](https://example.com) lamp.", "A lamp."),
        ("He is a keeper [of lamps].", "He is a keeper [of lamps]."),
        ("It is ~~out~~ on &amp; &quot;bright&quot;&#33;", 'It is out on & "bright"!'),
        ("The **lamp *and* oil** are `lit`, ***all** of* it.", "The lamp and oil are lit, all of it."),
        ("We use ``a`b`` and `<h1>` here.", "We use a`b and h1 here."),
        ("Write to <ida@example.com> now.", "Write to ida@example.com now."),
        ("One \\* two \\& three\\.", "One * two & three."),
        ('A <span style="color:red">red</span> lamp<sup>3</sup>, <kbd>on</kbd>.', "A red lamp, on."),
        ("<ruby>灯<rt>とう</rt></ruby>です。", "灯です。"),
        ("A lamp<!-- oil\n\nmore --> is lit.", "A lamp is lit."),
        ('I keep [two lamps]({{< ref "two#Lamps" >}}) here.', "I keep two lamps here."),
        ("{% raw %}A lamp{% endraw %} is {{ page.state }} lit.", "A lamp is lit."),
        ("The lamp{: .bright} is [lit](#on){:target=\"_blank\"}.", "The lamp is lit."),
        ("The lamp is ==lit== and :sparkles: bright.", "The lamp is lit and bright."),
        ("The '''lamp''' of [[Harbour (town)|Harbour]] is in [[Port]].", "The lamp of Harbour is in Port."),
        ("See [https://example.com the log] of [[File:Lamp.png|thumb|A lamp]] it.", "See the log of it."),
        ("See :ref:`the log <log>` and `the map <https://example.com>`_ there.", "See the log and the map there."),
        ("A [b]lamp[/b] of [url=https://example.com]oil[/url].", "A lamp of oil."),
        ("We said {/* not this */} yes.", "We said yes."),
        ("<Tooltip text={more}>The lamp</Tooltip> is lit.", "The lamp is lit."),
    ],
)  # fmt: skip
def test_a_page_says_its_words_and_not_its_markup(written: str, words: str) -> None:
    transcript = parse_transcript(
        f"Q: Is it lit?\n\nIda Holm: {written}\n\nQ: Still?\n\nIda Holm: Still.\n", suffix=".md"
    )
    assert [turn.text for turn in transcript.turns if turn.line == 3][:1] == [words]
    assert leftover_markup(transcript) == []
    assert transcript.receipt.unaccounted == 0


@pytest.mark.parametrize(
    "text",
    [
        "<Ida> says the lamp is lit",
        "5 < 6 and 7 > 4",
        "a & b, AT&T",
        "{she leaves} the room",
        "the ratio 3::4 and C::D",
        "it's 'fine' so to speak",
        "s**t happens",
    ],
)
def test_what_only_looks_like_markup_is_shown_as_it_is_written(text: str) -> None:
    assert (
        spoken(f"Q: Is it lit?\n\nIda Holm: So {text}.\n\nQ: Still?\n\nIda Holm: Still.\n", ".txt")[1] == f"So {text}."
    )


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        (
            '# "Oil & <script>light(1)</script> Lamps" 🌿 — what a keeper knows',
            '"Oil & Lamps" 🌿 — what a keeper knows',
        ),
        ("# “Lit” <style>b { color: red }</style> at night", "“Lit” at night"),
        ("# Oil <svg><text>on</text></svg> and <button>Buy</button> lamps", "Oil and lamps"),
        ('# <div align="center">The lamp</div> of <i>May</i>', "The lamp of May"),
        ("# <p>The lamp</p><p>of</p> May", "The lamp of May"),
        ("# The lamp<br>of<br/> May", "The lamp of May"),
        ("The <b>lamp</b> <script>light(1)</script> of May\n=====", "The lamp of May"),
        ("<b>The</b> [lamp](http://a.b) of May\n-----", "The lamp of May"),
        ("# A <canvas> and a <div> of May", "A <canvas> and a <div> of May"),
    ],
)
def test_a_tag_does_not_end_a_heading(heading: str, title: str) -> None:
    source = f"{heading}\n\nQ: Is it lit?\n\nIda Holm: It is.\n\nQ: Still?\n\nIda Holm: Still.\n"
    transcript = parse_transcript(source, suffix=".md")
    assert (transcript.title, transcript.receipt.unaccounted) == (title, 0)
    assert [turn.text for turn in transcript.turns if turn.kind == "heading"] == [title]
    assert [turn.text for turn in transcript.turns if turn.kind in SPOKEN_KINDS] == [
        "Is it lit?", "It is.", "Still?", "Still.",
    ]  # fmt: skip


@pytest.mark.parametrize("element", ["<script>light(1)</script>", "<svg><path d='M0'/></svg>", "<video>old</video>"])
def test_a_sentence_goes_on_behind_what_a_page_does_not_say(element: str) -> None:
    said = spoken(f"Q: Is it lit?\n\nIda Holm: It is {element} lit.\n\nQ: Still?\n\nIda Holm: Still.\n")
    assert said == ["Is it lit?", "It is lit.", "Still?", "Still."]


@pytest.mark.parametrize(
    "text",
    [
        "We draw on a <canvas> there.",
        "Is it <div>, <span>/<section>, or “<table>”?",
        "<canvas> is what I use.",
        "A <script>-like word, Vec<T> and <your name>.",
        "I mean the <b> tag and two <br> elements.",
        "我用<canvas>画图，用<div>排版。",
    ],
)
def test_a_tag_of_which_a_sentence_speaks_is_a_word(text: str) -> None:
    source = f"Q: Is it lit?\n\nIda Holm: {text}\n\nQ: Still?\n\nIda Holm: Still.\n"
    for suffix in (".txt", ".md"):
        assert spoken(source, suffix) == ["Is it lit?", text, "Still?", "Still."]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("It <b>is</b> <i>lit</i>, <font color='red'>red</font>.", ["It is lit, red."]),
        ("It is</font> lit <b> now <i>.", ["It is lit now."]),
        ("It is<br>lit.", ["It is", "lit."]),
        ("It is. <p> It is lit.", ["It is.", "It is lit."]),
        ("<div>It is lit.", ["It is lit."]),
        ("It is lit. <span> And red.", ["It is lit. And red."]),
        ("<div class='a'> it is lit.", ["it is lit."]),
        ("A <span>lamp</span> and a <canvas/> of <Ida>oil</Ida>.", ["A lamp and a of oil."]),
    ],
)
def test_a_stray_tag_stays_markup(written: str, said: list[str]) -> None:
    source = f"Q: Is it lit?\n\nIda Holm: {written}\n\nQ: Still?\n\nIda Holm: Still.\n"
    assert spoken(source, ".txt") == ["Is it lit?", *said, "Still?", "Still."]


TURNS = "Q: Is it lit?\n\nIda Holm: It is.\n\n{}\n\nQ: And now?\n\nIda Holm: It is out.\n"
SAID = ["Is it lit?", "It is.", "And now?", "It is out."]


@pytest.mark.parametrize(
    ("block", "reason"),
    [
        ("```perl\nuse v5.36;\n```", "code"),
        ("~~~\nlamp = on();\nlamp.off()\n~~~", "code"),
        ("{% highlight ruby %}\nlamp.on!\n{% endhighlight %}", "code"),
        ("| oil | lamp |\n|-----|------|\n| 1 | two |", "table"),
        ("<table><tr><td>oil</td></tr></table>", "table"),
        ("<figure><img src='a.png'>\n<p>The lamp in May</p></figure>", "image caption"),
        ("![](a.png)\n<figcaption>The lamp in May</figcaption>", "image caption"),
        ("![](a.png)\n<center>The lamp in May</center>", "image caption"),
        ("[1]: https://example.com/a.png \"The (old) lamp.\"", "link definition"),
        ("[^1]: That was in May,\n    or in June.", "footnotes"),
        ("import Lamp from '../lamp.js'", "code"),
        ('<iframe src="https://example.com">Your browser is old.</iframe>', "embedded media"),
    ],
)  # fmt: skip
def test_what_a_page_has_besides_its_text_is_not_read_and_says_why(block: str, reason: str) -> None:
    source = TURNS.format(block)
    assert spoken(source) == SAID
    assert {why for _, why, _ in unread(parse_transcript(source, suffix=".md"))} == {reason}


@pytest.mark.parametrize(
    "block",
    ["\\\n\\", "{{< figure src=\"a.png\" caption=\"The lamp is old and it is lit.\" >}}", "{: .lead}", "[TOC]", "{% youtube a %}",
     "::: note\n:::", "<div align=\"center\">\n</div>", "<!-- Lamp. -->", ".. image:: lamp.png\n   :alt: A lamp", "*[LED]: A lamp"],
)  # fmt: skip
def test_a_block_of_markup_says_nothing(block: str) -> None:
    assert spoken(TURNS.format(block)) == SAID


@pytest.mark.parametrize(
    "block",
    [
        "```\n{}\n```",
        "```text\n{}\n```",
        "<details>\n{}\n</details>",
        "::: talk\n{}\n:::",
        "{{% notice %}}\n{}\n{{% /notice %}}",
        "```perl\n{}",
    ],
)
def test_talk_is_read_wherever_it_stands(block: str) -> None:
    talk = "Q: Is it lit?\n\nIda Holm: It is.\n\nQ: And now?\n\nIda Holm: It is out."
    assert spoken(f"# Lamps\n\n{block.replace('{}', talk)}\n") == SAID


@pytest.mark.parametrize(
    "first",
    [
        '{{< transcript "MARK: Is it lit, Melanie?" >}}',
        '{{< says speaker="MARK" >}}Is it lit, Melanie?{{< /says >}}',
        '{{% says name="MARK" text="Is it lit, Melanie?" %}}',
        '<Turn speaker="MARK">Is it lit, Melanie?</Turn>',
        "{% turn speaker='MARK' %}\nIs it lit, Melanie?\n{% endturn %}",
    ],
)
def test_what_a_shortcode_says_is_talk(first: str) -> None:
    transcript = parse_transcript(f"{first}\n\nMELANIE: It is.\n\nMARK: Still?\n\nMELANIE: Still.\n", suffix=".md")
    turns = [(turn.speaker, turn.text) for turn in transcript.turns if turn.kind == "speech"]
    assert turns[0] == ("MARK", "Is it lit, Melanie?")
    assert transcript.receipt.unaccounted == 0


def test_a_heading_is_one_however_it_is_set() -> None:
    source = "Q: Is it lit?\n\nIda: It is.\n\nThe oil\n-------\n\nQ: And now?\n\nIda: It is <b>out</b>.\n\n<h2>The end</h2>\n\nQ: So?\n\nIda: So.\n"
    headings = [turn.text for turn in parse_transcript(source, suffix=".md").turns if turn.kind == "heading"]
    assert headings == ["The oil", "The end"]


def test_plain_text_is_not_code_for_its_indents() -> None:
    source = "    Q: Is it lit?\n\n    Ida Holm: It is.\n\n    Q: And now?\n\n    Ida Holm: It is out.\n"
    assert spoken(source, ".txt") == SAID
    assert spoken(source, ".md") == SAID


IMAGE = "Q: Is it lit?\n\nIda Holm: It is, and it hums.\n\n![](a.png)\n\n{}\n\nQ: And now?\n\nIda Holm: It is out.\n"


@pytest.mark.parametrize(
    "caption", ["The lamp hangs above the town.", "*The lamp, seen from the town.*", "The lamp in May"]
)
def test_a_caption_below_an_image_is_not_read(caption: str) -> None:
    assert spoken(IMAGE.format(caption)) == ["Is it lit?", "It is, and it hums.", "And now?", "It is out."]


@pytest.mark.parametrize(
    "goes_on",
    [
        "I hang it above the town.",
        "The lamp hangs above the town.\n\nThe oil is from there.",
        "The lamp hangs above the town, said the others, who had come up the stairs that morning and who had seen it from"
        " the boat, from the mole, from the market, and from the hill behind the church, where the goats are. All of them"
        " wanted oil.",
        "Tom Reyes: It hangs above the town.",
    ],
)
def test_an_answer_goes_on_below_an_image(goes_on: str) -> None:
    said = " ".join(spoken(IMAGE.format(goes_on)))
    assert [part for part in goes_on.rpartition(": ")[2].split("\n\n") if part not in said] == []


def test_questions_in_italics_below_images_are_no_captions() -> None:
    asked = "".join(f"![](a.png)\n\n*Is lamp {n} lit?*\n\nIt is lit, and I keep it.\n\n" for n in range(4))
    assert sum(text.startswith("Is lamp") for text in spoken(f"# Lamps\n\n{asked}")) == 4


def test_a_document_between_fences_is_read_as_if_there_were_none() -> None:
    source = "```markdown\n---\ntitle: Lamps\n---\n\n**Q:** Is it lit?\n\n**Ida Holm:** It is.\n\n**Q:** So?\n\n**Ida Holm:** So.\n```\n"
    assert spoken(source) == ["Is it lit?", "It is.", "So?", "So."]


TALK = [
    ("Q", "Is it lit?"),
    ("Ida Holm", "It is, and it hums."),
    ("Q", "Still, at this time of the year?"),
    ("Ida Holm", "Still."),
]
FORMS = {
    "shortcodes around turns": "{{< speaker {label!r} >}}\n{text}\n{{< /speaker >}}",
    "shortcodes with turns": "{% include talk/turn.html speaker={label!r} text={text!r} %}",
    "components": "<Turn speaker={label!r}>\n  {text}\n</Turn>",
    "labels that are links": '[**{label}**](https://example.com/a "A (b)."): {text}',
    "times that are links": "**{label}** [00:01](https://example.com/?t=1): {text}",
    "attributes below": "**{label}:** {text}\n{: .turn}",
    "wiki": "'''{label}:''' {text}<ref>See the log.</ref>",
    "notes": "**{label}:** {text}^[Not said.]",
    "fenced divisions": "::: {.turn #t1}\n**{label}:** {text}\n:::",
    "html": '<p class="turn"><strong>{label}:</strong> {text}</p>',
    "bulletin board": "[b]{label}:[/b] {text}",
}


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_turns_in_the_forms_of_sites(form: str) -> None:
    written = "\n\n".join(
        FORMS[form]
        .replace("{label!r}", f'"{label}"')
        .replace("{text!r}", f'"{text}"')
        .replace("{label}", label)
        .replace("{text}", text)
        for label, text in TALK
    )
    transcript = parse_transcript(written, suffix=".md")
    found = [(turn.speaker, turn.text) for turn in transcript.turns if turn.kind != "boilerplate"]
    assert found == TALK
    assert transcript.receipt.unaccounted == 0
    assert leftover_markup(transcript) == []


def test_components_and_arguments_named_after_a_part_are_its_labels() -> None:
    component = "<Question>Is it lit?</Question>\n\n<Answer>It is.</Answer>\n\n<Question>So?</Question>\n\n<Answer>So.</Answer>\n"
    shortcode = '{{< qa q="Is it lit?" a="It is." >}}\n\n{{< qa q="So?" a="So." >}}\n'
    for source in (component, shortcode):
        turns = parse_transcript(source, suffix=".md").turns
        assert [turn.text for turn in turns if turn.kind == "speech"] == ["Is it lit?", "It is.", "So?", "So."]


@pytest.mark.parametrize(
    "mark",
    [
        '{{< quote "I lit the lamp and waited for the morning." >}}',
        '{{< figure src="a.png" caption="The lamp that she lit in March." >}}',
        "{{Quote|I lit the lamp and waited for the morning.}}",
    ],
)
def test_a_sentence_in_a_mark_of_a_site_is_not_read_and_not_lost(mark: str) -> None:
    talk = f"**Nora:** Is it on?\n\n**Ida:** It is.\n\n{mark}\n\n**Nora:** Still?\n\n**Ida:** Still.\n"
    transcript = parse_transcript(talk, suffix=".md")
    assert [turn.text for turn in transcript.turns if turn.kind == "speech"] == [
        "Is it on?",
        "It is.",
        "Still?",
        "Still.",
    ]
    assert [turn.reason for turn in transcript.turns if turn.kind == "boilerplate"] == ["shortcode"]
    assert transcript.receipt.unaccounted == 0


@pytest.mark.parametrize(
    ("written", "said", "kept", "reason"),
    [
        ("It is^[See [the log](http://a.b) of\nthat [old] year.], and it hums.", "It is, and it hums.", "See the log of that [old] year.", "footnotes"),
        ("It is<ref>See ''the log'' of 1921.</ref> and it hums.", "It is and it hums.", "See the log of 1921.", "footnotes"),
        ("It is %%he said it twice.%% and it hums.", "It is and it hums.", "he said it twice.", "comment"),
        ("It is <!-- He <b>said</b> it twice. --> and it hums.", "It is and it hums.", "He said it twice.", "comment"),
        ("It is {# He said it twice. #} and it hums.", "It is and it hums.", "He said it twice.", "comment"),
        ("It is {>>He said it twice.<<} and it hums.", "It is and it hums.", "He said it twice.", "comment"),
        ("It is {--and I knew that it was--}, and it hums.", "It is, and it hums.", "and I knew that it was", "deleted words"),
        ("It {~~was in the year of the storm~>is~~} {++lit++} and {==hums==}.", "It is lit and hums.", "was in the year of the storm", "deleted words"),
        ('It is {{< aside "I lit it before the storm." >}} and it hums.', "It is and it hums.", "I lit it before the storm.", "shortcode"),
        ("It is {{efn|1=I lit it before the storm.}} and it hums.", "It is and it hums.", "I lit it before the storm.", "shortcode"),
        ('It is <Note text="I lit it before the storm." /> and it hums.', "It is and it hums.", "I lit it before the storm.", "shortcode"),
        ("It is [[File:Lamp.png|thumb|The lamp, as it was in May.]] and it hums.", "It is and it hums.", "The lamp, as it was in May.", "image caption"),
        ("It is <ruby>lit<rt>That is, it burned in May.</rt></ruby> and it hums.", "It is lit and it hums.", "That is, it burned in May.", "pronunciation above the line"),
    ],
)  # fmt: skip
def test_a_note_within_a_sentence_is_not_said_in_its_middle_and_not_lost(
    written: str, said: str, kept: str, reason: str
) -> None:
    source = f"**Q:** Is it lit?\n\n**Ida Holm:** {written}\n\n**Q:** Still?\n\n**Ida Holm:** Still.\n"
    transcript = parse_transcript(source, suffix=".md")
    assert [turn.text for turn in transcript.turns if turn.kind == "speech"] == ["Is it lit?", said, "Still?", "Still."]
    assert unread(transcript) == [(3, reason, kept)]
    assert (transcript.receipt.skipped["boilerplate"], transcript.receipt.unaccounted) == (len(kept), 0)
    everything = parse_transcript(source, suffix=".md", reads_everything=True)
    assert [turn.text for turn in everything.turns] == ["Is it lit?", said, kept, "Still?", "Still."]


@pytest.mark.parametrize(
    "block",
    [
        ".. note:: It was out all winter.",
        ".. admonition:: It was out all winter.",
        '!!! note "It was out all winter."',
        '??? note inline end "It was out all winter."',
        "::: note It was out all winter.\n:::",
        ":::note[It was out all winter.]\n:::",
        "```{note}\nIt was out all winter.\n```",
        "```{admonition} It was out all winter.\n```",
        ".. note:: It was [out](http://a.b) all *winter*.",
        "<!-- It was out all winter.",
        "<details open>\n\nIt was out all winter.\n\n</details>",
        '::: {.callout-note title="It was out all winter."}\n:::',
        "> [!NOTE] It was out all winter.",
    ],
)
def test_a_sentence_in_a_box_or_in_its_title_is_read(block: str) -> None:
    assert spoken(TURNS.format(block)) == [*SAID[:2], "It was out all winter.", *SAID[2:]]


@pytest.mark.parametrize(
    ("block", "words", "reason"),
    [
        ("*[LED]: A lamp that never burns out.", "A lamp that never burns out.", "abbreviation"),
        ("#+CAPTION: The lamp, as it was in May.", "The lamp, as it was in May.", "directive"),
        ("<div hidden>It burned in May.</div>", "It burned in May.", "hidden"),
        ("<dialog open>It burned in May.</dialog>", "It burned in May.", "dialog"),
        ("<video controls>Your browser is old.</video>", "Your browser is old.", "embedded media"),
        ("[^1]: It burned in May.", "It burned in May.", "footnotes"),
        (".. [1] It burned in May,\n   and in June.", "It burned in May, and in June.", "footnotes"),
        ("<!--\nIt burned in May.\n-->", "It burned in May.", "comment"),
    ],
)
def test_a_sentence_that_the_page_does_not_show_is_not_read_and_not_lost(block: str, words: str, reason: str) -> None:
    source = TURNS.replace("{}", block)
    assert spoken(source) == SAID
    kept = unread(parse_transcript(source, suffix=".md"))
    assert ({why for _, why, _ in kept}, " ".join(text for *_, text in kept)) == ({reason}, words)


def test_of_what_is_kept_apart_a_comment_is_no_reason_to_warn() -> None:
    noted = parse_transcript(
        TURNS.replace("{}", "It hums.^[It was loud in May.] <!-- He said it twice. -->"), suffix=".md"
    )
    doubts = {turn.reason: turn.confidence for turn in noted.turns if turn.kind == "boilerplate"}
    assert doubts == {"footnotes": "inferred", "comment": "certain"}


def test_links_between_two_rules_say_their_words() -> None:
    source = (
        '---\n\nQ: Is it [lit](http://example.org "t") now?\n\nIda Holm: It is.\n\n---\n\nQ: So?\n\nIda Holm: So.\n'
    )
    assert spoken(source)[0] == "Is it lit now?"
