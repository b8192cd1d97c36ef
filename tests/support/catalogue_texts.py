"""A back catalogue of interviews of our own: each has lines that no other one has, in English or in Chinese."""

_PEOPLE = ("Ida Holm", "Tom Reed", "Mara Vale", "Jon Peck", "Lena Ford")
_ZH_PEOPLE = ("林海", "周岚", "许宁", "何川", "苏雨")
_TRADES = ("keeps bees", "mends clocks", "paints boats", "bakes bread", "reads maps")
_ZH_TRADES = ("养蜂", "修钟", "画船", "烤面包", "看地图")


def write_catalogue(folder, count, questions=2):
    """Write so many interviews into a folder, every third one in Chinese; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(count):
        paths.append(folder / f"talk{number:04}.txt")
        text = _chinese(number, questions) if number % 3 == 2 else _english(number, questions)
        paths[-1].write_text(text, "utf-8")
    return paths


def _english(number, questions):
    name, trade = _PEOPLE[number % 5], _TRADES[number // 5 % 5]
    said = [
        f"Q: What did you learn in week {week} of year {number}?\n\n"
        f"{name}: In week {week} I learned that who {trade} needs {number + week} quiet mornings."
        for week in range(1, questions + 1)
    ]
    return f"# {name} {trade}, part {number}\n\n" + "\n\n".join(said) + "\n"


def _chinese(number, questions):
    name, trade = _ZH_PEOPLE[number % 5], _ZH_TRADES[number // 5 % 5]
    said = [
        f"问：第{number}年的第{week}周，你学到了什么？\n\n{name}：那一周我明白了，{trade}的人需要{number + week}个安静的早晨。"
        for week in range(1, questions + 1)
    ]
    return f"# {name}{trade}，第{number}篇\n\n" + "\n\n".join(said) + "\n"
