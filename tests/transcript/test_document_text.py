import sys
from html import escape
from pathlib import Path

import pytest

from documents import book, open_document, paragraph, pdf, run, table, word, zipped
from interview_audio.errors import SourceError
from interview_audio.rendering.job import parse
from interview_audio.transcript.reading import decode_source

BOLD, ITALIC = "<w:b/>", "<w:i/>"
INTERVIEW = word(
    paragraph(run("The last lamp"), style="Title"),
    paragraph(run("On the stairs"), style="berschrift2"),
    paragraph(run("Is it", BOLD), run(" ", ""), run("still lit?", BOLD)),
    paragraph(
        run("It "),
        run("is", ITALIC),
        run(". "),
        "<w:ins>",
        run("Every night."),
        "</w:ins><w:del><w:r><w:delText>Never.</w:delText></w:r></w:del>",
    ),
    paragraph(run("Who lights it?"), style="Frage"),
    paragraph(run("My aunt did,"), "<w:r><w:br/></w:r>", run("and now I do.")),
)


def text_of(content: bytes) -> str:
    return decode_source(content, Path("talk"))


def spoken(tmp_path: Path, name: str, content: bytes) -> list[tuple[str | None, str]]:
    path = tmp_path / name
    path.write_bytes(content)
    transcript = parse(path)
    assert transcript.receipt.unaccounted == 0
    return [(turn.speaker, turn.text) for turn in transcript.turns if turn.kind in ("speech", "narration")]


def test_word_becomes_markdown_a_paragraph_a_line() -> None:
    assert text_of(INTERVIEW) == (
        "# The last lamp\n\n## On the stairs\n\n**Is it still lit?**\n\nIt *is*. Every night.\n\n"
        "**Who lights it?**\n\nMy aunt did,\nand now I do.\n"
    )


def test_every_run_of_a_word_document_that_is_shown_is_read(tmp_path: Path) -> None:
    kept = (
        '<w:fldSimple w:instr=" DATE &gt; ">{}</w:fldSimple>',
        '<w:dir w:val="rtl">{}</w:dir>',
        '<w:bdo w:val="ltr">{}</w:bdo>',
        '<w:smartTag w:uri="u" w:element="e">{}</w:smartTag>',
        "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>",
        '<w:ins w:id="1">{}</w:ins>',
        "<w:moveTo>{}</w:moveTo>",
        "<w:hyperlink>{}</w:hyperlink>",
        "<w:r><w:ruby><w:rt><w:r><w:t>no</w:t></w:r></w:rt><w:rubyBase>{}</w:rubyBase></w:ruby></w:r>",
    )
    deleted = (
        "<w:del><w:r><w:delText>never</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>gone</w:t></w:r></w:moveFrom>"
    )
    said = [element.format(run(f" {number}")) for number, element in enumerate(kept)]
    content = word(paragraph(run("Nora Vale: Is it"), *said, deleted, run("?")), paragraph(run("Ida Holm: It is.")))
    assert spoken(tmp_path, "talk.docx", content) == [
        ("Nora Vale", "Is it 0 1 2 3 4 5 6 7 8?"),
        ("Ida Holm", "It is."),
    ]


@pytest.mark.parametrize(
    "words",
    [
        "It is *not emphasis* to me.",
        "It is _so_ that <b>all</b> of it, <I was afraid>, is said.",
        "See [it](http://a.b/c) or {{< lamp >}} or {% lamp %} or <!-- lamp -->.",
        "I write R&D, AT&T; and &lt; as they are, ~~so~~ and %%so%%.",
        "[^1]: This was said by my aunt.",
        "``` is what it was.",
    ],
)
def test_signs_that_somebody_wrote_into_a_document_are_no_markdown(tmp_path: Path, words: str) -> None:
    lines = ("Nora Vale: Is it lit?", "Ida Holm: It is.", words, "Nora Vale: So?", "Ida Holm: So.")
    paragraphs = "".join(f"<text:p>{escape(line)}</text:p>" for line in lines)
    documents = {"a.docx": word(*(paragraph(run(line)) for line in lines)), "a.odt": open_document(paragraphs)}
    for name, content in documents.items():
        assert ("Ida Holm", words) in spoken(tmp_path, name, content)


def test_a_heading_that_somebody_typed_as_in_markdown_is_one(tmp_path: Path) -> None:
    content = word(*(paragraph(run(line)) for line in ("# The lamp", "Nora Vale: Is it lit?", "Ida Holm: It is.")))
    assert spoken(tmp_path, "a.docx", content) == [("Nora Vale", "Is it lit?"), ("Ida Holm", "It is.")]
    assert parse(tmp_path / "a.docx").title == "The lamp"


def test_signs_of_subtitles_in_a_document_are_no_words(tmp_path: Path) -> None:
    cues = (
        "00:01.000 --> 00:02.000",
        "<v Nora>Is it <i>lit</i>?",
        "00:02.000 --> 00:03.000",
        "<v Ida>It is &amp; was.",
    )
    assert spoken(tmp_path, "talk.docx", word(*(paragraph(run(line)) for line in ("WEBVTT", *cues)))) == [
        ("Nora", "Is it lit?"),
        ("Ida", "It is & was."),
    ]


def test_signs_on_the_pages_of_a_pdf_are_no_markdown(tmp_path: Path) -> None:
    words = "It is *not* so that <I was afraid> of it."
    page = ["Nora Vale: Is it lit?", "Ida Holm: It is.", words, "Nora Vale: So?", "Ida Holm: So."]
    assert ("Ida Holm", words) in spoken(tmp_path, "talk.pdf", pdf([page]))


def test_how_a_word_is_pronounced_is_not_read_beside_it() -> None:
    ruby = "<text:ruby><text:ruby-base>lamp</text:ruby-base><text:ruby-text>LAMP</text:ruby-text></text:ruby>"
    assert text_of(open_document(f"<text:p>The {ruby} is lit.</text:p>")) == "The lamp is lit.\n"


def test_labels_and_stage_marks_between_stars_stay_what_they_are(tmp_path: Path) -> None:
    lines = ("**Nora Vale:** Is it lit?", "*Ida Holm*: It is. *laughs*", "## Nora Vale: So?", "_Ida Holm:_ So.")
    assert spoken(tmp_path, "talk.docx", word(*(paragraph(run(line)) for line in lines))) == [
        ("Nora Vale", "Is it lit?"),
        ("Ida Holm", "It is."),
        ("Nora Vale", "So?"),
        ("Ida Holm", "So."),
    ]


def test_questions_in_bold_of_a_word_document_are_questions(tmp_path: Path) -> None:
    assert spoken(tmp_path, "talk.docx", INTERVIEW) == [
        ("Interviewer", "Is it still lit?"),
        ("Guest", "It is. Every night."),
        ("Interviewer", "Who lights it?"),
        ("Guest", "My aunt did,"),
        ("Guest", "and now I do."),
    ]


def test_a_table_of_two_columns_is_speakers_and_words(tmp_path: Path) -> None:
    rows = [("Nora Vale:", "Is it lit | always?"), ("Ida Holm:", "It is."), ("Nora Vale:", "And now?"), ("", "Now?")]
    assert spoken(tmp_path, "talk.docx", word(table(rows))) == [
        ("Nora Vale", "Is it lit | always?"),
        ("Ida Holm", "It is."),
        ("Nora Vale", "And now? Now?"),
    ]


def test_a_table_that_only_arranges_paragraphs_is_its_paragraphs() -> None:
    talk = "".join(
        f"<w:tc>{''.join(paragraph(run(words)) for words in cell)}</w:tc>" for cell in (("a", "b"), ("c", "d"))
    )
    form = "<w:tbl><w:tr><w:tc>" + paragraph(run("Minutes")) + "</w:tc></w:tr><w:tr>" + talk + "</w:tr></w:tbl>"
    assert text_of(word(form)) == "Minutes\n\na\n\nb\n\nc\n\nd\n"


def test_labels_of_an_open_document(tmp_path: Path) -> None:
    styles = (
        '<style:style style:name="T1" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>'
    )
    said = (
        '<text:h text:outline-level="1">The last lamp</text:h>'
        '<text:p><text:span text:style-name="T1">Nora Vale:</text:span> Is it<text:s text:c="2"/>lit?</text:p>'
        "<text:p>Ida Holm: It\n   is.<text:note><text:note-body><text:p>At dusk.</text:p></text:note-body></text:note></text:p>"
        "<text:list><text:list-item><text:p>Nora Vale: Always?<text:line-break/>Really?</text:p></text:list-item></text:list>"
        "<text:p>Ida Holm: Always.</text:p>"
    )
    content = open_document(said, styles)
    assert text_of(content) == (
        "# The last lamp\n\n**Nora Vale:** Is it  lit?\n\nIda Holm: It is.\n\nNora Vale: Always?\nReally?\n\nIda Holm: Always.\n"
    )
    assert spoken(tmp_path, "talk.odt", content) == [
        ("Nora Vale", "Is it lit?"),
        ("Ida Holm", "It is."),
        ("Nora Vale", "Always?"),
        ("Nora Vale", "Really?"),
        ("Ida Holm", "Always."),
    ]


def test_boxes_and_tables_inside_each_other_are_read_once() -> None:
    box = "<text:p>a</text:p>"
    for _ in range(40):
        box = f"<text:p><draw:text-box xmlns:draw='d'>{box}</draw:text-box></text:p>"
    table_in_table = "<text:p>b</text:p>"
    for _ in range(40):
        table_in_table = f"<table:table><table:table-row><table:table-cell>{table_in_table}</table:table-cell></table:table-row></table:table>"
    assert text_of(open_document(box + table_in_table)) == "a\n\nb\n"


def test_the_chapters_of_a_book_are_read_in_their_order(tmp_path: Path) -> None:
    chapters = ["<p>Q: Is it lit?</p><p>A: It is.</p>", "<p>Q: Always &amp; ever?</p><p>A: Always.</p>"]
    assert spoken(tmp_path, "talk.epub", book("The <last> lamp", chapters)) == [
        ("Q", "Is it lit?"),
        ("A", "It is."),
        ("Q", "Always & ever?"),
        ("A", "Always."),
    ]


PAGES = [
    [
        "The last lamp",
        "Nora Vale: Is the lamp of the light-",
        "house still lit, as it was in the time",
        "of your well-known aunt?",
        "Ida Holm: It is lit every night, and",
        "- 1 -",
    ],
    ["The last lamp", "it was lit every night in her time, well-", "known or not.", "It sleeps by day.", "- 2 -"],
    ["The last lamp", "Nora Vale: And in the fog?", "Ida Holm: In the fog it is up.", "- 3 -"],
]


def test_the_lines_of_a_pdf_are_joined_without_the_frames_of_its_pages(tmp_path: Path) -> None:
    assert text_of(pdf(PAGES)) == (
        "Nora Vale: Is the lamp of the lighthouse still lit, as it was in the time of your well-known aunt?\n\n"
        "Ida Holm: It is lit every night, and it was lit every night in her time, well-known or not.\n\n"
        "It sleeps by day.\n\nNora Vale: And in the fog?\n\nIda Holm: In the fog it is up.\n"
    )


def test_labels_that_are_only_at_the_edges_of_pages_are_no_frame(tmp_path: Path) -> None:
    talk = [("Is it lit?", "It is."), ("Still?", "Still, as it was."), ("So?", "So it is.")]
    pages = [["Harbour Weekly, May", "NORA VALE", asked, "IDA HOLM", said] for asked, said in talk]
    assert spoken(tmp_path, "talk.pdf", pdf(pages)) == [
        (name, words) for turn in talk for name, words in zip(("Nora Vale", "Ida Holm"), turn, strict=True)
    ]
    framed = [["Nora Vale", f"Ida Holm: {said}", "It was never out, and", "Lamp"] for _, said in talk]
    assert "Vale" not in text_of(pdf(framed))


def test_questions_of_a_pdf_that_are_set_in_bold(tmp_path: Path) -> None:
    page = [
        "# The last lamp",
        "**Is the lamp of the lighthouse lit,",
        "**as it was?",
        "It is lit every night, and it was",
        "lit every night before.",
        "**And in the fog?",
        "In the fog it is up early.",
    ]
    assert text_of(pdf([page])).startswith(
        "## The last lamp\n\n**Is the lamp of the lighthouse lit, as it was?**\n\nIt "
    )
    assert spoken(tmp_path, "talk.pdf", pdf([page])) == [
        ("Interviewer", "Is the lamp of the lighthouse lit, as it was?"),
        ("Guest", "It is lit every night, and it was lit every night before."),
        ("Interviewer", "And in the fog?"),
        ("Guest", "In the fog it is up early."),
    ]


def test_the_numbered_lines_of_a_pdf_stay_lines(tmp_path: Path) -> None:
    said = [
        "Q. Is it lit?",
        "A. It is, as it was",
        "every night.",
        "Q. And now?",
        "A. Now, too.",
        "Q. Still?",
        "A. Still.",
        "Q. So.",
    ]
    lines = [f"{number}   {line}" for number, line in enumerate(said, start=1)]
    assert spoken(tmp_path, "talk.pdf", pdf([["DEPOSITION", *lines]]))[:2] == [
        ("Q", "Is it lit?"),
        ("A", "It is, as it was every night."),
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (zipped({"xl/workbook.xml": "<a/>"}), "an Excel workbook; save the sheet as CSV"),
        (zipped({"talk.txt": "Q: Why?"}), "a ZIP archive; unpack it"),
        (zipped({"Index/Document.iwa": "a"}), "Apple's Pages"),
        (
            zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
            "an OpenDocument file of another kind",
        ),
        (word(), "a Word document without text"),
        (pdf([[""]]), "a PDF without text"),
        (INTERVIEW[:400], "damaged"),
        (b"%PDF-1.7\nnothing", "damaged"),
        (word(paragraph(run("a")), parts={"word/document.xml": "<w:document"}), "damaged"),
        (
            word(paragraph(run("a")), parts={"word/styles.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
            "declares XML entities",
        ),
        (
            zipped(
                {
                    "mimetype": "application/vnd.oasis.opendocument.text",
                    "content.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
                }
            ),
            "declares XML entities",
        ),
        (word(parts={"word/document.xml": "<a>" + " " * 21_000_000}), "larger than the 20 MB limit; split it"),
    ],
)
def test_what_cannot_be_read_is_one_line_with_its_file(content: bytes, says: str) -> None:
    with pytest.raises(SourceError, match=r"^talk: [^\n]*" + says):
        text_of(content)


def test_an_archive_with_a_password_is_refused() -> None:
    content = bytearray(zipped({"word/document.xml": "<a/>"}))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + place] |= 1
    with pytest.raises(SourceError, match="password"):
        text_of(bytes(content))


@pytest.mark.parametrize(
    ("package", "content"),
    [("mammoth", INTERVIEW), ("pypdf", pdf(PAGES)), ("defusedxml", open_document("")), ("defusedxml", book("a", []))],
)
def test_without_the_extra_one_line_says_what_to_install(
    package: str, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(SourceError, match=r"^talk: reading .*pip install 'interview-audio\[documents\]'; or save it"):
        text_of(content)


def test_a_mistake_is_placed_on_a_line_of_the_text_of_a_document(tmp_path: Path) -> None:
    path = tmp_path / "talk.docx"
    path.write_bytes(word(paragraph(run('[{"text": "Why?"},')), paragraph(run(r'{"text": "\ud83d"}]'))))
    with pytest.raises(SourceError, match=r"talk\.docx: line 3 of its text: .* is only half of a character"):
        parse(path)
