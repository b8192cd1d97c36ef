"""Tells the author's voice from the speakers': who is spoken of, who is announced, what happens between answers."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from interview_audio.transcript.lexicon.personal_names import Mention, NameIndex
from interview_audio.transcript.lexicon.typography import (
    ends_with_colon,
    is_whole_bracket,
    last_sentence,
    without_quotations,
)
from interview_audio.transcript.lexicon.vocabulary import alternation, alternations_by_script, phrases, pronouns
from interview_audio.transcript.turns import Gender

_IN_BRACKETS = "in brackets"
_HEARD = "heard in the house"
ASIDE_REASONS = (_IN_BRACKETS, _HEARD)
"""The reasons that also stage directions among answers have: they say nothing of how the text tells."""

_FIRST_PERSON = pronouns("narration/first_person", "narration/first_person_others")
_FIRST_PERSON_SINGULAR = pronouns("narration/first_person")
_SECOND_PERSON = pronouns("narration/second_person")
_LATIN_ASIDES, _OTHER_ASIDES = alternations_by_script("narration/aside_openings")
_OPENS_ASIDE = re.compile(rf"[(（]\s*(?:(?:{_LATIN_ASIDES})(?!\w)|(?:{_OTHER_ASIDES}))", re.IGNORECASE)
"""``(Well, the shop had closed by then.)``: who explains himself so has spoken just before."""
_PRONOUN = re.compile(r"\b(?P<male>[Hh]e)\b|\b(?P<female>[Ss]he)\b|(?P<he>他)(?!们)|(?P<she>她)(?!们)")
_MALE_PRONOUN = re.compile(r"\b(?:he|him|his)\b|他(?!们)", re.IGNORECASE)
_FEMALE_PRONOUN = re.compile(r"\b(?:she|her|hers)\b|她(?!们)", re.IGNORECASE)
_OPENS_WITH_PRONOUN = re.compile(r"\W*(?:(?P<male>He|His|他)|(?P<female>She|Her|她))(?![A-Za-z们])")
_LATIN_NOUNS, _CHINESE_NOUNS = alternations_by_script("narration/person_nouns")
_WORDS_FOR_PEOPLE = re.compile(rf"\b(?:{_LATIN_NOUNS})s?\b|{_CHINESE_NOUNS}|\b[a-z]+,? [A-Z][a-z]{{2,}}")
"""Words for people of whom a speaker may go on to speak as he or she; a name after a word in small letters is one."""
_CALLS_BACK = re.compile(
    rf"\b(?:{alternation('narration/call_back_verbs')}) (?:us |me )?back\b|{phrases('narration/takes_the_floor')}"
    r"|打(?:来|回|了)+(?:一?[个通])?电话"
)
_SAYS = re.compile(phrases("narration/speaking_verbs"))
_ATTRIBUTES = re.compile(
    r"\b(?:he|she) (?:said|says|adds|added|recalls|recalled)\b|[他她](?:说|笑着说|补充|回忆)", re.IGNORECASE
)
_GESTURE = re.compile(phrases("narration/gestures"))
_MENTIONS_REPORTER = re.compile(
    # "told this reporter", "对记者", "记者看到": only the reporter writes so of the conversation.
    r"(?:本刊|本报|本网|向|对|告诉|给|让|邀请|带|领着|和|与|跟|当)(?:笔者|记者)"
    r"|记者(?:注意到|看到|见到|了解到|来到|问|走进|发现|在)"
    r"|\b(?:told|tells|asked|showed|shows|greeted) (?:this |the |our )?(?:reporters?|interviewers?|journalists?)\b"
)
_SCENE = re.compile(phrases("narration/scene_openings"))
_CERTAIN_SCENE = re.compile(phrases("narration/certain_scene_openings"))
_IN_THE_HOUSE = re.compile(rf"(?:{alternation('narration/house_noises')})(?: [^.!?…:]{{1,60}})?\.")
_AS_A_WORD = re.compile(r"[」』]?(?:という|とは|って)|[”’」]?(?:这个姓|这个名字|這個姓|這個名字)")
"""What follows a name that is spoken of as a name: its bearer may do so."""
_LEADS_IN = re.compile(
    # "What follows is our conversation", "以下为访谈实录".
    r"(?:what follows|the following|below|here) (?:is|are|comes)\b"
    r".*\b(?:interview|conversation|transcript|exchange|talk)"
    r"|(?:以下|下面|下文|接下来)(?:是|为|就是).*(?:采访|专访|访谈|对话|对谈|谈话|实录|问答)",
    re.IGNORECASE,
)
_EDITORS_NOTE = re.compile(r"\s*[【\[（(]?(?:编者?按|編者?按|编辑按|導言|导语|引言)[】\])）]?\s*[:：]")
_ABOUT_THE_TEXT = re.compile(
    # "This interview has been edited for length", "本文经受访者审定"; up to 40 characters say by whom or how.
    r"\b(?:this|the(?: following)?|our) (?:interview|conversation|transcript|text|discussion) (?:has been|was|is"
    r"|took place|originally)\b|\bedited (?:for|and condensed)\b"
    r"|(?:本次|本篇|这篇|以上|以下|上述|本)(?:采访|访谈|对话|文)[^我]{0,40}"
    r"(?:编辑|删节|整理|精简|改动|完成|进行|确认|审阅|审定)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Antecedents:
    """What has been said of others in the exchange so far: whom a pronoun may mean."""

    males: bool = False
    females: bool = False
    others: bool = False

    def and_then(self, text: str) -> "Antecedents":
        """Add the words of a paragraph."""
        return Antecedents(
            self.males or _MALE_PRONOUN.search(text) is not None,
            self.females or _FEMALE_PRONOUN.search(text) is not None,
            self.others or _WORDS_FOR_PEOPLE.search(text) is not None,
        )

    def may_be(self, gender: Gender) -> bool:
        """Tell whether somebody was spoken of who may be he or she."""
        return self.others or (self.females if gender == "female" else self.males)


@dataclass(frozen=True, slots=True)
class SpeakerContext:
    """What is needed to tell narration: who would be speaking, and what came before."""

    speaker: str
    gender: Gender
    spoken: Callable[[], Antecedents]
    """Gives what has been said of others in the exchange so far."""
    index: NameIndex
    """The people of the interview."""


def narration_reason(text: str, speaker_context: SpeakerContext) -> str | None:
    """Tell why an unlabelled paragraph is narration and not a speaker's words; None where it is not."""
    plain = without_quotations(text)
    if is_whole_bracket(text) and not is_speakers_aside(text):
        return _IN_BRACKETS
    if _IN_THE_HOUSE.fullmatch(plain.strip()):
        return _HEARD
    if _EDITORS_NOTE.match(plain):
        return "editor's note"
    if _LEADS_IN.match(plain.lstrip()):
        return "introduces the interview"
    if _ABOUT_THE_TEXT.search(plain) and not _FIRST_PERSON_SINGULAR.search(plain):
        return "about the text itself"
    if _FIRST_PERSON.search(plain) or _SECOND_PERSON.search(plain):
        return None
    named = speaker_context.index.find(plain)
    about = [mention for mention in named if not _AS_A_WORD.match(plain, mention.end)]
    if any(mention.person == speaker_context.speaker for mention in about):
        return f"mentions {speaker_context.speaker} by name"
    if reason := _speaks_of_speaker(plain, text, speaker_context):
        return reason
    is_told = _CERTAIN_SCENE.match(plain) or (_SCENE.match(plain) and (named or _GESTURE.search(plain)))
    return "describes what happens" if is_told else None


def only_interrupts(text: str) -> bool:
    """Tell whether narration interrupts what is said and does not end it: a remark in brackets, or ``Aplausos.``."""
    return is_whole_bracket(text) or _IN_THE_HOUSE.fullmatch(text.strip()) is not None


def is_speakers_aside(text: str) -> bool:
    """Tell whether a paragraph in round brackets is the speaker's own: it says I or you, or goes on (``Well, …``).

    Editors use square brackets.
    """
    bare = text.strip()
    if bare[:1] not in ("(", "（"):
        return False
    says = _FIRST_PERSON_SINGULAR.search(bare) or _SECOND_PERSON.search(bare) or _OPENS_ASIDE.match(bare)
    return is_whole_bracket(bare) and says is not None and not _EDITORS_NOTE.match(bare)


def announced_speaker(text: str, index: NameIndex, genders: Mapping[str, Gender], spoke: str | None) -> str | None:
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
    calls = _CALLS_BACK.search(sentence)
    says = _SAYS.search(sentence) if ends_with_colon(text) else None
    verb = calls or says
    if verb is None or _FIRST_PERSON_SINGULAR.search(sentence):
        return None
    mentions = index.find(sentence)
    before = [mention for mention in mentions if mention.start < verb.start()]
    if before:
        return before[-1].person
    if found := _PRONOUN.search(sentence):
        gender: Gender = "male" if found["male"] or found["he"] else "female"
        return _last_of(gender, index.find(plain), genders) or (spoke if calls else None)
    return mentions[0].person if mentions else None


def speaks_in_first_person(text: str) -> bool:
    """Tell whether the one who speaks says I or we, outside quotations."""
    return _FIRST_PERSON.search(without_quotations(text)) is not None


def speaks_to_somebody(text: str) -> bool:
    """Tell whether a text addresses somebody as you."""
    return _SECOND_PERSON.search(text) is not None


def _speaks_of_speaker(plain: str, text: str, speaker_context: SpeakerContext) -> str | None:
    """Tell whether he or she can only be the one who just spoke."""
    if _MENTIONS_REPORTER.search(plain):
        return "describes the interview"
    opening = _OPENS_WITH_PRONOUN.match(plain)
    gender: Gender = "male" if (opening and opening["male"]) or _MALE_PRONOUN.search(plain) else "female"
    reports = plain != text and _ATTRIBUTES.search(plain) is not None
    fits = speaker_context.gender in (gender, "unknown") and (opening or reports)
    if not fits or speaker_context.spoken().may_be(gender):
        return None
    if opening:
        return f"refers to {speaker_context.speaker} in the third person"
    return f"reports what {speaker_context.speaker} says"


def _last_of(gender: Gender, mentions: list[Mention], genders: Mapping[str, Gender]) -> str | None:
    fitting = [mention.person for mention in mentions if genders.get(mention.person, "unknown") in (gender, "unknown")]
    return fitting[-1] if fitting else None
