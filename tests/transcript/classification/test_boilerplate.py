import pytest

from interview_audio.transcript.classification.boilerplate import aside_reason, boilerplate_reason
from interview_audio.transcript.parsing import parse_transcript


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Follow us on every platform you like", "asks to follow or subscribe"),
        ("Subscribe to our letter", "asks to follow or subscribe"),
        ("欢迎关注灰鸥评论的微信公众号", "asks to follow or subscribe"),
        ("扫码加入读者群", "asks to follow or subscribe"),
        ("Grey Gull | Original link · View comments", "row of links"),
        ("Home | Boats | Weather | Login", "row of links"),
        ("阅读原文", "row of links"),
        ("© 2024 Grey Gull", "copyright notice"),
        ("本文来自灰鸥评论，未经授权不得转载", "copyright notice"),
        ("责任编辑：王芳", "credits"),
        ("By Nora Vale", "credits"),
        ("Photos: Nora Vale", "credits"),
        ("March 31, 2024", "date line"),
        ("2024-03-31 08:15", "date line"),
        ("5 min read", "date line"),
        ("（完）", "end mark"),
        ("— END —", "end mark"),
        ("14 March 2023 · 9 min read", "date line"),
        ("原创 李明 灰鸥 2022-08-16 20:31 发表于海边", "date line"),
        ("Photographs by Lena Fisk", "credits"),
        ("采访：李华", "credits"),
        ("（来源：灰鸥网）", "credits"),
        ("图片｜受访者提供", "credits"),
        ("喜欢这篇文章，请点个“在看”和“赞”", "asks to follow or subscribe"),
        ("Leave a reply", "asks to follow or subscribe"),
    ],
)
def test_boilerplate(text: str, reason: str) -> None:
    assert boilerplate_reason(text) == reason


@pytest.mark.parametrize(
    "text",
    [
        "I follow the birds every morning.",
        "By the time we left it was dark",
        "We share everything here.",
        "盐是最难的。",
        "In 2024 the lamp went out.",
        "The end of the storm came late.",
        "我一直很关注天气。",
        "Text me when you are home, she said, and I did.",
    ],
)
def test_what_people_say(text: str) -> None:
    assert boilerplate_reason(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "2018年8月2日，灯塔停更一个月，微博、微信公众号等多个账号也被禁言。",
        "I tell them to sign up for the list and to join the club.",
        "And so we can go through and share this stuff with you.",
        "The newsletter that she writes has four readers, and one of them is a goose.",
        "Thanks for listening, and subscribe to the show wherever you are.",
        "Follow me on the stairs, I said, and mind the goose.",
    ],
)
def test_a_sentence_with_the_word_of_a_site_is_somebodys(text: str) -> None:
    assert boilerplate_reason(text) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('Retrieved from "https://example.org/index.php?title=Oral-History:Ida_Holm&oldid=1"', "row of links"),
        ("—000—", "end mark"),
        ("If you liked it, please subscribe to our letter.", "asks to follow or subscribe"),
        ("Follow us on every platform, and write to us.", "asks to follow or subscribe"),
        ("The crew is on example.org, where you sign up for a berth.", "asks to follow or subscribe"),
        ("This text originally appeared in Grey Gull. All rights reserved.", "copyright notice"),
    ],
)
def test_a_sentence_that_calls_on_the_reader(text: str, reason: str) -> None:
    assert boilerplate_reason(text) == reason


def kinds(text: str) -> list[str]:
    return [turn.kind for turn in parse_transcript(text).turns]


def test_a_slogan_above_the_line_that_asks_to_follow() -> None:
    transcript = parse_transcript(
        "Q: a?\n\nHolm: It was so.\n\nQ: c?\n\nHolm: d.\n\nI mean it.\n\nSlow news from the edge.\n\nFollow us on the web."
    )
    assert [(turn.kind, turn.confidence) for turn in transcript.turns[-2:]] == [
        ("boilerplate", "guessed"),
        ("boilerplate", "inferred"),
    ]


def test_the_last_words_of_an_answer_are_no_slogan() -> None:
    tail = "Follow us on the web."
    assert kinds(f"Q: a?\n\nHolm: b.\n\nI miss it already.\n\n{tail}")[-2:] == ["speech", "boilerplate"]
    assert kinds(f"Q: a?\n\nHolm: b.\n\nThe sea is the sea.\n\n{tail}")[-2:] == ["speech", "boilerplate"]
    assert kinds("Q: a?\n\nHolm: b.\n\nThe sea is the sea.")[-1] == "speech"


def test_boilerplate_stands_at_the_ends_only() -> None:
    assert kinds("By Nora Vale\n\nQ: a?\n\nHolm: b.\n\nBy Nora Vale\n\nQ: c?\n\nHolm: d.")[0] == "boilerplate"
    assert kinds("Q: a?\n\nHolm: b.\n\nSubscribe to that idea.\n\nQ: c?\n\nHolm: d.")[2] == "speech"


def test_a_heading_mark_before_boilerplate_is_markup() -> None:
    transcript = parse_transcript("Q: a?\n\nHolm: b.\n\n# Follow us on the web")
    assert transcript.turns[-1].kind == "boilerplate"
    assert transcript.receipt.skipped["markup"] == 2


def test_the_tail_below_an_end_mark() -> None:
    tail = "— END —\n\n灰鸥\n\n记录海边的人\n\n往期推荐\n\n他在灯塔住了三十年"
    assert kinds(f"问：好吗？\n\n答：好。\n\n我很好。\n\n{tail}")[2:] == ["speech", *["boilerplate"] * 5]


def test_a_biography_and_footnotes_at_the_end() -> None:
    tail = "Nora Vale is a freelance writer based in Bergen.\n\nNotes\n\n[1] A kind of salt.\n\n[2]: https://example.org/salt"
    assert kinds(f"Q: a?\n\nHolm: b.\n\nI mean it.\n\n{tail}")[2:] == ["speech", *["boilerplate"] * 4]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("chromatic is the author of Salt and Oil. In his spare time he rows.", "boilerplate"),
        ("Vale is a freelance journalist.", "boilerplate"),
        ("She is the author of it all, that goose.", "narration"),
        ("It was a new book, and it was wet.", "speech"),
    ],
)
def test_who_an_author_is(text: str, kind: str) -> None:
    assert kinds(f"Q: a?\n\nHolm: b.\n\n{text}")[-1] == kind


def test_a_list_of_chapters_above_the_conversation() -> None:
    head = "Salt\n\nShow notes\n\n00:00 Salt\n02:10 More salt\n"
    assert kinds(f"{head}\nQ: a?\n\nHolm: b.\n\nQ: c?\n\nHolm: d.")[:4] == ["heading", *["boilerplate"] * 3]


TALK = "\n\nQ: a?\n\nHolm: b.\n\nQ: c?\n\nHolm: d."


@pytest.mark.parametrize(
    "lines",
    [
        # As fast as people speak.
        "00:00 So this is the lamp and here is the oil for it\n00:03 You fill it in the morning before the ships",
        # One line continues the other.
        "00:00 You fill it in the morning\n02:10 and then you light it\n04:00 if there is oil",
        # Sentences.
        "00:00 You fill it in the morning.\n02:10 Then you light it.\n04:00 It burns.",
    ],
)
def test_lines_with_times_that_somebody_says_are_no_list_of_chapters(lines: str) -> None:
    assert "boilerplate" not in kinds(f"{lines}{TALK}")
    assert "boilerplate" not in kinds(lines)


def test_in_a_text_without_labels_lines_with_times_are_the_talk() -> None:
    lines = "00:00 Salt\n02:10 More salt\n05:00 The last of the salt\n07:30 No salt"
    assert kinds(lines) == ["narration"] * 4


def test_what_a_recording_says_last_is_said() -> None:
    lines = (
        "[00:01] The lamp is on.\n[00:04] It is warm.\n[00:07] Subscribe to our letter.\n[00:09] Follow us on the web."
    )
    assert kinds(lines) == ["narration"] * 4


def test_an_end_mark_with_much_below_it_ends_a_part() -> None:
    below = "\n\n".join(
        f"The goose went out on day {day}, and it came back before the lamp was lit." for day in range(20)
    )
    assert kinds(f"Q: a?\n\nHolm: b.\n\nThe end\n\n{below}").count("boilerplate") == 0


def test_a_mark_of_a_note_that_nothing_refers_to_begins_a_paragraph() -> None:
    assert kinds("Q: a?\n\nHolm: b.\n\n① The oil comes first.")[-1] == "speech"
    assert kinds("Q: a?\n\nHolm: It burns.① So.\n\n① The oil is good.")[-1] == "boilerplate"


def test_more_than_an_editor_puts_between_the_words_is_read() -> None:
    notes = "\n\n".join(f"注：第{number}次点灯用了很多油，鹅不喜欢这种油的气味，所以它搬走了。" for number in range(4))
    turns = parse_transcript(f"问：好吗？\n\n答：好。\n\n{notes}\n\n问：真的？\n\n答：真的。").turns
    assert {(turn.kind, turn.reason) for turn in turns[2:6]} == {
        ("narration", "read in doubt: editor's or translator's note")
    }


def test_addresses_are_never_read_however_many_they_are() -> None:
    links = "\n\n".join(f"https://example.org/the/lamp/that/burns/on/day/{number}" for number in range(20))
    assert kinds(f"Q: a?\n\nHolm: b.\n\n{links}\n\nQ: c?\n\nHolm: d.")[2:22] == ["boilerplate"] * 20


def test_comments_below_a_post() -> None:
    source = "问：好吗？\n\n答：好。\n\n我很好。\n\n※ 發信站: 海邊\n推 gull: 好看\n→ tide: 推"
    assert kinds(source)[-3:] == ["boilerplate"] * 3


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[Photo: Ida Holm on the gallery]", "image caption"),
        ("▲ 灯塔的楼梯。摄影：王一", "image caption"),
        ("图｜受访者提供", "image caption"),
        ("The stairs at dawn. Photograph by Lena Fisk", "image caption"),
        ("[图片]", "image"),
        ("［译注：此处原文为双关语。］", "editor's or translator's note"),
        ("注：灯塔建于一九〇二年。", "editor's or translator's note"),
        ("Translator's note: the word means both salt and wit.", "editor's or translator's note"),
        ("[1]: https://example.org/light", "link definition"),
        ("https://example.org/light", "only a link"),
        ("原文链接：https://example.org/light", "only a link"),
        ("ADVERTISEMENT", "advertisement"),
        ("Story continues below advertisement", "advertisement"),
        ("Read more: The last of the ferrymen", "link to another article"),
        ("长按识别二维码关注我们", "asks to follow or subscribe"),
        ("Sign up for our weekly newsletter and never miss a gull.", "asks to follow or subscribe"),
    ],
)
def test_asides(text: str, reason: str) -> None:
    assert aside_reason(text) == reason


@pytest.mark.parametrize(
    "text",
    [
        "Note that the light turned twice.",
        "I have a photo of it somewhere.",
        "Photos: I hate them, all of them, and I have never kept one in my life, not even of the tower.",
        "我拍过一张照片。",
        "We advertise nothing.",
        "Sign up for Ledgerly today.",
        "关于这个，注意一下就好。",
    ],
)
def test_what_people_say_between(text: str) -> None:
    assert aside_reason(text) is None


def test_a_title_may_have_the_word_of_a_site() -> None:
    head = "The keeper of the newsletter\n\nThe original text of a life"
    assert kinds(f"{head}{TALK}")[:2] == ["heading", "narration"]


def test_a_list_of_links_at_an_end() -> None:
    links = "- [The lamp](https://example.org/lamp)\n- [The oil (new)](https://example.org/oil_(new))"
    links = f"{links}\n👉 [The goose](https://example.org/goose)"
    assert kinds(f"The lamp\n\n{links}{TALK}")[1:4] == ["boilerplate"] * 3
    assert kinds(f"Q: a?\n\nHolm: b.\n\n{links}")[-3:] == ["boilerplate"] * 3


def test_show_notes_above_a_transcript_that_name_who_speaks() -> None:
    notes = "# Lamp\n\nGuests:\n- Ida Holm (on the rock), keeper\n- Nora (@nora)\n\nTimeline\n\n## Transcript"
    turns = parse_transcript(f"{notes}\n\nNora: Is it on?\n\nIda: It is.\n\nNora: Now?\n\nIda: Now.").turns
    assert {turn.speaker for turn in turns} == {None, "Nora", "Ida Holm"}
    assert [turn.kind for turn in turns if turn.line < 9][1:].count("speech") == 0


def test_a_heading_in_the_middle_of_talk_makes_no_notes_of_what_is_above() -> None:
    talk = "Nora: Is it on all night then\n\nIda: It is on until the sun comes up\n\n"
    found = kinds(f"{talk}{talk}Transcript\n\n{talk}{talk}{talk}")
    assert (found[:4], found[5:]) == (["narration"] * 4, ["narration"] * 6)
