import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from growth import grows_too_fast
from interview_audio.normalization.spoken_text import Span, spoken_spans

MANDARIN = {
    "integers and decimals": ("共 200、2000、12000、22000 和 3.14", "共二百、两千、一万两千、两万两千 和三点一四"),
    "thousands separators": ("1,234,567 人", "一百二十三万四千五百六十七人"),
    "two is liang before a measure": ("2 个人，2 亿，第2次，2 月", "两个人，两亿，第二次，二月"),
    "negative": ("跌到 -5 点，气温 -5℃", "跌到 负五点，气温 零下五摄氏度"),
    "percentages": ("35.5%，10%-20%，3-5%", "百分之三十五点五，百分之十到二十，百分之三到五"),
    "years": ("2023年，2019–2023，2015 年底，2000年前", "二零二三年，二零一九到二零二三，二零一五年底，两千年前"),
    "decades": ("90 年代，1990年代，1990s", "九十年代，一九九零年代，一九九零年代"),
    "dates": ("12 月 1 日、12月1日", "十二月一日、十二月一日"),
    "numeric dates": ("2023-12-01，2023/12/1", "二零二三年十二月一日，二零二三年十二月一日"),
    "times": ("10:30，2:05，14:00，10:30 am", "十点三十分，两点零五分，十四点整，上午十点三十分"),
    "money": ("$1,200.50，￥100，€3.5，£20", "一千二百点五美元，一百元，三点五欧元，二十英镑"),
    "large money": ("3.5 亿美元，$2 billion，$20 亿，$1.5M", "三点五亿美元，二十亿美元，二十亿美元，一百五十万美元"),
    "ranges": ("3-5 个，3~5 天，第3-5章", "三到五个，三到五天，第三到第五章"),
    "scores and ratios": ("3:2，1:100，以 3-2 获胜", "三比二，一比一百，以三比二 获胜"),
    "fractions": ("1/2，3/4，½", "二分之一，四分之三，二分之一"),
    "units": ("100km/h，5 kg，37.5°C，100㎡，3GB", "每小时一百公里，五公斤，三十七点五摄氏度，一百平方米，三 G B"),
    "telephones": ("13800138000，010-12345678", "幺三八零零幺三八零零零，零幺零，幺二三四五六七八"),
    "long digits": ("12345678，100000000，007", "一二三四五六七八，一亿，零零七"),
    "products": ("GPT-4、GPT-3.5、H100、A380、F-35", "G P T 四、G P T 三点五、H 一百、A 三八零、F 三十五"),
    "starred": ("Q* 模型", "Q 星 模型"),
    "acronyms": ("AGI 和 CEO，NASA、GPT", "A G I 和 C E O，nasa、G P T"),
    "signs": ("A&B，5+3=8，@某人，Node.js", "A and B，五加三等于八，艾特某人，Node 点 J S"),
    "addresses": ("ChinaZ.com，sam@openai.com", "ChinaZ 点 com，sam 艾特 openai 点 com"),
    "quotes": ("「你好」，『他』说：“是的”", "你好，他说：是的"),
    "dashes and ellipses": ("我们——真的……是吗", "我们，真的…是吗"),
    "asides": ("Ilya [首席科学家] 说（笑）。", "Ilya，首席科学家， 说，笑。"),
    "insertions": ("他[在]董事会", "他在董事会"),
    "wide letters": ("ＧＰＴ－４，１２３", "G P T 四，一百二十三"),
    "pictures": ("好👍的🇨🇳！", "好的！"),
    "zero as a circle": ("二〇二三", "二零二三"),
    "English clause": (
        "他说 In 2023 we shipped the first model. 然后",
        "他说 In twenty twenty three we shipped the first model. 然后",
    ),
    "a minus after a word": ("净利润-3.2亿元", "净利润负三点二亿元"),
    "all of it": ("100%", "百分之百"),
    "dialled": ("拨打110，邮编100871，110 人", "拨打幺幺零，邮编幺零零八七幺，一百一十人"),
    "from one to another": ("8:00-9:30，-10°C～5°C，1月-3月", "八点到九点三十分，零下十摄氏度到五摄氏度，一月到三月"),
    "seasons": ("2022-23赛季", "二零二二到二三赛季"),
    "marks of notes": ("去年[1]。他[2, 3]说[^a]，“梁”<sup>3</sup>，清楚①。", "去年。他说，梁，清楚。"),
    "numbers in brackets": ("选[2]，x<sup>2</sup>，H<sub>2</sub>", "选二，x的平方，H二"),
    "words like tags": ("用<canvas>画图，用<code>排版，<b>不</b>难", "用 canvas 画图，用 code 排版，不难"),
    "a picture that is drawn in colour": ("好❤️！", "好！"),
    "traditional stays": ("這個 3 個", "這個三個"),
}

ENGLISH = {
    "integers": (
        "0, 12, 345, 1,200, 20000",
        "zero, twelve, three hundred forty five, one thousand two hundred, twenty thousand",
    ),
    "decimals and negatives": (
        "3.14, 0.05, .5, -7",
        "three point one four, zero point zero five, point five, minus seven",
    ),
    "percentages": ("35.5%, 20%-30%", "thirty five point five percent, twenty to thirty percent"),
    "years": (
        "in 2023, since 1850, in 1905, 2001, 2010",
        "in twenty twenty three, since eighteen fifty, in nineteen oh five, two thousand one, twenty ten",
    ),
    "counts are no years": (
        "2048 tokens, 1,999 days",
        "two thousand forty eight tokens, one thousand nine hundred ninety nine days",
    ),
    "decades": ("the 1990s, the ’90s", "the nineteen nineties, the nineties"),
    "dates": (
        "Dec. 1, 2023; December 1; May 2023",
        "December first, twenty twenty three; December first; May twenty twenty three",
    ),
    "days first": ("1 December 2023, the 5th of May", "the first of December twenty twenty three, the fifth of May"),
    "numeric dates": (
        "2023-12-01, 12/1/2023",
        "December first, twenty twenty three, December first, twenty twenty three",
    ),
    "times": ("10:30, 10:05 a.m., 5pm, 10:00", "ten thirty, ten oh five A M, five P M, ten o'clock"),
    "money": (
        "$1,200.50, $1, $0.99, £20, €3.50",
        (
            "one thousand two hundred dollars and fifty cents, one dollar, ninety nine cents, twenty pounds, "
            "three euros and fifty cents"
        ),
    ),
    "large money": (
        "$2 billion, a $2 billion deal, $3-5 million",
        "two billion dollars, a two billion dollar deal, three to five million dollars",
    ),
    "ranges": ("3-5, 2019–2023", "three to five, twenty nineteen to twenty twenty three"),
    "fractions": (
        "1/2, 3/4, 2/3, 24/7, 1 1/2",
        "one half, three quarters, two thirds, twenty four seven, one and a half",
    ),
    "ordinals": ("1st, 2nd, 21st, 100th", "first, second, twenty first, one hundredth"),
    "units": (
        "100 km/h, 1 kg, -5°C, 5GB",
        "one hundred kilometers per hour, one kilogram, minus five degrees Celsius, five gigabytes",
    ),
    "telephones": ("(555) 123-4567", "five five five, one two three, four five six seven"),
    "products": (
        "GPT-4, GPT-4o, GPT-3.5, H100, RTX 4090",
        "G P T four, G P T four oh, G P T three point five, H one hundred, R T X forty ninety",
    ),
    "compounds": (
        "COVID-19, 3-day, mid-2023, 5G, 10x",
        "covid nineteen, three day, mid twenty twenty three, five G, ten x",
    ),
    "starred": ("Q* is", "Q star is"),
    "acronyms": ("AGI, CEOs, AI's, NASA, GPT", "A G I, C E O's, A I's, nasa, G P T"),
    "shouting is no acronym": ("I NEVER said IT'S FINE", "I never said it's fine"),
    "hyphenated acronyms": ("AI-powered, non-AI, GPT-based", "A I powered, non A I, G P T based"),
    "dialled": ("call 911, 911 calls", "call nine one one, nine hundred eleven calls"),
    "from one to another": ("8:00-9:30, Jan. 5–7", "eight o'clock to nine thirty, January fifth to seventh"),
    "plural numbers": ("747s, F-16s, 1080p", "seven forty sevens, F sixteens, ten eighty P"),
    "powers": ("x², 10^6", "x squared, ten to the power of six"),
    "initials": ("U.S. and J.K. Rowling, Samuel H. Altman", "U S and J K Rowling, Samuel H Altman"),
    "sentence ends survive": ("the U.S. It is plan A. Then", "the U S. It is plan A. Then"),
    "abbreviations": ("Dr. Li, e.g. St. Louis, etc.", "Doctor Li, for example Saint Louis, et cetera."),
    "numbered": ("No. 5, #1", "number five, number one"),
    "signs": ("R&D, 5+3=8, @sama, C++, and/or", "R and D, five plus three equals eight, at sama, C plus plus, and or"),
    "addresses": ("sam@openai.com, https://www.openai.com/blog", "sam at openai dot com, openai dot com slash blog"),
    "quotes and dashes": ("“hello” — ‘really’ – yes - no…", "hello, really, yes, no…"),
    "apostrophes": ("don’t, users’ rock ’n’ roll", "don't, users rock n roll"),
    "asides": ("Ilya (a founder) did. (Yes.) So", "Ilya, a founder, did. Yes. So"),
    "insertions": ("[the] company [T]he", "the company The"),
    "interrupted": ("I was—", "I was…"),
    "pictures": ("good👍bad 😀", "good bad "),
    "Chinese inside": ("the 你好2023年 hello", "the 你好二零二三年 hello"),
}

ANYTHING = st.text(max_size=60) | st.text(
    alphabet="0123456789.,-–:/%$￥€年月日 个第AGIabt'’\"()[]—…*&@#+x²½①三两 km/h℃万亿元后级室折wWkK·°αIVX吨後級號/]^\n",
    max_size=40,
)
PRONUNCIATIONS = st.dictionaries(st.text(min_size=1, max_size=3), st.text(max_size=5), max_size=3)


def speak(text: str, language: str, **options) -> str:
    return "".join(span.spoken for span in spoken_spans(text, language, **options))


@pytest.mark.parametrize("case", MANDARIN)
def test_mandarin(case):
    written, spoken = MANDARIN[case]
    assert speak(written, "zh") == spoken


@pytest.mark.parametrize("case", ENGLISH)
def test_english(case):
    written, spoken = ENGLISH[case]
    assert speak(written, "en") == spoken


def test_a_span_is_as_short_as_the_written_item():
    text = "涨了 35.5%，在 12 月 1 日。"
    assert [(text[span.start : span.end], span.spoken) for span in spoken_spans(text, "zh")] == [
        ("涨了", "涨了"),
        (" ", ""),
        ("35.5%", "百分之三十五点五"),
        ("，在", "，在"),
        (" ", ""),
        ("12 月 1 日", "十二月一日"),
        ("。", "。"),
    ]


def test_text_that_changes_nothing_is_one_span():
    assert spoken_spans("我们很好，谢谢。", "zh") == (Span("我们很好，谢谢。", 0, 8),)


def test_nothing_is_spoken_of_nothing():
    assert spoken_spans("", "en") == ()


def test_pronunciations_win_the_longest_first_on_whole_words():
    said = {"Nguyen": "win", "OpenXR": "open X R", "OpenXR 2": "open X R two", "GPT-4": "G P T 4", "行长": "航长"}
    assert speak("Nguyen, Nguyens, OpenXR 2 OpenXR", "en", pronunciations=said) == "win, Nguyens, open X R two open X R"
    assert speak("nguyen", "en", pronunciations=said) == "nguyen"
    assert speak("GPT-4 的行长说", "zh", pronunciations=said) == "G P T 四 的航长说"


def test_one_occurrence_is_said_otherwise():
    here = ((7, 13, "win"),)
    spans = spoken_spans("Nguyen Nguyen Van.", "en", {"Nguyen": "new yen"}, here)
    assert "".join(span.spoken for span in spans) == "new yen win Van."
    assert (spans[2].start, spans[2].end) == here[0][:2]


def test_a_region_of_a_language_is_the_language():
    assert speak("3 个", "zh-CN") == "三个"
    assert speak("3", "en-GB") == "three"


@given(ANYTHING, st.sampled_from(["zh", "en"]), PRONUNCIATIONS)
@settings(max_examples=400, deadline=None, derandomize=True)
def test_spans_cover_every_text_and_speak_no_digits(text, language, pronunciations):
    spans = spoken_spans(text, language, pronunciations)
    assert "".join(text[span.start : span.end] for span in spans) == text
    assert [span.start for span in spans] == [0, *(span.end for span in spans)][: len(spans)]
    assert all(span.start < span.end for span in spans)
    read = [one for span in spans if not span.notation for one in span.spoken]
    assert not [one for one in read if one.isnumeric() and not one.isalpha()]


@given(st.text(alphabet="abc 你好。，, .", max_size=40), st.sampled_from(["zh", "en"]))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_words_are_never_lost(text, language):
    def letters(of: str) -> str:
        return re.sub(r"[\s\W]", "", of.replace("dot", "").replace("点", ""))

    assert letters(speak(text, language)) == letters(text)


@pytest.mark.parametrize("piece", ["9", "a", "a.", "(", "9-", "+1 ", "A"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_long_runs_are_read_to_their_end_in_linear_time(piece, language):
    text = piece * (3000 // len(piece))
    assert [span.end for span in spoken_spans(text, language)][-1] == len(text)
    assert not grows_too_fast(lambda text: list(spoken_spans(text, language)), piece, 3000)
