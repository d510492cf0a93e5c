"""Currencies and pay periods, with the words and signs that postings use for them in English and Chinese."""

from dataclasses import dataclass

PERIODS: tuple[str, ...] = ("hour", "day", "week", "month", "year")

# How many of a period a full-time year has: 52 weeks of 5 days of 8 hours.
PER_YEAR: dict[str, float] = {"hour": 2080.0, "day": 260.0, "week": 52.0, "month": 12.0, "year": 1.0}


@dataclass(frozen=True, slots=True)
class Currency:
    """One currency of ISO 4217.

    Arguments:
        code: three letters, ``CNY``.
        name: English name.
        zh: Chinese name.
        words: further names and signs, in lower case, that mean this currency and no other.
        comma: whether its countries write ``2.500,00``, so that a point before three digits parts thousands.
    """

    code: str
    name: str
    zh: str
    words: tuple[str, ...] = ()
    comma: bool = False


CURRENCIES: dict[str, Currency] = {
    each.code: each
    for each in (
        Currency(
            "CNY",
            "yuan renminbi",
            "人民币",
            ("rmb", "yuan", "renminbi", "cn¥", "rmb¥", "块", "块钱", "元人民币", "cnh"),
        ),
        Currency(
            "USD",
            "US dollar",
            "美元",
            ("us$", "u.s.$", "us dollars", "dollars", "dollar", "bucks", "美金", "us dollar"),
        ),
        Currency("EUR", "euro", "欧元", ("€", "euros"), comma=True),
        Currency("GBP", "pound sterling", "英镑", ("£", "pounds", "pound", "sterling")),
        Currency("JPY", "yen", "日元", ("jp¥", "円", "日圆")),
        Currency("HKD", "Hong Kong dollar", "港元", ("hk$", "港币", "港幣")),
        Currency("TWD", "new Taiwan dollar", "新台币", ("nt$", "台币", "ntd", "新臺幣")),
        Currency("MOP", "pataca", "澳门元", ("mop$",)),
        Currency("KRW", "won", "韩元", ("₩", "韩币")),
        Currency("SGD", "Singapore dollar", "新加坡元", ("s$", "新币", "sg$")),
        Currency("INR", "Indian rupee", "印度卢比", ("₹", "rs", "rs.", "rupees", "rupee", "卢比")),
        Currency("AUD", "Australian dollar", "澳元", ("a$", "au$", "澳币")),
        Currency("NZD", "New Zealand dollar", "新西兰元", ("nz$", "纽币")),
        Currency("CAD", "Canadian dollar", "加元", ("c$", "ca$", "cdn$", "加币")),
        Currency("CHF", "Swiss franc", "瑞士法郎", ("sfr", "fr.")),
        Currency("SEK", "Swedish krona", "瑞典克朗", (), comma=True),
        Currency("NOK", "Norwegian krone", "挪威克朗", (), comma=True),
        Currency("DKK", "Danish krone", "丹麦克朗", (), comma=True),
        Currency("PLN", "zloty", "兹罗提", ("zł",), comma=True),
        Currency("CZK", "Czech koruna", "捷克克朗", ("kč",), comma=True),
        Currency("HUF", "forint", "福林", ("ft",), comma=True),
        Currency("RON", "leu", "罗马尼亚列伊", ("lei",), comma=True),
        Currency("RUB", "rouble", "卢布", ("₽", "rubles", "roubles"), comma=True),
        Currency("UAH", "hryvnia", "格里夫纳", ("₴",), comma=True),
        Currency("TRY", "Turkish lira", "土耳其里拉", ("₺",), comma=True),
        Currency("BRL", "real", "雷亚尔", ("r$", "reais"), comma=True),
        Currency("MXN", "Mexican peso", "墨西哥比索", ("mx$",)),
        Currency("ARS", "Argentine peso", "阿根廷比索", (), comma=True),
        Currency("CLP", "Chilean peso", "智利比索", (), comma=True),
        Currency("COP", "Colombian peso", "哥伦比亚比索", (), comma=True),
        Currency("IDR", "rupiah", "印尼盾", ("rp", "rp."), comma=True),
        Currency("VND", "dong", "越南盾", ("₫",), comma=True),
        Currency("THB", "baht", "泰铢", ("฿",)),
        Currency("MYR", "ringgit", "林吉特", ("rm", "马币")),
        Currency("PHP", "Philippine peso", "菲律宾比索", ("₱",)),
        Currency("AED", "UAE dirham", "迪拉姆", ("dirhams",)),
        Currency("SAR", "Saudi riyal", "沙特里亚尔", ()),
        Currency("ILS", "new shekel", "新谢克尔", ("₪", "nis")),
        Currency("EGP", "Egyptian pound", "埃及镑", ()),
        Currency("NGN", "naira", "奈拉", ("₦",)),
        Currency("KES", "Kenyan shilling", "肯尼亚先令", ("ksh",)),
        Currency("ZAR", "rand", "兰特", ()),
    )
}

# A sign that several currencies share: what it means by default, and which defaults of the caller it agrees with.
SHARED_SIGNS: dict[str, tuple[str, ...]] = {
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "ARS", "CLP", "COP"),
    "¥": ("CNY", "JPY"),
    "元": ("CNY", "USD", "HKD", "TWD", "MOP", "JPY", "KRW", "SGD"),
    "kr": ("SEK", "NOK", "DKK"),
    "kr.": ("DKK", "NOK", "SEK"),
}

# Every spelling of a period that may follow or precede an amount; in lower case, spaces around "/" left out.
PERIOD_WORDS: dict[str, tuple[str, ...]] = {
    "hour": (
        "per hour",
        "an hour",
        "a hour",
        "each hour",
        "every hour",
        "hourly",
        "/hour",
        "/hr",
        "/h",
        "/hrs",
        "per hr",
        "ph",
        "p/h",
        "p.h.",
        "/小时",
        "/时",
        "每小时",
        "时薪",
        "小时",
        "/钟头",
        "一小时",
        "hour",
        "/h.",
        "/std",
        "/ hour",
    ),
    "day": (
        "per day",
        "a day",
        "each day",
        "every day",
        "daily",
        "/day",
        "/d",
        "pd",
        "p/d",
        "per diem",
        "day",
        "/天",
        "/日",
        "每天",
        "每日",
        "日薪",
        "一天",
        "天",
    ),
    "week": (
        "per week",
        "a week",
        "each week",
        "every week",
        "weekly",
        "/week",
        "/wk",
        "/w",
        "pw",
        "p/w",
        "p.w.",
        "week",
        "/周",
        "每周",
        "周薪",
        "一周",
        "/星期",
        "每星期",
    ),
    "month": (
        "per month",
        "a month",
        "each month",
        "every month",
        "monthly",
        "/month",
        "/mo",
        "/mo.",
        "/m",
        "/mth",
        "pm",
        "pcm",
        "p/m",
        "p.m.",
        "per mo",
        "/mon",
        "month",
        "/月",
        "每月",
        "月薪",
        "每个月",
        "一个月",
        "个月",
        "/每月",
        "月",
        "/个月",
        "per calendar month",
    ),
    "year": (
        "per year",
        "a year",
        "each year",
        "every year",
        "yearly",
        "annually",
        "annual",
        "/year",
        "/yr",
        "/y",
        "/annum",
        "per annum",
        "p.a.",
        "p.a",
        "pa",
        "p/a",
        "per yr",
        "an annum",
        "year",
        "/a",
        "/an",
        "pro jahr",
        "per anno",
        "/年",
        "每年",
        "年薪",
        "一年",
        "年",
    ),
}


def _words(*blocks: str) -> tuple[str, ...]:
    return tuple(word for block in blocks for piece in block.split(";") if (word := piece.strip()))


# Words and signs around the amount, by what they do: bound it from above or below, link two amounts, say that none is
# stated, or nothing. A sign of one mark ends each list where the semicolon must not part it.
SURROUNDING_WORDS: dict[str, tuple[str, ...]] = {
    "upper": _words(
        "up to; upto; max; max.; maximum; at most; under; less than; no more than; below; <; <=; ≤; bis zu",
        "最高; 不超过; 以下; 以内; 至多; 最多; 低于; 上限",
    ),
    "lower": _words(
        "from; min; min.; minimum; starting at; starting from; start at; starts at; starting; at least; over; above",
        "more than; +; >; >=; ≥; or more; and up; and above; upwards; plus; and over; or above; ab",
        "至少; 最低; 不低于; 以上; 及以上; 起; 起薪; 高于; 超过; 保底; 起步",
    ),
    "link": _words("-; --; to; until; and; or; ~; 至; 到"),
    "unstated": _words(
        "negotiable; competitive; highly competitive; attractive; excellent; good; open; confidential",
        "market rate; unpaid",
        "n/a; na; nan; null; none; tbd; ?; unknown; unspecified; not specified; not disclosed; undisclosed",
        "not stated",
        "not provided; to be discussed; to be determined; commensurate; commensurate with experience",
        "volunteer; with",
        "depends; depends on experience; dependent on experience",
        "面议; 面谈; 电议; 薪资面议; 工资面议; 薪酬面议; 面议薪资; 待议; 待定; 可议; 可谈; 另议; 详谈; 保密",
        "不限; 未知",
        "无; 暂无",
    ),
    "noise": (
        *_words(
            "salary; pay; wage; wages; compensation; gross; net; before tax; after tax; base; basic; ote",
            "range; between",
            "approx; approx.; around; about; approximately; rate; package; benefits; bonus; plus bonus",
            "plus benefits; doe",
            "incl; incl.; excl; excl.; depending on experience; based on experience; depending; on",
            "experience; basis; ctc",
            "brutto; full-time; full time; total; fixed; of; the; is; in; for; equity",
            "税前; 税后; 薪资; 薪酬; 工资; 待遇; 工资待遇; 薪水; 底薪; 无责底薪; 基本工资; 综合; 综合薪资",
            "综合工资; 月均",
            "平均; 范围",
            "五险一金; 六险一金; 包吃住; 双休; 绩效; 补贴; 提成; 奖金; 实习; 左右; 约; 大约; 在; 有; 人; 每",
            ",; :; (; ); [; ]; |; ·; •; /; 、; 。; *; !; &",
        ),
        ";",
        '"',
    ),
}
