import pytest

from interview_audio.errors import SourceError
from interview_audio.transcript.languages import document_language, primary_language, turn_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("灯塔亮着，Ida Holm 在守塔。", "zh"),
        ("問：您為什麼來這裡？\n答：因為這裡很安靜，我喜歡海。", "zh"),
        ("我用过 OpenAI、Google DeepMind、Anthropic、Meta、Microsoft Azure，都不错。", "zh"),
        ("Q:为什么?\nIda Holm:因为安静。\n来源: https://example.org/why/do-you-live/by-the-sea/in-a-tower", "zh"),
        ("The light 灯 is on, and the keeper sleeps.", "en"),
        ("Q: Why?\nIda Holm: So.", "en"),
        ("WELCOME BACK TO THE SHOW. TODAY WE TALK TO IDA.", "en"),
        ("Der Spiegel, Die Zeit and El País all wrote about her.", "en"),
        ("記者：なぜここに来たのですか。\n山田：静かだからです。", "ja"),
        ("灯台はまだついています。", "ja"),
        ("Q : Pourquoi êtes-vous venue ici ?\nIda : Parce que c’est calme, et que j’aime la mer.", "fr"),
        ("Frage: Warum sind Sie hier?\nIda: Weil es hier ruhig ist. Das war ein Game Changer, by the way.", "de"),
        ("P: ¿Por qué vino usted aquí?\nIda: Porque es tranquilo y me gusta el mar.", "es"),
        ("D: Perché è venuta qui?\nIda: Perché è un posto tranquillo e mi piace il mare.", "it"),
        ("P: Por que você veio?\nIda: Porque é calmo e eu gosto do mar, não sei.", "pt"),
        ("V: Waarom bent u hier?\nIda: Omdat het hier rustig is en ik van de zee hou.", "nl"),
    ],
)
def test_documents(text: str, language: str) -> None:
    assert document_language(text) == language


def test_a_long_document_is_known_by_its_parts() -> None:
    assert document_language("(x) " * 15_000 + "灯塔亮着，他在守塔。" * 20_000) == "zh"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("등대는 아직 켜져 있습니다.", "ko"),
        ("Маяк всё ещё горит, смотритель спит.", "ru"),
        ("Маяк і досі світить, її доглядач спить.", "uk"),
        ("الفنار ما زال مضاء", "ar"),
        ("فانوس دریایی هنوز روشن است و نگهبان چای می‌نوشد", "fa"),
        ("המגדלור עדיין דולק", "he"),
        ("Ο φάρος είναι ακόμα αναμμένος", "el"),
        ("ประภาคารยังสว่างอยู่", "th"),
        ("ⰃⰎⰀⰃⰑⰎⰉⰜⰀ ⰃⰎⰀⰃⰑⰎⰉⰜⰀ", "und"),
        (
            "Światło wciąż świeci, a latarnik śpi, bo jest już późno i zrobiło się całkiem ciemno. " * 3,
            "und",
        ),
    ],
)
def test_every_text_has_a_language_though_no_voice_may_speak_it(text: str, language: str) -> None:
    assert document_language(text) == language


def test_no_words() -> None:
    with pytest.raises(SourceError, match="no words"):
        document_language("123 🙂 ...")


@pytest.mark.parametrize(
    ("text", "document", "language"),
    [
        # Under four words.
        ("OK.", "zh", "zh"),
        ("Yes, of course.", "zh", "zh"),
        ("好的。", "en", "en"),
        ("Oui.", "en", "en"),
        # Another script.
        ("Да, конечно, я так и думала.", "en", "ru"),
        ("Да, это было давно, ещё в прошлом веке.", "uk", "uk"),
        ("네, 밤에도 그렇게 켜져 있습니다. 아주 밝습니다.", "zh", "ko"),
        ("Yes, I think that we should do it now.", "ru", "en"),
        ("the constant α is 1/137, and β and γ are not", "en", "en"),
        ("To jest dom, a on do tego na to nie ma.", "und", "und"),
        # Another language.
        ("Yes, of course it is.", "zh", "en"),
        ("我在灯塔上住了三十年。", "en", "zh"),
        ("我在 OpenAI 和 Google DeepMind 工作过，后来去了 Anthropic 和 Meta 做研究。", "en", "zh"),
        ("Machine learning, deep learning, neural networks.", "zh", "en"),
        ("はい、そうですね、それは本当に難しいです。", "zh", "ja"),
        ("你说得对，我们没有去过那里。", "ja", "zh"),
        ("Oui, bien sûr, je comprends.", "en", "fr"),
        ("“Je ne regrette rien, c’est tout ce que je peux dire.”", "en", "fr"),
        ("Muchas gracias a todos por venir.", "en", "es"),
        ("Danke schön, das war sehr nett von Ihnen.", "en", "de"),
        ("I think the answer is yes, we should do it now.", "ja", "en"),
        ("I don’t think so, it’s just the way we work.", "de", "en"),
        ("¿Por qué no? Me gusta mucho el mar.", "en", "es"),
        ("Wir haben das nicht gewusst, weil es uns keiner gesagt hat.", "zh", "de"),
        # Names, titles and loan words.
        ("Sam 说 OpenXR 很好用，大家都喜欢。", "zh", "zh"),
        ("我喜欢 OpenAI、Microsoft、Google DeepMind、Anthropic、Meta 这些。", "zh", "zh"),
        ("我最喜欢的电影是 The Lord of the Rings 和 The Silence of the Lambs。", "zh", "zh"),
        ("GPT-4, Claude, Gemini, Llama, Mistral", "zh", "zh"),
        ("OpenAI 的 CEO Sam Altman 说 the board has to decide。", "zh", "zh"),
        ("看 https://example.org/this-is/what-we-do/for-you/and-for-them", "zh", "zh"),
        ("他写的《ノルウェイの森》我们都读过，很好看，也很难过。", "zh", "zh"),
        ("東京大学工学部教授、日本学士院会員", "ja", "ja"),
        ("Her friends are 王小明, 李红, 张三丰 and 欧阳修.", "en", "en"),
        ("王小明、李红、张三丰、欧阳修", "en", "en"),
        ("I loved El Laberinto del Fauno and La Casa de Papel.", "en", "en"),
        ("We were at the Tour de France, and the peloton came by.", "en", "en"),
        ("She has that je ne sais quoi about her, really.", "en", "en"),
        ("Das ist ein echtes Game Changer Feature, by the way.", "de", "de"),
        ("Wir haben das im Sprint Review mit dem Product Owner besprochen.", "de", "de"),
        ("On a fait un brainstorming avec le marketing et on a décidé de pitcher.", "fr", "fr"),
        ("Comme disent les Anglais : the proof of the pudding is in the eating.", "fr", "fr"),
        ("In Germany they like to say “Das ist mir Wurst, und damit ist die Sache erledigt” a lot.", "en", "en"),
        ("Van Gogh, de Kooning, van der Rohe and de la Renta were all there.", "en", "en"),
        ("No, no, no, no, no.", "en", "en"),
        ("La, la, la, la, la!", "en", "en"),
        ("我觉得这个 feature 真的很 nice，我们 team 就 follow up 了一下，最后 launch 得不错。", "zh", "zh"),
        ("OpenAI の GPT-4 を使って、RAG や fine-tuning を試しました。", "ja", "ja"),
        # A language that is only known because somebody said so.
        ("This is not Swahili at all, and we should say so.", "sw", "sw"),
    ],
)
def test_turns(text: str, document: str, language: str) -> None:
    assert turn_language(text, document) == language


def test_tags() -> None:
    tags = ("zh-CN", "zh-Hant-TW", "EN_us", "yue", "cmn", "eng", " fr ")
    assert [primary_language(tag) for tag in tags] == ["zh", "zh", "en", "yue", "zh", "en", "fr"]


@pytest.mark.parametrize(
    ("tag", "hint"),
    [
        ("cn", "did you mean 'zh'"),
        ("French", "did you mean 'fr'"),
        ("xx", "write one like zh, en, ja"),
        ("Chinese!", ""),
    ],
)
def test_no_tags(tag: str, hint: str) -> None:
    with pytest.raises(SourceError, match=f"^'{tag}' is not a language tag; {hint}"):
        primary_language(tag)
