import pytest

from interview_audio.production.sidecars.captions import caption_names


@pytest.mark.parametrize(
    ("speaker", "language", "shown"),
    [
        ("narrator", "zh-CN", "旁白"),
        ("narrator", "en", "Narrator"),
        ("narrator", "FR", "Voix off"),
        ("narrator", "nl", "Narrator"),
        ("Ada Brook", "zh", "Ada Brook"),
        ("A & <B>:\nC", "en", "A ＆ ＜B＞： C"),
        ("I\u202eda {\\N} --> \u200bB\x07", "en", "Ida ｛＼N｝ --＞ B\ufffd"),
        ("\u200b", "en", "…"),
        ("A", "en", "Guest"),
        ("答", "zh-CN", "嘉宾"),
    ],
)
def test_a_name_is_shown_as_every_player_reads_it(speaker, language, shown):
    assert caption_names([(speaker, "guest")], language)[speaker] == shown
