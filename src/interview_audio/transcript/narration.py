"""Tells the author's voice from the speakers': who is spoken of, who is announced, what happens between answers."""

import re
from collections.abc import Mapping

from interview_audio.transcript.mentions import Mention, NameIndex
from interview_audio.transcript.turns import Gender
from interview_audio.transcript.typography import ends_with_colon, is_whole_bracket, last_sentence, without_quotations

FIRST_PERSON = re.compile(
    r"\b(?:I|I['’](?:m|ve|d|ll)|[Mm]e|[Mm]y|[Mm]yself|[Mm]ine|[Ww]e(?:['’](?:re|ve|d|ll))?|[Oo]ur|[Oo]urs)\b"
    r"|我|咱|俺|笔者"
)
SINGULAR = re.compile(r"\b(?:I|I['’](?:m|ve|d|ll)|[Mm]y|[Mm]yself|[Mm]ine)\b|我(?!们)")
SECOND_PERSON = re.compile(r"\b[Yy]ou(?:r|rs|['’]re)?\b|[你您]")
PRONOUN = re.compile(r"\b(?P<male>[Hh]e)\b|\b(?P<female>[Ss]he)\b|(?P<he>他)(?!们)|(?P<she>她)(?!们)")
CALLS = re.compile(
    r"\b(?:call|rang|ring|phone|came|come|text|wrote)(?:s|d|ed)? (?:us |me )?back\b|\breturn(?:s|ed) (?:the"
    r"|our|my|her|his) call\b"
    r"|\b(?:picks?|picked) up the (?:phone|microphone|receiver)\b|\b(?:takes?|took) the (?:microphone|mic|floor)\b"
    r"|\b(?:chimes?|chimed|joins?|joined|cuts?|cut|jumps?|jumped) in\b"
    r"|回电|回拨|回了?个?电话|打(?:来|回|了)+(?:一?[个通])?电话|来电|接过(?:话筒|话茬|话头|麦克风|电话)|插话"
    r"|抢过话|拿起(?:话筒|麦克风|电话)|回到(?:了)?(?:电话|镜头|话筒)"
)
SAYS = re.compile(
    r"\b(?:said|says|say|told|tells|adds?|added|repl(?:y|ies|ied)|answer(?:s|ed)|explain(?:s|ed)?|recall(?:s"
    r"|ed)?|remember(?:s|ed)|"
    r"continu(?:es|ed)|wrote|writes|admit(?:s|ted)|jok(?:es|ed)|begins?|began|put it|sums?|summed|laugh(?:s"
    r"|ed)|remark(?:s|ed))\b"
    r"|说|表示|告诉|回答|答道|答复|补充|解释|回忆|坦言|写道|透露|笑道|谈到|谈起|强调|指出|讲述|讲道|介绍|感慨"
    r"|总结|继续"
)
SCENE = re.compile(
    r"(?:After|Before|Later|When|While|As|At this point|At that|Then|Moments later|Meanwhile|Outside|Inside"
    r"|A few|Ten|Five)\b"
    r"|(?:挂断|挂了|放下|随后|之后|几分钟后|片刻|过了|半小时后|采访(?:结束|快结束|进行)|说到这里|说着|这时"
    r"|此时|临走|临别|电话)"
)
LEADS_IN = re.compile(
    r"(?:what follows|the following|below|here) (?:is|are|comes)\b"
    r".*\b(?:interview|conversation|transcript|exchange|talk)"
    r"|(?:以下|下面|下文|接下来)(?:是|为|就是).*(?:采访|专访|访谈|对话|对谈|谈话|实录|问答)",
    re.IGNORECASE,
)
ABOUT_THE_TEXT = re.compile(
    r"\b(?:this|the(?: following)?) (?:interview|conversation|transcript|text) (?:has been|was|is"
    r"|took place)\b|\bedited (?:for|and condensed)\b"
    r"|(?:本次|本篇|这篇|以上|以下|上述|本)(?:采访|访谈|对话|文)[^我]{0,40}(?:编辑|删节|整理|精简|改动|完成|进行)",
    re.IGNORECASE,
)


def why_narration(text: str, speaker: str, index: NameIndex) -> str | None:
    """Tell why an unlabelled paragraph is narration and not a speaker's words; None where it is not.

    Args:
        text: The paragraph's words.
        speaker: Who would be speaking if it were speech.
        index: The people of the interview.
    """
    plain = without_quotations(text)
    if is_whole_bracket(text):
        return "stands in brackets"
    if LEADS_IN.match(plain.lstrip()):
        return "leads in the interview"
    if ABOUT_THE_TEXT.search(plain) and not SINGULAR.search(plain):
        return "speaks of the text itself"
    if FIRST_PERSON.search(plain) or SECOND_PERSON.search(plain):
        return None
    named = [mention.person for mention in index.find(plain)]
    if speaker in named:
        return f"speaks of {speaker} by name"
    return "tells what happens" if named and SCENE.match(plain) else None


def announced(text: str, index: NameIndex, genders: Mapping[str, Gender], spoke: str | None) -> str | None:
    """Tell whose words a paragraph of narration announces; None where it announces nobody's.

    ``He told reporters:`` ends with a colon and names a person or means the one named last; a person who calls
    back or takes the microphone is announced without a colon as well.

    Args:
        text: The paragraph's words.
        index: The people of the interview.
        genders: Their genders, for pronouns.
        spoke: Who spoke last: the one who calls back where the paragraph names nobody.
    """
    plain = without_quotations(text)
    sentence = last_sentence(plain)
    calls = CALLS.search(sentence)
    says = SAYS.search(sentence) if ends_with_colon(text) else None
    verb = calls or says
    if verb is None or SINGULAR.search(sentence):
        return None
    mentions = index.find(sentence)
    before = [mention for mention in mentions if mention.start < verb.start()]
    if before:
        return before[-1].person
    if found := PRONOUN.search(sentence):
        gender: Gender = "male" if found["male"] or found["he"] else "female"
        return _last_of(gender, index.find(plain), genders) or (spoke if calls else None)
    return mentions[0].person if mentions else None


def speaks_in_first_person(text: str) -> bool:
    """Say whether the one who speaks says I or we, outside quotations."""
    return FIRST_PERSON.search(without_quotations(text)) is not None


def _last_of(gender: Gender, mentions: list[Mention], genders: Mapping[str, Gender]) -> str | None:
    fitting = [mention.person for mention in mentions if genders.get(mention.person, "unknown") in (gender, "unknown")]
    return fitting[-1] if fitting else None
