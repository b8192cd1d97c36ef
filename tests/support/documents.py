"""Makes small documents of other programs: Word, OpenDocument, EPUB, PDF."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from html import escape

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns"


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP archive of parts, in their order."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return written.getvalue()


def run(text: str, properties: str = "") -> str:
    """Return words of a Word document that are set alike."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(*runs: str, style: str = "") -> str:
    """Return a paragraph of a Word document."""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{''.join(runs)}</w:p>"


def table(rows: Sequence[Sequence[str]]) -> str:
    """Return a table of a Word document."""
    cells = ["".join(f"<w:tc>{paragraph(run(cell))}</w:tc>" for cell in row) for row in rows]
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def word(*blocks: str, parts: Mapping[str, str] | None = None) -> bytes:
    """Return a Word document with headings, a bold style of paragraphs, a header and a comment."""
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{identifier}"><w:name w:val="{name}"/><w:rPr>{marks}</w:rPr></w:style>'
        for identifier, name, marks in (
            ("Title", "Title", ""),
            ("berschrift2", "heading 2", "<w:b/>"),
            ("Frage", "Frage", "<w:b/>"),
            ("Antwort", "Antwort", '<w:b w:val="0"/>'),
        )
    )
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{types}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{main}.document.main+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{relations}"><Relationship Id="r1" Type="{kind}/officeDocument" Target="word/document.xml"/></Relationships>',
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{relations}"><Relationship Id="r1" Type="{kind}/styles" Target="styles.xml"/>'
            f'<Relationship Id="r2" Type="{kind}/header" Target="header1.xml"/><Relationship Id="r3" Type="{kind}/comments" Target="comments.xml"/></Relationships>',
            "word/styles.xml": f'<w:styles xmlns:w="{_W}">{styles}</w:styles>',
            "word/header1.xml": f'<w:hdr xmlns:w="{_W}">{paragraph(run("Harbour Weekly, draft"))}</w:hdr>',
            "word/comments.xml": f'<w:comments xmlns:w="{_W}"><w:comment w:id="0" w:author="Tom">{paragraph(run("Is that so?"))}</w:comment></w:comments>',
            "word/document.xml": f'<w:document xmlns:w="{_W}"><w:body>{"".join(blocks)}</w:body></w:document>',
            **(parts or {}),
        }
    )


def open_document(body: str, styles: str = "") -> bytes:
    """Return an OpenDocument text."""
    names = " ".join(
        f'xmlns:{name}="{_OFFICE}:{address}:1.0"'
        for name, address in (
            ("office", "office"),
            ("text", "text"),
            ("table", "table"),
            ("style", "style"),
            ("fo", "xsl-fo-compatible"),
        )
    )
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {names}><office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:text>{body}</office:text></office:body></office:document-content>",
        }
    )


def book(title: str, chapters: Sequence[str]) -> bytes:
    """Return an EPUB of XHTML chapters."""
    items = "".join(
        f'<item id="c{n}" href="text/c%20{n}.xhtml" media-type="application/xhtml+xml"/>' for n in range(len(chapters))
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
            "OEBPS/book.opf": '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:title>{escape(title)}</dc:title></metadata><manifest>{items}"
            '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/></manifest>'
            f'<spine><itemref idref="nav"/>{spine}</spine></package>',
            "OEBPS/nav.xhtml": "<html><body><nav><ol><li>Contents of the book</li></ol></nav></body></html>",
            **{
                f"OEBPS/text/c {n}.xhtml": f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml"><head><title>c</title></head><body>{chapter}</body></html>'
                for n, chapter in enumerate(chapters)
            },
        }
    )


def pdf(pages: Sequence[Sequence[str]]) -> bytes:
    """Return a PDF of lines of ASCII; ``**`` at the beginning sets one bold, ``#`` large."""
    count = len(pages)
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {count} /Kids [{' '.join(f'{5 + 2 * n} 0 R' for n in range(count))}] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Courier-Bold >>",
    ]
    for n, lines in enumerate(pages):
        fonts = [
            "/F1 20" if line.startswith("#") else "/F2 11" if line.startswith("**") else "/F1 11" for line in lines
        ]
        shown = "".join(
            f"{font} Tf ({line.lstrip('#* ')}) Tj 0 {-40 if '20' in font else -14} Td "
            for font, line in zip(fonts, lines, strict=True)
        )
        stream = f"BT /F1 11 Tf 50 800 Td {shown}ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> /Contents {6 + 2 * n} 0 R >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    written = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(written))
        written += f"{number} 0 obj\n{body}\nendobj\n".encode("ascii")
    table_at = len(written)
    entries = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    return written + (
        f"xref\n0 {size}\n0000000000 65535 f \n{entries}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{table_at}\n%%EOF\n"
    ).encode("ascii")
