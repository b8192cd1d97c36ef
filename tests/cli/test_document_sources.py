"""Word documents and PDFs on the command line: rendered, recognised as unchanged, piped in, written down as a script."""

import io

from documents import paragraph, pdf, word
from documents import run as words

TONE = ("--engine", "tone", "--store", "clips")
SAID = ("Nora Vale: Is it lit?", "Ida Holm: It is.", "Nora Vale: Always?", "Ida Holm: Always.")


def test_documents_are_rendered_and_recognised_as_unchanged(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lamp.docx").write_bytes(word(*(paragraph(words(line)) for line in SAID)))
    (tmp_path / "goose.pdf").write_bytes(pdf([SAID]))
    first = run("render", "lamp.docx", "goose.pdf", "-o", "out", *TONE)
    assert (first.code, first.out.count("(done)")) == (0, 2)
    again = run("render", "lamp.docx", "goose.pdf", "-o", "out", *TONE)
    assert again.out.count("(unchanged)") == 2
    (tmp_path / "lamp.docx").write_bytes(word(*(paragraph(words(line)) for line in SAID[:2])))
    changed = run("render", "lamp.docx", "goose.pdf", "-o", "out", *TONE)
    assert (changed.code, changed.out.count("(unchanged)")) == (0, 1)


def test_a_document_that_is_piped_in_becomes_a_script(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(pdf([SAID]))))
    outcome = run("script", "-")
    assert (outcome.code, outcome.err) == (0, "")
    assert [line.strip() for line in outcome.out.splitlines() if "speaker: " in line and "#" not in line] == [
        "- speaker: Nora Vale",
        "- speaker: Ida Holm",
        "- speaker: Nora Vale",
        "- speaker: Ida Holm",
    ]


def test_a_document_that_is_damaged_is_one_line(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lamp.docx").write_bytes(word(paragraph(words(SAID[0])))[:300])
    outcome = run("render", "lamp.docx", "-o", "out", *TONE)
    assert outcome.code == 1
    assert outcome.err == "Error: lamp.docx: this file is damaged; save it again in the program that made it\n"
