"""What the people of a demo are called: a name for each account, always the same one, none of anybody in particular."""

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石"
_GIVEN = ("芳", "伟", "静怡", "建华", "晓燕", "志强", "丽娟", "文博", "秀英", "国平", "雨欣", "海涛", "佳慧")


def demo_name(number: int) -> str:
    """The name of the account that was made as the how many-th; several hundred before one comes again."""
    return _SURNAMES[number % len(_SURNAMES)] + _GIVEN[number % len(_GIVEN)]
