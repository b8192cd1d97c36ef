"""The words that name a part in an interview instead of a person, and how printed names are compared."""

import re
import unicodedata
from typing import Literal

from interview_audio.transcript.lexicon.personal_names import has_surname
from interview_audio.transcript.lexicon.vocabulary import word_set

PartInText = Literal["host", "guest", "narrator"]

HOST_WORDS = word_set(
    """
    q question questioner interviewer host hosts moderator reporter journalist correspondent presenter anchor emcee
    mc cohost co-host 问 提问 问题 记者 主持 主持人 采访者 采访人 访谈者 访者 提问者 主播 编辑部 笔者 特约记者
    访谈人 访问者 采访 本刊记者 本报记者 主持人问 记者问 問 記者 主持人員 採訪者 訪問者 訪談者 提問 提問者 聞き手
    司会 司会者 インタビュアー 質問 journaliste intervieweur intervieweuse animateur animatrice frage fragesteller
    interviewerin moderatorin reporterin pregunta entrevistador entrevistadora presentador presentadora periodista
    moderador moderadora
    """
)
GUEST_WORDS = word_set(
    """
    a answer guest guests interviewee respondent panelist panellist audience 答 回答 嘉宾 受访者 受访人 被采访者
    被访者 被访人 嘉宾答 听众 观众 网友 網友 來賓 来宾 嘉賓 受訪者 受訪人 聽眾 觀眾 ゲスト 参加者 invité invitée
    réponse antwort gast respuesta entrevistado entrevistada invitado invitada
    """
)
NOBODY_WORDS = word_set(
    """
    all everyone everybody both together unison inunison crowd chorus video audio clip recording tape soundbite
    sound music break ad adbreak commercial commercialbreak videoclip audioclip 众人 全场 大家 齐声 众 全体 合 视频
    录音 音频 影片 短片 片段 音乐 广告 众人齐声 眾人 全場 齊聲 視頻 錄音 音頻 音樂 廣告 一同 全員 tous alle todos
    vidéo
    """
)
"""Labels of a break, of everybody, of a recording: nobody's voice, so the narrator's."""
NARRATOR_WORDS = word_set(
    """
    narrator narration voiceover voice-over vo 旁白 画外音 解说 解說 畫外音 独白 ナレーション ナレーター
    """
)
SPEAKER_WORDS = word_set(
    """
    speaker spk unknownspeaker unidentifiedspeaker unidentifiedman unidentifiedwoman unidentifiedperson
    unidentifiedmale unidentifiedfemale unidentified unknown unknownmale unknownfemale participant person voice man
    woman malespeaker femalespeaker malevoice femalevoice audiencemember 发言人 说话人 讲话人 發言人 說話人 講者
    讲者 未知发言人 未知说话人 话者 話者 男声 女声 男聲 女聲 locuteur sprecher hablante
    """
)
"""What a recogniser calls a person whose name and part it does not know."""
ROLE_WORDS = frozenset((*HOST_WORDS, *GUEST_WORDS, *NARRATOR_WORDS, *NOBODY_WORDS, *SPEAKER_WORDS))
HOST_ENDINGS = ("记者", "主持人", "主持", "reporter", "interviewer", "moderator", "host", "correspondent", "journalist")
"""Of a label that names the medium too: ``晚报记者``."""
HOST_TITLES = ("主持人", "记者", "特约记者", "本刊记者", "本报记者", "主播")
"""Of a label that names the person too: ``主持人李华``."""
LONGEST = 24

NUMBER = re.compile(r"[-_#]?[0-9一二三四五六七八九十甲乙丙丁戊己]{1,3}\Z|(?<=[^a-z])[a-z]\Z")
DROPPED = re.compile(r"[\s.。'’\"“”《》「」『』@]+")
MIDDLE_DOTS = re.compile(r"[・•‧･．∙⋅]")
ASIDE = re.compile(r"\s*[(（\[【][^()（）\[\]【】]*[)）\]】]\s*\Z")


def fold(name: str) -> str:
    """Fold case, width, spaces, full stops and the kinds of middle dot, so that printed names can be compared."""
    folded = unicodedata.normalize("NFKC", MIDDLE_DOTS.sub("·", name)).casefold()
    return DROPPED.sub("", folded)


def without_aside(name: str) -> str:
    """Take off what a label says in brackets after the name: ``Ida Holm (keeper)``."""
    return ASIDE.sub("", name).strip()


def part_of(key: str) -> PartInText | None:
    """Tell the part that a folded label names; None where it names none.

    ``记者2``, ``嘉宾a`` and ``bbcreporter`` name one as well.
    """
    for words, part in _PARTS:
        if key in words or NUMBER.sub("", key) in words:
            return part
    if len(key) <= LONGEST and key.endswith(HOST_ENDINGS):
        return "host"
    return "host" if any(has_surname(key.removeprefix(word)) for word in HOST_TITLES if key.startswith(word)) else None


def is_speaker_word(key: str) -> bool:
    """Say whether a folded label stands for a person whom a recording's export does not know: ``speaker_00``."""
    bare = key[:-1] if key[-1:].isalpha() else key
    return not SPEAKER_WORDS.isdisjoint((key, bare, NUMBER.sub("", key)))


def question_key(key: str) -> str:
    """Fold numbered questions and answers to one label: ``q12`` is ``q``, ``答3`` is ``答``."""
    bare = key.rstrip("0123456789")
    return bare if bare in {"q", "a", "问", "答", "問", "question", "answer"} else key


_PARTS: tuple[tuple[frozenset[str], PartInText], ...] = (
    (frozenset(HOST_WORDS), "host"),
    (frozenset(GUEST_WORDS), "guest"),
    (frozenset(NARRATOR_WORDS | NOBODY_WORDS), "narrator"),
)
