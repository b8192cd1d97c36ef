"""One value changes, and every other character stays."""

import pytest

from interview_audio.configuration.documents import to_yaml
from interview_audio.configuration.yaml_edits import YamlEditError, listed_items, new_item, remove_value, set_value

BY_HAND = """\
# Ours.
speakers:   # who
  host:  # asks
    voices: {en: {tone: 'female-1'},   # high
             zh: {tone: female-2}}
  "Q*":
    rate: 1.05   # faster

    # between
    aliases:
      - Q
      - 问
pauses: {}
show:
# the end
"""


@pytest.mark.parametrize(
    ("path", "value", "before", "after"),
    [
        (("speakers", "host", "voices", "en", "tone"), "male-1", "'female-1'", "male-1"),
        (("speakers", "host", "voices", "zh", "edge"), "x", "{tone: female-2}", "{tone: female-2, edge: x}"),
        (("speakers", "Q*", "rate"), 0.95, "1.05   #", "0.95   #"),
        (("speakers", "Q*", "pitch"), -1, "      - 问\n", "      - 问\n    pitch: -1\n"),
        (("speakers", "Q*", "aliases"), ["No", "no"], "- Q\n      - 问", '["No", "no"]'),
        (("pauses", "turn"), 0.5, "{}", "{turn: 0.5}"),
        (("show", "title"), "A: b", "show:", 'show: {title: "A: b"}'),
        (("read", "title"), False, "# the end\n", "read: {title: false}\n# the end\n"),
        (("pronunciations", "en", "no"), "1", "# the end\n", 'pronunciations:\n  en: {"no": "1"}\n# the end\n'),
    ],
)
def test_a_value_is_set_where_it_stands(path, value, before, after):
    if before == "# the end\n":
        text = BY_HAND.replace("show:\n", "")
        assert set_value(text, path, value) == text.replace(before, after)
    else:
        assert set_value(BY_HAND, path, value) == BY_HAND.replace(before, after)


@pytest.mark.parametrize(
    ("path", "gone"),
    [
        (("speakers", "Q*", "rate"), "    rate: 1.05   # faster\n"),
        (("speakers", "host", "voices", "en"), "en: {tone: 'female-1'},   # high\n             "),
        (("speakers", "host", "voices", "zh", "tone"), ",   # high\n             zh: {tone: female-2}"),
        (("speakers", "nobody", "rate"), ""),
    ],
)
def test_a_value_is_removed_with_what_it_leaves_empty(path, gone):
    assert remove_value(BY_HAND, path) == BY_HAND.replace(gone, "")


def test_a_file_that_says_nothing_gets_its_first_value():
    assert set_value("# mine", ("pauses", "turn"), 0.5) == "# mine\npauses: {turn: 0.5}\n"
    assert set_value("{}\n", ("pauses", "turn"), 0.5) == "{pauses: {turn: 0.5}}\n"
    assert remove_value("# mine\npauses: {turn: 0.5}\n", ("pauses", "turn")) == "# mine\n"


@pytest.mark.parametrize("text", ["a: &x {b: 1}\nc: *x\n", "[1, 2]\n", "a: [\n", "- " * 3000])
def test_what_cannot_be_changed_in_place_is_left_to_an_editor(text):
    with pytest.raises(YamlEditError, match="editor"):
        set_value(text, ("c", "b"), 2)


SCRIPT = to_yaml(
    {
        "schema": 1,
        "turns": [
            {"speaker": "Q", "text": "Why?", "at": {"line": 1}},
            {"speaker": "No", "text": "# no comment\nnor this", "at": {"line": 2}},
            {"kind": "heading", "text": "so " * 50},
        ],
        "receipt": {},
    },
    "Head.",
    {1: ["guessed: who"]},
)


def test_a_text_within_braces_stays_one_there():
    text = set_value("pronunciations:\n  en: {text: tekst}\n", ("pronunciations", "en", "text"), "taxed")
    assert text == "pronunciations:\n  en: {text: taxed}\n"


def test_the_items_of_a_list_are_its_text():
    found = listed_items(SCRIPT, "turns")
    assert found.text == SCRIPT
    assert [item.data.get("speaker") for item in found.items] == ["Q", "No", None]
    assert [item.above.strip() for item in found.items] == ["", "# guessed: who", ""]
    assert listed_items("turns: []\n", "turns") is None


def test_an_item_changes_alone():
    found = listed_items(SCRIPT, "turns")
    item = found.items[0].set("text", "Why not?").set("speaker", None).set("kind", "narration")
    wanted = SCRIPT.replace("- speaker: Q\n  text", "- text").replace("Why?", "Why not?")
    wanted = wanted.replace("at: {line: 1}\n", "at: {line: 1}\n  kind: narration\n")
    assert found.with_item(0, item).text == wanted
    renamed = [one.renamed("speaker", "No", "Yes") for one in found.items]
    assert [one.data.get("speaker") for one in renamed] == ["Q", "Yes", None]


def test_a_new_item_is_written_as_the_others():
    item = new_item({"speaker": "no", "text": "One\n\ntwo", "at": {"line": 3}})
    assert item.data == {"speaker": "no", "text": "One\n\ntwo", "at": {"line": "3"}}
    assert item.body.startswith('- speaker: "no"\n  text: |-\n    One\n\n    two\n')
