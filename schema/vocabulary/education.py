"""Levels of education: ISCED 2011, with the words that postings use for them in English and Chinese."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EducationLevel:
    """One level of ISCED 2011.

    Arguments:
        level: 0 to 8.
        name: English name of the level.
        zh: Chinese name of the level.
        en: English words that mean this level; matched as whole words, without regard to case.
        more_zh: Chinese words that mean this level; matched anywhere, the longest word first.
    """

    level: int
    name: str
    zh: str
    en: tuple[str, ...]
    more_zh: tuple[str, ...]


LEVELS: tuple[EducationLevel, ...] = (
    EducationLevel(
        0,
        "Early childhood education",
        "学前教育",
        (
            "no degree required", "no degree", "no education required", "no formal education", "no formal qualification",
            "no qualification", "no qualifications", "no requirement", "no requirements", "not required", "any education",
            "no educational requirements", "no education requirement", "degree not required", "any level", "unlimited",
            "no schooling", "less than high school", "no minimum", "early childhood education", "preschool",
        ),
        ("不限", "学历不限", "无学历要求", "无要求", "不要求", "不作要求", "无限制", "无需学历", "幼儿园", "学前"),
    ),
    EducationLevel(
        1,
        "Primary education",
        "初等教育",
        ("primary education", "primary school", "elementary school", "elementary education", "grade school"),
        ("小学",),
    ),
    EducationLevel(
        2,
        "Lower secondary education",
        "初级中等教育",
        ("lower secondary", "junior high school", "junior high", "middle school", "junior secondary", "some high school"),
        ("初中", "初级中学"),
    ),
    EducationLevel(
        3,
        "Upper secondary education",
        "高级中等教育",
        (
            "upper secondary", "high school", "high school diploma", "secondary school", "secondary education", "ged",
            "senior high school", "senior secondary", "a levels", "a-levels", "a level", "gcse", "abitur", "baccalaureat",
            "baccalauréat", "vocational school", "vocational secondary", "secondary vocational", "hs diploma", "leaving certificate",
            "high school or equivalent", "vocational high school", "technical school",
        ),
        ("高中", "中专", "职高", "技校", "中技", "职业高中", "中等专业学校", "中职", "高级中学", "普高", "中等职业", "中等"),
    ),
    EducationLevel(
        4,
        "Post-secondary non-tertiary education",
        "中等后非高等教育",
        (
            "post-secondary", "postsecondary", "post secondary", "postsecondary certificate", "some college",
            "some college courses", "postsecondary nondegree award", "post-secondary non-tertiary", "trade certificate",
            "post-secondary certificate", "apprenticeship", "foundation course",
        ),
        ("中等后", "高级技工", "预科"),
    ),
    EducationLevel(
        5,
        "Short-cycle tertiary education",
        "短线高等教育",
        (
            "associate", "associate degree", "associate's degree", "associates degree", "associate's", "associates",
            "short-cycle tertiary", "higher diploma", "hnd", "hnc", "foundation degree", "junior college",
            "community college", "college diploma", "advanced diploma", "dut", "bts", "two-year degree", "2-year degree", "2 year degree",
            "higher national diploma", "higher vocational", "polytechnic diploma", "three-year college",
        ),
        ("大专", "专科", "高职", "高等专科", "大学专科", "高等职业", "高专", "副学士"),
    ),
    EducationLevel(
        6,
        "Bachelor's or equivalent level",
        "学士或同等水平",
        (
            "bachelor", "bachelors", "bachelor's", "bachelor degree", "bachelor's degree", "bachelors degree", "undergraduate",
            "undergraduate degree", "bsc", "b.sc", "b.sc.", "ba", "b.a.", "bs", "b.s.", "beng", "b.eng", "b.eng.", "bba", "b.com",
            "bcom", "llb", "bachelor of science", "bachelor of arts", "bachelor of engineering", "bachelor's or equivalent", "btech", "b.tech",
            "be degree", "college degree", "university degree", "four-year degree", "4-year degree", "4 year degree", "first degree", "ab degree",
            "college graduate", "licence", "ba/bs", "bs/ba", "degree required", "a degree", "degree or equivalent", "bs degree", "honours degree",
        ),
        ("本科", "学士", "大学本科", "大本", "全日制本科", "统招本科", "大学毕业", "大学学历"),
    ),
    EducationLevel(
        7,
        "Master's or equivalent level",
        "硕士或同等水平",
        (
            "master", "masters", "master's", "master degree", "master's degree", "masters degree", "msc", "m.sc", "m.sc.", "m.s.",
            "m.a.", "ms degree", "ma degree", "mba", "emba", "meng", "m.eng", "m.eng.", "mphil", "m.phil", "mpa", "mph", "llm", "postgraduate",
            "post-graduate", "postgraduate degree", "graduate degree", "advanced degree", "graduate school", "juris doctor", "jd", "j.d.",
            "master of science", "master of arts", "master of business administration", "master's or equivalent", "mtech", "m.tech", "diplom",
            "post-baccalaureate", "ma/ms", "ms/ma", "mfa", "med", "m.ed.",
        ),
        ("硕士", "研究生", "硕士研究生", "硕博", "双硕士", "工商管理硕士"),
    ),
    EducationLevel(
        8,
        "Doctoral or equivalent level",
        "博士或同等水平",
        (
            "doctor", "doctoral", "doctorate", "doctoral degree", "doctorate degree", "phd", "ph.d", "ph.d.", "ph d", "ph. d.", "dphil", "d.phil",
            "postdoc", "post-doc", "postdoctoral", "doctor of philosophy", "doctoral or equivalent", "doctor of medicine", "m.d.", "md degree",
            "edd", "ed.d.", "dsc", "drph", "scd", "professional degree",
        ),
        ("博士", "博士后", "博士研究生", "博士生"),
    ),
)
