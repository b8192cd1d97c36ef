"""What Chinese names look like: surnames, titles after them, middle dots, and characters that no name has."""

import re

from interview_audio.transcript.markup import HAN

NAME = re.compile(rf"[{HAN}]{{1,8}}(?:·[{HAN}A-Za-z]{{1,12}}){{0,4}}")
NOT_IN_NAME = re.compile(
    "[我你您他她它们这那哪是说的了吗呢吧啊就都也很不没要会能因为所以但而且如果第个些每想让给被把对]|一个"
    "|两个|三个|几个|[一二三四五六七八九十]点|"
    "有[一二两三四几]|之[一二三]"
)
NOT_IN_GIVEN_NAME = re.compile("[我你您他她它们这那哪说的了吗呢吧啊就都也很不没要]")
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟"
    "谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安"
    "齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游"
    "辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟"
    "应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
)
DOUBLE_SURNAMES = ("欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "宇文", "司徒")
TITLES = (
    "老师",
    "先生",
    "女士",
    "小姐",
    "教授",
    "博士",
    "医生",
    "校长",
    "院长",
    "导演",
    "船长",
    "总",
    "总裁",
    "主任",
    "队长",
)


def is_chinese_name(name: str) -> bool:
    """Say whether a text has the form of a Chinese name, or of a foreign one in Chinese characters."""
    if not NAME.fullmatch(name):
        return False
    if "·" in name or has_surname(name):
        return True
    if NOT_IN_NAME.search(name):
        return False
    bare = _without_title(name)
    return (bare != name and 1 <= len(bare) <= 4) or (name[:1] in "老小阿" and 2 <= len(name) <= 3)


def has_surname(name: str) -> bool:
    """Say whether a text is a surname and one or two characters that given names have."""
    if NOT_IN_GIVEN_NAME.search(name):
        return False
    is_double = name.startswith(DOUBLE_SURNAMES) and 3 <= len(name) <= 4
    return is_double or (name[:1] in SURNAMES and 2 <= len(name) <= 3)


def _without_title(name: str) -> str:
    for title in sorted(TITLES, key=len, reverse=True):
        if name.endswith(title):
            return name.removesuffix(title)
    return name
