import pytest

from interview_audio.production.text.wording import shown_name


@pytest.mark.parametrize(
    ("speaker", "language", "shown"),
    [
        ("narrator", "zh-CN", "旁白"),
        ("narrator", "en", "Narrator"),
        ("narrator", "FR", "Voix off"),
        ("narrator", "nl", "Narrator"),
        ("Ada Brook", "zh", "Ada Brook"),
        ("A & <B>:\nC", "en", "A ＆ ＜B＞： C"),
    ],
)
def test_a_name_is_shown_as_every_player_reads_it(speaker, language, shown):
    assert shown_name(speaker, language) == shown
