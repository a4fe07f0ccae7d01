"""Words of the official lists: kinds of item, ways of handling, whom it is for, time limits. Pure."""

import re
import unicodedata

KINDS = (
    "行政许可",
    "行政确认",
    "行政给付",
    "行政奖励",
    "行政裁决",
    "行政征收",
    "行政检查",
    "行政处罚",
    "行政强制",
    "其他行政权力",
    "公共服务",
)
INSTANT, PROMISED = "即办件", "承诺件"
HANDLINGS = (INSTANT, PROMISED)
PERSONS, FIRMS = "自然人", "法人"
AUDIENCES = (PERSONS, FIRMS, f"{PERSONS}、{FIRMS}")

#: How lists write the same things.
_KIND_WORDS = {
    "其他类": "其他行政权力",
    "其他职权": "其他行政权力",
    "其它行政权力": "其他行政权力",
    "其他权力": "其他行政权力",
    "依申请公共服务": "公共服务",
    "公共服务事项": "公共服务",
}
_HANDLING_WORDS = {"即办": INSTANT, "即时办结": INSTANT, "当场办结": INSTANT, "承诺": PROMISED, "承诺办结": PROMISED}
_PERSON_WORDS = {"自然人", "个人", "公民"}
_FIRM_WORDS = {"法人", "企业", "企业法人", "非法人", "其他组织", "非法人企业", "事业法人", "社会组织法人", "行政机关"}
_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}


def narrow(text: str) -> str:
    """Full-width digits, letters and signs as their ordinary forms; for codes, dates and numbers, not for names."""
    return unicodedata.normalize("NFKC", text).strip()


def kind_of(text: str) -> str | None:
    """The kind of an item in the words of the national catalogue; None if there is no such kind."""
    word = "".join(text.split())
    word = _KIND_WORDS.get(word, word)
    return word if word in KINDS else None


def handling_of(text: str) -> str | None:
    """Instant or promised; None for anything else."""
    word = "".join(text.split())
    word = _HANDLING_WORDS.get(word, word)
    return word if word in HANDLINGS else None


def audience_of(text: str) -> str | None:
    """Persons, firms or both; None if a word is neither."""
    words = [word for word in re.split(r"[、,，;；/／|\s]+", text) if word]
    persons = any(word in _PERSON_WORDS for word in words)
    firms = any(word in _FIRM_WORDS for word in words)
    if not words or any(word not in _PERSON_WORDS | _FIRM_WORDS for word in words):
        return None
    return "、".join([*([PERSONS] if persons else []), *([FIRMS] if firms else [])])


def working_days(limit: str) -> int | None:
    """A time limit in working days: 0 for what is done at once; None if it is not said in working days."""
    text = narrow(limit).replace(" ", "")
    if re.search(r"即时|当场|立等|即办|马上", text):
        return 0
    found = re.search(r"([0-9]+|[一二两三四五六七八九十])个?工作日", text)
    if found is None:
        return None
    return int(found[1]) if found[1].isdigit() else _DIGITS[found[1]]
