"""Guesses a speaker's gender from an honorific, a given name or a pronoun, and says from what."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from interview_audio.transcript.mentions import HAN_LETTER, Mention, NameIndex
from interview_audio.transcript.turns import Gender
from interview_audio.transcript.typography import without_quotations
from interview_audio.transcript.vocabulary import word_set

FEMALE_NAMES = word_set(
    """
    abigail ada agnes aisha alexandra alice alicia alison amanda amelia amy ana andrea angela anita anna anne
    annie astrid audrey barbara beatrice betty brenda bridget camille carla carmen carol caroline catherine
    cecilia charlotte chloe christina christine claire clara claudia cynthia daisy dana deborah denise diana
    donna dorothy edith elaine eleanor elena elisabeth elizabeth ella ellen elsa emily emma erica erin esther
    eva evelyn fatima fiona florence frances freya gabriela gemma georgia gloria grace greta hannah harriet
    hazel heather heidi helen helena ida imogen ingrid irene iris isabel isabella jacqueline jane janet janice
    jennifer jenny jessica joan joanna josephine joyce judith judy julia julie karen kate katherine kathleen
    katie kirsten kristin laura lauren leah lena lily linda lisa louise lucia lucy lydia margaret maria marianne
    marie martha mary matilda maya megan melanie melissa mia michelle mira miriam molly monica nadia nancy naomi
    natalie natasha nina nora olga olivia patricia paula pauline penelope priya rachel rebecca rita rosa rose
    ruth sabrina sally samantha sandra sara sarah sharon sheila shirley sigrid sofia sonia sophia sophie stella
    stephanie susan susanna sylvia tamara teresa theresa tina ursula valerie vanessa vera veronica victoria
    violet virginia vivian wendy yasmin yvonne zoe
    """
)
MALE_NAMES = word_set(
    """
    aaron adam adrian ahmed alan albert alexander alfred ali andrew anthony antonio arthur austin benjamin
    bernard bill bjorn bob boris bradley brandon brian bruce bruno carl carlos cedric charles christian
    christopher clarence clark colin craig daniel darren dave david dennis derek dick dmitri dominic donald
    douglas duncan edgar edmund edward edwin eli elon emil eric erik ernest ethan eugene felix ferdinand francis
    francisco frank fred frederick gabriel gareth gary geoffrey george gerald gerard gilbert giovanni gordon
    graham greg gregory gustav hans harald harold harry hassan henrik henry herbert herman howard hugh hugo ian
    igor isaac ivan jack jacob jake james jason jeff jeffrey jeremy jerome jim joachim joe john jonas jonathan
    jorge jose joseph joshua juan julian justin karl keith kenneth kevin klaus kurt lars laurence lawrence leo
    leon leonard liam louis lucas luke magnus marco marcus mario mark martin matthew maurice max michael miguel
    mike mohammed nathan neil nicholas nick nigel nils norman oliver olaf omar oscar otto owen patrick paul
    pedro peter philip ralph raymond richard robert rodney roger roland ronald russell ryan samuel satya scott
    sean sebastian sergei simon stanley stefan stephen steve steven stuart sundar theodore thomas timothy tobias
    tom tony trevor victor vincent vladimir walter warren wayne werner wilhelm william xavier yusuf zachary
    """
)
OFTEN_MALE = word_set(
    """
    sam alex ben chris dan matt rob will
    """
)
FEMALE_CHARACTERS = frozenset(
    "芳娜丽婷娟敏静秀玲燕娥莉艳萍霞梅兰凤洁颖莹倩雪琳珍珠英妍娇媛婉娴嫣妮婕瑶薇茜莲菊蓉芬芸菲雯琴璐怡淑慧香翠莎馨蕾黛岚"
)
MALE_CHARACTERS = frozenset(
    "伟强军磊勇刚杰涛斌辉鹏飞龙虎豪波峰雷钢鑫彪武浩宇亮健雄铁柱栋坤毅旭锋震刚毅昊壮炜彬建国庆东洋海山江松柏岩石根"
)
HONORIFICS_BEFORE: tuple[tuple[re.Pattern[str], Gender], ...] = (
    (re.compile(r"\b(Ms|Mrs|Miss|Dame|Lady|Madam)\.? (?:[A-Z]\S* )?\Z"), "female"),
    (re.compile(r"\b(Mr|Sir|Lord)\.? (?:[A-Z]\S* )?\Z"), "male"),
)
HONORIFICS_BEHIND: tuple[tuple[re.Pattern[str], Gender], ...] = (
    (re.compile("(女士|小姐|太太|夫人)"), "female"),
    (re.compile("(先生|爵士)"), "male"),
)
PRONOUNS: Mapping[str, Gender] = {
    "she": "female",
    "her": "female",
    "he": "male",
    "his": "male",
    "她": "female",
    "他": "male",
}
PRONOUN = re.compile(r"\b(she|her|he|his)\b|(她|他)(?!们)", re.IGNORECASE)
UNKNOWN: tuple[Gender, str] = ("unknown", "")
NEAR = 24
"""Characters before a name in which an honorific can begin."""


def guess_genders(
    forms: Mapping[str, Sequence[str]], texts: Iterable[str], index: NameIndex
) -> dict[str, tuple[Gender, str]]:
    """Guess the gender of each person.

    Args:
        forms: Canonical names, and the other written forms of each.
        texts: Paragraphs that may speak of people in the third person.
        index: Finds the people in them.

    Returns:
        For each name the gender and what it was guessed from; ``unknown`` and an empty reason where nothing says it.
    """
    honorifics: dict[str, tuple[Gender, str]] = {}
    pronouns: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text in (*forms, *texts):
        mentions = index.find(text)
        for mention in mentions:
            if honorific := _honorific_beside(text, mention):
                honorifics.setdefault(mention.person, honorific)
        if len({mention.person for mention in mentions}) == 1:
            plain = without_quotations(text)
            pronouns[mentions[0].person].update(
                found[0].casefold() for found in PRONOUN.finditer(plain, mentions[0].end)
            )
    return {
        name: honorifics.get(name) or _from_given_name((name, *others)) or _from_pronouns(pronouns[name]) or UNKNOWN
        for name, others in forms.items()
    }


def _honorific_beside(text: str, mention: Mention) -> tuple[Gender, str] | None:
    before = text[max(0, mention.start - NEAR) : mention.start]
    for pattern, gender in HONORIFICS_BEFORE:
        if found := pattern.search(before):
            return gender, f"honorific {found[1]}"
    for pattern, gender in HONORIFICS_BEHIND:
        if found := pattern.match(text, mention.end):
            return gender, f"honorific {found[1]}"
    return None


def _from_given_name(forms: Iterable[str]) -> tuple[Gender, str] | None:
    for form in forms:
        if guess := _from_han_name(form) if HAN_LETTER.search(form) else _from_latin_name(form):
            return guess
    return None


def _from_latin_name(form: str) -> tuple[Gender, str] | None:
    given = re.split(r"[ .-]", form)[0]
    key = given.casefold()
    if key in FEMALE_NAMES:
        return "female", f"given name {given}"
    if key in MALE_NAMES or (" " in form and key in OFTEN_MALE):
        return "male", f"given name {given}"
    return None


def _from_han_name(form: str) -> tuple[Gender, str] | None:
    """From the given name's characters; a transliterated name says nothing."""
    given = form[1:]
    if "·" in form or not 1 <= len(given) <= 2:
        return None
    female = sum(character in FEMALE_CHARACTERS for character in given)
    male = sum(character in MALE_CHARACTERS for character in given)
    if female == male:
        return None
    return ("female" if female > male else "male"), f"given name {given}"


def _from_pronouns(found: Counter[str]) -> tuple[Gender, str] | None:
    """From the pronouns in paragraphs that name nobody else."""
    genders = Counter[Gender]()
    for pronoun, count in found.items():
        genders[PRONOUNS[pronoun]] += count
    if not genders or (len(genders) > 1 and len(set(genders.values())) == 1):
        return None
    gender = genders.most_common(1)[0][0]
    return gender, f"pronoun {next(word for word in found if PRONOUNS[word] == gender)}"
