from interview_audio.transcript.formats.detection import format_of
from interview_audio.transcript.parsing import parse_transcript

ZOOM = """14:22:01 From Nora Vale (she/her) to Everyone:
\tIs the light still on?
14:22:30 From Ida Holm to Everyone:
\tReplying to "Is the light still..."

\tIt is: as always.
\tAnd at night.
14:22:41 From Nora Vale to Everyone:
\tReacted to "It is: as always." with \U0001f44d
14:23:20 From Ida Holm to Nora Vale(Direct Message):
\tSee you.
"""
OLDER = "00:12:03\t From  Nora Vale : Is it on?\n00:12:40\t From  Ida Holm  to  Nora Vale(Privately) : It is.\n"
GERMAN = "00:12:03\tVon Nora Vale an Alle: Brennt es noch?\n00:12:40\tVon Ida Holm an Alle: Es brennt noch.\n"
TABS = '00:12:03\tNora Vale (tower):\tIs it on?\n00:12:40\tIda Holm:\tIt is.\n00:12:41\tNora Vale:\tReacted to "It is." with +1\n'
DISCORD = """==============
Guild: Tower
Channel: talk
==============

[04-May-24 10:12 AM] noravale
Is it on?

[04-May-24 10:13 AM] ida_holm
It is.
Always.
{Reactions}
"""
WHATSAPP = """12/03/24, 09:14 - Messages are end-to-end encrypted.
12/03/24, 09:15 - Nora Vale: Is it on?
12/03/24, 09:16 - Ida: <Media omitted>
12/03/24, 09:16 - Ida: It is.
Always: day and night.
12/03/24, 09:17 - Ida added Tove
12/03/24, 09:20 - Nora Vale: Thanks.
"""
WHATSAPP_OF_A_PHONE = (
    "\u200e[12.03.24, 09:15:02] Nora Vale: Is it on?\n[12.03.24, 09:16:40] Ida: It is.\n"
    "\u200e[12.03.24, 09:16:41] Ida: \u200e<attached: 0001-lamp.jpg>\n"
)


def said(text: str) -> list[tuple[str | None, str]]:
    transcript = parse_transcript(text)
    assert transcript.receipt.unaccounted == 0
    return [(turn.speaker, turn.text) for turn in transcript.turns if turn.kind in ("speech", "narration")]


def test_messages_of_zoom_without_what_zoom_wrote_into_them() -> None:
    assert said(ZOOM) == [
        ("Nora Vale", "Is the light still on?"),
        ("Ida Holm", "It is: as always."),
        ("Ida Holm", "And at night."),
        ("Ida Holm", "See you."),
    ]


def test_messages_on_the_line_of_their_head() -> None:
    assert said(OLDER) == [("Nora Vale", "Is it on?"), ("Ida Holm", "It is.")]
    assert said(GERMAN) == [("Nora Vale", "Brennt es noch?"), ("Ida Holm", "Es brennt noch.")]


def test_messages_of_discord() -> None:
    assert said(DISCORD)[0] == ("noravale", "Is it on?")
    assert {speaker for speaker, _ in said(DISCORD)} == {"noravale", "ida_holm"}
    assert "Reactions" not in str(said(DISCORD))


def test_a_line_of_talk_that_begins_like_a_head_makes_no_chat() -> None:
    assert format_of("Nora: When?\n10:12:03 From the tower: nothing.\nIda: Yes.\n") == "plain"


def test_messages_of_whatsapp_without_its_notices() -> None:
    assert said(WHATSAPP) == [
        ("Nora Vale", "Is it on?"),
        ("Ida", "It is."),
        ("Ida", "Always: day and night."),
        ("Nora Vale", "Thanks."),
    ]
    assert said(WHATSAPP_OF_A_PHONE) == [("Nora Vale", "Is it on?"), ("Ida", "It is.")]


def test_messages_between_tabs() -> None:
    turns = parse_transcript(TABS).turns
    assert [(turn.speaker, turn.text) for turn in turns] == [("Nora Vale", "Is it on?"), ("Ida Holm", "It is.")]


def test_what_somebody_writes_of_reacting_is_theirs() -> None:
    chat = "00:12:03\tNora Vale:\tIs it on?\n00:12:40\tIda Holm:\tReacted to the storm too late, all of us.\n"
    assert [turn.text for turn in parse_transcript(chat).turns][1] == "Reacted to the storm too late, all of us."


def test_what_is_above_the_messages_is_not_lost() -> None:
    (above, *_) = parse_transcript(f"We met in the channel on a Tuesday.\n\n{TABS}", reads_everything=True).turns
    assert (above.kind, above.text) == ("narration", "We met in the channel on a Tuesday.")
