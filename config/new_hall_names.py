"""Names for a hall that is being begun: an English proposal for a Chinese name, ids, the characters of badges. Pure.

A proposal is there to be corrected: the common words of government halls, and pinyin for the rest.
"""

import re
from collections.abc import Collection, Mapping
from types import MappingProxyType

from pypinyin import lazy_pinyin

#: What zones, departments and everyday business are called in most halls.
COMMON: Mapping[str, str] = MappingProxyType(
    {
        "综合": "General",
        "综合服务": "General Services",
        "综合业务": "General business",
        "便民服务": "Public Services",
        "社会事务": "Social Affairs",
        "社会事务区": "Social Affairs",
        "企业": "Business",
        "企业服务": "Business Services",
        "企业开办": "Starting a business",
        "营业执照": "Business licence",
        "工程建设": "Construction",
        "不动产": "Real Estate",
        "不动产登记": "Real estate registration",
        "公安": "Police",
        "公安户政": "Police and residence",
        "户籍": "Household registration",
        "身份证": "ID cards",
        "出入境": "Exit and entry",
        "税务": "Tax",
        "办税服务": "Tax services",
        "医保": "Medical insurance",
        "医保业务": "Medical insurance",
        "社保": "Social insurance",
        "社会保险": "Social insurance",
        "社保卡": "Social security cards",
        "社会保障卡": "Social security cards",
        "公积金": "Housing fund",
        "就业": "Employment",
        "民政": "Civil affairs",
        "低保": "Relief",
        "婚姻登记": "Marriage registration",
        "残疾人服务": "Services for disabled people",
        "退役军人": "Veterans",
        "车驾管": "Vehicles and driving licences",
        "农业农村": "Agriculture",
        "宅基地": "Housing land",
        "帮办代办": "Help with errands",
        "办不成事": "Unresolved business",
        "跨省通办": "Cross-region business",
        "取件": "Collection",
        "咨询": "Information",
        "人社局": "Human Resources and Social Security Bureau",
        "养老认证": "Pension confirmation",
        "政务服务中心": "Government Services Centre",
        "政务服务和数据局": "Government Services and Data Bureau",
        "人力资源和社会保障局": "Human Resources and Social Security Bureau",
        "市场监督管理局": "Market Regulation Bureau",
        "医疗保障局": "Healthcare Security Bureau",
        "民政局": "Civil Affairs Bureau",
        "公安局": "Police",
        "税务局": "Tax Bureau",
        "自然资源和规划局": "Natural Resources and Planning Bureau",
        "住房和城乡建设局": "Housing and Construction Bureau",
    }
)

#: What halls are called, behind the name of their place.
HALLS: Mapping[str, str] = MappingProxyType(
    {
        "市民之家": "Citizens' Home",
        "市民中心": "Citizens' Centre",
        "政务服务中心": "Government Services Centre",
        "政务服务大厅": "Government Services Hall",
        "行政审批局": "Administrative Approval Bureau",
        "便民服务中心": "Public Services Centre",
        "便民服务站": "Service Station",
        "党群服务中心": "Community Services Centre",
    }
)

PLACES: Mapping[str, str] = MappingProxyType(
    {
        "省": "Province",
        "市": "City",
        "县": "County",
        "区": "District",
        "镇": "Town",
        "乡": "Township",
        "街道": "Subdistrict",
        "村": "Village",
        "社区": "Community",
    }
)

_HALL = re.compile(rf"([\u4e00-\u9fff]{{2,8}}?)({'|'.join(PLACES)})({'|'.join(HALLS)})")
#: 县人社局 is 人社局 of the county; 社会事务区 is called 社会事务.
_OF_A_PLACE = re.compile(r"^[省市县区镇]|(?:区|窗口|大厅)$")

ID_MAX = 40
_NOT_IDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def english(name: str) -> str:
    """Propose an English name."""
    bare = _OF_A_PLACE.sub("", name)
    if found := COMMON.get(name) or COMMON.get(bare):
        return found
    if name.isascii():
        return name
    if hall := _HALL.fullmatch(name):
        place, rank, kind = hall.groups()
        return f"{''.join(lazy_pinyin(place)).capitalize()} {PLACES[rank]} {HALLS[kind]}"
    spelled = " ".join(lazy_pinyin(name)).replace("　", " ")
    return " ".join(word[:1].upper() + word[1:] for word in spelled.split())


def new_id(name: str, otherwise: str, taken: Collection[str]) -> str:
    """Make an id of an English name, another than those taken."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if not plain[:1].isalpha() or plain in _NOT_IDS:
        # YAML would read 12 as a number and "no" as a denial.
        plain = f"{otherwise}-{plain}"
    found = plain = plain[: ID_MAX - 4].strip("-")
    n = 1
    while found in taken:
        n += 1
        found = f"{plain}-{n}"
    return found


def new_mark(name: str, taken: Collection[str]) -> str:
    """The character of a zone's badge: the first of its name that no other zone has."""
    letters = [letter for letter in name if letter.isalnum()] or [name[0]]
    return next((letter for letter in letters if letter not in taken), letters[0])
