"""File names in ASCII, from the source's name."""

from pathlib import Path

import pytest

from interview_audio.errors import UsageError
from interview_audio.files.file_names import check_stems, stem_of


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("talk.zh.txt", "talk.zh"),
        ("talk.script.yaml", "talk"),
        ("talk", "talk"),
        ("灯塔 访谈.txt", "deng-ta-fang-tan"),
        ("采访_张三_2024.txt", "cai-fang_zhang-san_2024"),
        ("Sam Altman专访.zh.txt", "Sam-Altman-zhuan-fang.zh"),
        ("talk.访谈.zh.txt", "talk.fang-tan.zh"),
        ("第12期·对话李明（终稿）.docx.txt", "di-12-qi-dui-hua-li-ming-zhong-gao.docx"),
        ("《灯塔》专访——艾达·霍姆.txt", "deng-ta-zhuan-fang-ai-da-huo-mu"),
        ("ＡＩ　访谈🎙.txt", "AI-fang-tan"),
        ("v1.2版.txt", "v1.2-ban"),
        ("Café (final).md", "Cafe-final"),
        ("a b&c.txt", "a-b-c"),
        (".txt", "txt"),
        ("../up/talk.txt", "talk"),
        ("aux.txt", "episode-aux"),
        ("talk\u202etxt.exe", "talktxt"),
        ("a\x1b[2J\nb\x07\x7f.txt", "a-2J-b"),
        ("灯\u200b塔\u2066\x9b31m\ufeff\u2028.txt", "deng-ta-31m"),
    ],
)
def test_stem(name, stem):
    assert stem_of(Path(name)) == stem


def test_a_name_without_anything_in_ascii_has_a_stable_one():
    assert stem_of(Path("🎙.txt")) == stem_of(Path("🎙.txt"))
    assert stem_of(Path("🎙.txt")).startswith("episode-")


def test_one_stem_twice_is_an_error_whatever_the_case():
    check_stems([Path("a.txt"), Path("b.txt")])
    with pytest.raises(UsageError, match=r"a\.txt and .*A\.md would both write A\.\*"):
        check_stems([Path("a.txt"), Path("x/A.md")])


def test_a_long_name_is_cut_and_stays_its_own():
    stems = {stem_of(Path("灯" * 66 + end + ".txt")) for end in "一二"}
    assert len(stems) == 2
    assert max(map(len, stems)) < 120
