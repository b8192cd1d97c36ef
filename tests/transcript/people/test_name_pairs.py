from interview_audio.transcript.people.chinese_short_names import find_pairs, forms_of_pairs, join_pairs


def test_pairs_join_two_labels_of_one_person() -> None:
    pairs = find_pairs(["我们拜访了霍尔姆（Ida Holm）。", "Reyes（雷耶斯）也来了。"])
    assert pairs == (("我们拜访了霍尔姆", "Ida Holm"), ("雷耶斯", "Reyes"))
    assert join_pairs({"q": "Q", "霍尔姆": "霍尔姆", "idaholm": "Ida Holm", "n": None}, pairs) == {
        "q": "Q",
        "霍尔姆": "霍尔姆",
        "idaholm": "霍尔姆",
        "n": None,
    }
    assert list(forms_of_pairs(["霍尔姆"], pairs)) == [("霍尔姆", "Ida Holm")]
