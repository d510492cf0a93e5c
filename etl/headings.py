"""What the columns of job files are usually called, in English and Chinese."""

import re

_MARKS = re.compile(r"[\W_]+")

# Field of ours, then names of theirs, spelled as `folded` leaves them; the first one that a file has is taken.
_TABLE = """
code: code id jobid postingid jobcode reference referencenumber requisitionid 职位编号 岗位编号 职位id 岗位id 编号
    职位代码
title: title jobtitle position positiontitle job name role 职位名称 岗位名称 职位 岗位 招聘职位 招聘岗位 职务
    职位标题 标题
responsibilities: responsibilities description jobdescription duties tasks summary text details 岗位职责 职位描述
    工作内容 工作职责 岗位描述 职责描述 职位职责 职责 职位详情 职位信息 工作描述
requirements: requirements qualifications jobrequirements requirement minimumqualifications experience 任职要求
    职位要求 岗位要求 任职资格 招聘要求 要求 任职条件 应聘条件
skills: skills requiredskills keyskills skillset technologies 技能 技能要求 技能标签 职位标签 技能关键词 关键技能
    专业技能
education: education degree educationlevel educationrequirements requirededucation minimumeducation 学历 学历要求
    最低学历 教育程度
industry: industry sector companyindustry 行业 所属行业 公司行业 行业类别 行业领域
location: location city place region joblocation workplace area 地点 工作地点 城市 工作城市 地区 所在地 工作地
    工作地区 所在城市
salary: salary pay wage compensation salaryrange payrange 薪资 薪酬 工资 月薪 薪资范围 薪资待遇 薪水 待遇 薪资水平
    薪酬范围
released_on: releasedon dateposted posteddate posted publishedat publishdate releasedate releasetime postingdate
    opendate date createdat 发布日期 发布时间 发布于 刊登日期 更新时间 更新日期 日期
employer: employer company companyname organization organisation hiringorganization employername 公司 公司名称
    企业名称 单位名称 用人单位 招聘单位 企业 雇主 单位
headcount: headcount openings vacancies positions numberofopenings totaljobopenings 招聘人数 人数 需求人数 招聘数量
    招聘名额
closes_on: closeson closingdate closedate validthrough deadline expires expirydate enddate 截止日期 截止时间
    有效期至 结束日期 过期时间
job_cluster: jobcluster cluster occupation jobcategory category occupationcode 职位类别 岗位类别 职位类型 职业
    岗位群 职业类别
url: url link joburl href 链接 网址 职位链接 详情链接
language: language lang 语言 语种
"""


def folded(name: str) -> str:
    """Return the form in which two headings are compared: lower case, without marks and spaces.

    >>> folded("Date posted:")
    'dateposted'
    """
    return _MARKS.sub("", name.casefold())


def _headings() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    field = ""
    for line in _TABLE.strip().splitlines():
        head, colon, names = line.partition(":")
        field, names = (head, names) if colon else (field, line)
        table[field] = table.get(field, ()) + tuple(names.split())
    return table


HEADINGS = _headings()
"""Field of a posting -> usual names of its column, folded, the most telling first."""
