import json

from interview_audio.text.html_pages import escaped, filled, json_in_script, policy_hash

HOSTILE = "</script><b onload='x'>\"&amp;\u2028\u202e"


def test_json_in_a_page_cannot_end_its_element_and_is_read_as_it_was():
    written = json_in_script({"title": HOSTILE, "numbers": [1, 2]})
    assert not set("<>&\u2028") & set(written)
    assert json.loads(written) == {"title": HOSTILE, "numbers": [1, 2]}


def test_a_text_is_escaped_for_elements_and_attributes():
    assert escaped(HOSTILE) == "&lt;/script&gt;&lt;b onload=&#x27;x&#x27;&gt;&quot;&amp;amp;\u2028\u202e"


def test_a_part_that_looks_like_a_name_is_not_replaced():
    assert filled("DATA_ONE DATA", {"DATA_ONE": "DATA", "DATA": "1"}) == "DATA 1"


def test_a_policy_names_a_script_by_its_hash():
    # The example of the specification, CSP level 3, section 8.3.
    assert policy_hash("alert('Hello, world.');") == "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"
