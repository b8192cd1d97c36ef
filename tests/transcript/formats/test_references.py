"""Images and links stand with the turns that they are in; what is read is the same with and without them."""

import pytest

from interview_audio.transcript.parsing import parse_transcript

TALK = """# The lamp

![hero](img/hero.jpg)

Ida Holm keeps the light. See [her page](https://ida.example/a_(b)).

Q: Why did you come?

Ida Holm: For the sea, [**here**](<https://sea.example/a> "Sea").

![sea](<my sea.png> "The sea")
*Photo: nobody*

And see https://bare.example/x?y=1, or <https://angled.example>. ![[obs.png|300]]

## Part two

<img src="two.webp" width="800"> <img src="pixel.gif" width=1 height=1>

Q: And [ref][R], or [r]?

Ida Holm: No. <a class="x" href='https://a.example?a=1&amp;b=2'>Really</a>. [Mail](mailto:ida@example.org) [top](#top)

```
![code](code.jpg) https://code.example
```

<!-- ![c](c.jpg) -->

![named][pic] ![data](data:image/png;base64,AAAA)

Q: Still?

[r]: https://ref.example
[pic]: ./named.png
"""

PAGE = """<!doctype html><html><head><title>The lamp</title><base href="https://site.example/a/"></head><body>
<nav><a href="https://nav.example"><img src="logo.png"></a></nav>
<main><h1>The lamp</h1>
<p>Ida Holm keeps the light, and has done so for thirty years. <a href="https://ida.example?a=1&amp;b=2">Her page</a>
tells more.</p>
<p><b>Q:</b> Why did you come?</p>
<figure><img data-src="sea.jpg" src="data:image/gif;base64,AA"><figcaption>The sea</figcaption></figure>
<p><b>Ida Holm:</b> For the sea, <a href="/x"><b>here</b></a>. <img src="pixel.gif" width="1" height="1"></p>
<p><b>Q:</b> Still?</p><p><b>Ida Holm:</b> Still.</p></main>
<footer><img src="foot.png"><a href="https://foot.example">f</a></footer></body></html>
"""


def references(source, suffix=""):
    turns = parse_transcript(source, suffix=suffix).turns
    return [(turn.text[:12], [(one.target, one.line) for one in turn.references]) for turn in turns if turn.references]


def test_a_text_has_those_of_markdown_and_html_and_bare_addresses():
    assert references(TALK) == [
        ("The lamp", [("img/hero.jpg", 3)]),
        ("Ida Holm kee", [("https://ida.example/a_(b)", 5)]),
        ("For the sea,", [("https://sea.example/a", 9), ("my sea.png", 11)]),
        ("And see http", [("https://bare.example/x?y=1", 14), ("https://angled.example", 14), ("obs.png", 14)]),
        ("Part two", [("two.webp", 18)]),
        ("And ref, or ", [("https://ref.example", 20), ("https://ref.example", 20)]),
        ("No. Really. ", [("https://a.example?a=1&b=2", 22)]),
        ("https://code", [("./named.png", 30)]),
    ]


def test_a_page_has_those_of_its_article():
    assert references(PAGE, ".html") == [
        ("Ida Holm kee", [("https://ida.example?a=1&b=2", 4)]),
        ("Why did you ", [("https://site.example/a/sea.jpg", 7)]),
        ("For the sea,", [("https://site.example/x", 8)]),
    ]


def test_what_is_said_of_an_image_to_those_who_do_not_see_it_is_kept():
    found = {one.target: one.text for turn in parse_transcript(TALK).turns for one in turn.references}
    assert (found["img/hero.jpg"], found["./named.png"], found["two.webp"]) == ("hero", "named", "")


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("image::img/lamp.jpg[The lamp]", ["img/lamp.jpg"]),
        (".. figure:: img/lamp.jpg", ["img/lamp.jpg"]),
        ("![a lamp](my lamp.jpg)", ["my lamp.jpg"]),
        ("![a lamp](//cdn.example/lamp.jpg)", ["https://cdn.example/lamp.jpg"]),
        ("[![a lamp](lamp.jpg)](https://lamp.example)", ["lamp.jpg"]),
        ("![a lamp](file:///etc/passwd)", []),
        ("![a lamp][nowhere]", []),
        ("![a lamp](javascript:alert)", []),
    ],
)
def test_other_ways_to_write_an_image(written, found):
    source = f"Salt\n\nQ: Why?\n\nIda Holm: So.\n\n{written}\n\nQ: Still?\n\nIda Holm: Still.\n"
    assert [target for _, all_of in references(source) for target, _ in all_of] == found


@pytest.mark.parametrize("source", ["![" * 5_000, "[a](" * 5_000, "<img " * 5_000, "![[a" * 5_000, "[r]" * 5_000])
def test_hostile_texts_end(source):
    assert references(f"Q: Why?\n\nIda: So. {source}\n\nQ: Still?\n") == []
