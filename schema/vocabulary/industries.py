"""Industries: sections and divisions of ISIC Rev.4, with the names that job boards use in English and Chinese.

A line that starts at the margin is a section, ``letter Chinese-name English-name``; the indented lines below it are its
divisions, ``number Chinese-name English-name; ...``. ``_BOARD`` gives further names by code; a name of a job board is
mapped to the division that most of its employers belong to, or to the section where no division stands out.
"""

from dataclasses import dataclass

from schema.errors import DeclarationError


@dataclass(frozen=True, slots=True)
class Industry:
    """A section or a division of ISIC Rev.4.

    Arguments:
        code: the section's letter (``J``), for a division followed by its two digits (``J62``).
        name: English name.
        zh: Chinese name.
        section: code of the section; for a section its own.
        aliases: further names in either language.
    """

    code: str
    name: str
    zh: str
    section: str
    aliases: tuple[str, ...] = ()


_ISIC = """
A 农、林、牧、渔业 Agriculture, forestry and fishing
    01 作物和牲畜生产 Crop and animal production, hunting and related service activities; 02 林业与伐木业 Forestry
    and logging; 03 渔业与水产业 Fishing and aquaculture
B 采矿业 Mining and quarrying
    05 煤炭开采 Mining of coal and lignite; 06 石油和天然气开采 Extraction of crude petroleum and natural gas; 07
    金属矿开采 Mining of metal ores; 08 其他采矿 Other mining and quarrying; 09 采矿辅助活动 Mining support service
    activities
C 制造业 Manufacturing
    10 食品制造 Manufacture of food products; 11 饮料制造 Manufacture of beverages; 12 烟草制品 Manufacture of
    tobacco products; 13 纺织品制造 Manufacture of textiles; 14 服装制造 Manufacture of wearing apparel; 15 皮革制造
    Manufacture of leather and related products; 16 木材制品制造 Manufacture of wood and of products of wood and
    cork; 17 造纸 Manufacture of paper and paper products; 18 印刷 Printing and reproduction of recorded media; 19
    石油炼制 Manufacture of coke and refined petroleum products; 20 化工制造 Manufacture of chemicals and chemical
    products; 21 医药制造 Manufacture of basic pharmaceutical products and pharmaceutical preparations; 22
    橡胶和塑料制品 Manufacture of rubber and plastics products; 23 非金属矿物制品 Manufacture of other non-metallic
    mineral products; 24 基本金属制造 Manufacture of basic metals; 25 金属制品 Manufacture of fabricated metal
    products, except machinery and equipment; 26 电子产品制造 Manufacture of computer, electronic and optical
    products; 27 电气设备制造 Manufacture of electrical equipment; 28 机械设备制造 Manufacture of machinery and
    equipment n.e.c.; 29 汽车制造 Manufacture of motor vehicles, trailers and semi-trailers; 30 其他运输设备制造
    Manufacture of other transport equipment; 31 家具制造 Manufacture of furniture; 32 其他制造业 Other
    manufacturing; 33 机械设备修理与安装 Repair and installation of machinery and equipment
D 电、煤气、蒸汽和空调的供应 Electricity, gas, steam and air conditioning supply
    35 电力热力燃气供应 Electricity, gas, steam and air conditioning supply
E 供水；污水处理、废物管理和补救活动 Water supply; sewerage, waste management and remediation activities
    36 水的收集处理与供应 Water collection, treatment and supply; 37 污水处理 Sewerage; 38 废物的收集处理和处置
    Waste collection, treatment and disposal activities; materials recovery; 39 环境补救 Remediation activities and
    other waste management services
F 建筑业 Construction
    41 房屋建筑 Construction of buildings; 42 土木工程 Civil engineering; 43 特殊建筑活动 Specialized construction
    activities
G 批发和零售业 Wholesale and retail trade; repair of motor vehicles and motorcycles
    45 汽车销售与修理 Wholesale and retail trade and repair of motor vehicles and motorcycles; 46 批发业 Wholesale
    trade, except of motor vehicles and motorcycles; 47 零售业 Retail trade, except of motor vehicles and
    motorcycles
H 运输和储存 Transportation and storage
    49 陆路运输 Land transport and transport via pipelines; 50 水上运输 Water transport; 51 航空运输 Air transport;
    52 仓储和运输辅助 Warehousing and support activities for transportation; 53 邮政和快递 Postal and courier
    activities
I 住宿和餐饮业 Accommodation and food service activities
    55 住宿 Accommodation; 56 餐饮 Food and beverage service activities
J 信息和通信 Information and communication
    58 出版 Publishing activities; 59 影视与录音制作 Motion picture, video and television programme production,
    sound recording and music publishing; 60 广播电视 Programming and broadcasting activities; 61 电信
    Telecommunications; 62 计算机程序设计与咨询 Computer programming, consultancy and related activities; 63
    信息服务 Information service activities
K 金融和保险 Financial and insurance activities
    64 金融服务 Financial service activities, except insurance and pension funding; 65 保险 Insurance, reinsurance
    and pension funding, except compulsory social security; 66 金融辅助活动 Activities auxiliary to financial
    service and insurance activities
L 房地产业 Real estate activities
    68 房地产活动 Real estate activities
M 专业、科学和技术活动 Professional, scientific and technical activities
    69 法律和会计 Legal and accounting activities; 70 总部活动与管理咨询 Activities of head offices; management
    consultancy activities; 71 建筑与工程技术 Architectural and engineering activities; technical testing and
    analysis; 72 科学研究与发展 Scientific research and development; 73 广告与市场调研 Advertising and market
    research; 74 其他专业技术活动 Other professional, scientific and technical activities; 75 兽医 Veterinary
    activities
N 行政和辅助活动 Administrative and support service activities
    77 出租和租赁 Rental and leasing activities; 78 就业活动 Employment activities; 79 旅行社与旅游服务 Travel
    agency, tour operator, reservation service and related activities; 80 调查和安保 Security and investigation
    activities; 81 建筑物服务与景观 Services to buildings and landscape activities; 82 办公与商业辅助 Office
    administrative, office support and other business support activities
O 公共管理与国防；强制性社会保障 Public administration and defence; compulsory social security
    84 公共管理和国防 Public administration and defence; compulsory social security
P 教育 Education
    85 教育业 Education
Q 人体健康和社会工作活动 Human health and social work activities
    86 人体健康活动 Human health activities; 87 留宿护理 Residential care activities; 88 不配备食宿的社会服务 Social
    work activities without accommodation
R 艺术、娱乐和文娱活动 Arts, entertainment and recreation
    90 艺术创作和文娱 Creative, arts and entertainment activities; 91 图书馆、博物馆和文化活动 Libraries, archives,
    museums and other cultural activities; 92 赌博和押宝 Gambling and betting activities; 93 体育和娱乐 Sports
    activities and amusement and recreation activities
S 其他服务活动 Other service activities
    94 成员组织的活动 Activities of membership organizations; 95 电脑及个人用品修理 Repair of computers and personal
    and household goods; 96 其他个人服务 Other personal service activities
T 家庭作为雇主的活动 Activities of households as employers
    97 雇用家政人员的家庭 Activities of households as employers of domestic personnel; 98 家庭自用产品与服务
    Undifferentiated goods- and services-producing activities of private households for own use
U 国际组织和机构的活动 Activities of extraterritorial organizations and bodies
    99 国际组织 Activities of extraterritorial organizations and bodies
"""

_BOARD = """
A: agriculture, farming, 农业, 农林牧渔, 种植, 林业;
A01: 畜牧, 养殖, 畜牧业, 种业;
A03: fishing, 渔业, 水产;
B: mining, mining and metals, 采矿, 矿产, 采掘, 能源矿产, 矿产地质;
B06: oil and gas, 石油石化, 石油, 天然气, petroleum, 能源;
C: manufacturing, industrial manufacturing, 制造, 生产制造, 加工制造, 工业, 工业制造, 新材料, industrial,
    production, 生产加工;
C10: food production, 食品, 食品加工, 食品饮料, 快消品, 快速消费品, fmcg, consumer goods, food and beverage
    manufacturing, 日化;
C13: textiles, 纺织, 纺织服装, 纺织业;
C14: apparel, fashion, 服装, 服饰, 服装业, apparel and fashion;
C17: paper, 造纸业, 包装, packaging;
C18: printing, 印刷业, 印刷包装;
C20: chemicals, chemical, 化工, 化学, 精细化工, 化妆品, cosmetics;
C21: pharmaceuticals, pharmaceutical, pharma, 制药, 医药, 生物制药, 生物医药, 医药生物, 生物工程, 制药业, 药品;
C22: plastics, 塑料, 橡胶;
C23: building materials, 建材, 玻璃, 陶瓷;
C24: metals, steel, 钢铁, 冶金, 有色金属;
C25: metal products, 五金, 金属加工;
C26: electronics, semiconductors, semiconductor, consumer electronics, computer hardware, hardware, integrated
    circuits, 电子, 半导体, 集成电路, 芯片, 电子技术, 电子半导体, 消费电子, 智能硬件, 计算机硬件, 通信设备,
    仪器仪表, 光电, 物联网, iot;
C27: electrical equipment, 电气, 电器, 家电, 电气机械, 新能源, 光伏, 电池, renewable energy, renewables, 储能,
    电力设备;
C28: machinery, mechanical engineering, industrial automation, robotics, 机械, 机械制造, 设备, 自动化, 工业自动化,
    机器人, 机械设备, 重工;
C29: automotive, automobile, auto, 汽车, 新能源汽车, 汽车零部件, 智能汽车, 整车;
C30: aerospace, aviation and aerospace, shipbuilding, 航空航天, 船舶, 轨道交通, 航天, 造船, aviation & aerospace;
C31: furniture, 家具, 家居;
C32: medical devices, medical device, toys, jewelry, 医疗器械, 医疗设备, 玩具, 珠宝, 工艺品, medical equipment;
D: energy, utilities, electricity, power, 电力, 电网, 燃气, 能源电力, 电力热力, energy and utilities, power
    generation;
E: water, waste management, environmental services, environment, 环保, 环境, 水务, 节能环保, 水处理, recycling;
F: construction industry, 建筑, 建筑施工, 工程施工, 建筑工程, 建设, 装修, 建筑装饰, 装饰装修, 房地产建筑, building,
    building construction;
F42: 市政工程, 土木, 基建, 道路桥梁, infrastructure;
G: trade, commerce, wholesale and retail, 贸易, 批发零售, 商贸, 消费品;
G46: wholesale, import and export, international trade, 批发, 进出口, 贸易进出口, 外贸, 国际贸易, 跨境贸易,
    distribution;
G47: retail, e-commerce, ecommerce, supermarkets, online retail, 零售, 电商, 电子商务, 超市, 新零售, 商超, 跨境电商,
    连锁零售, 百货;
G45: car dealers, 汽车销售, 汽车服务, 4s店, 汽车后市场;
H: transport, transportation, logistics, logistics and supply chain, supply chain, 物流, 交通运输, 运输, 供应链,
    物流仓储, 交通, 货运, 仓储物流, transport and logistics, 交通物流, 运输仓储, freight, shipping;
H49: railways, rail, trucking, 铁路, 公路运输, 网约车;
H50: maritime, 航运, 海运;
H51: airlines, aviation, airline, 航空, 民航, 航空公司;
H52: warehousing, 仓储, 货代, 货运代理;
H53: courier, express delivery, 快递, 邮政, 速递;
I: hospitality, 酒店餐饮, 酒店旅游, 餐饮住宿, hotels and restaurants;
I55: hotels, hotel, 酒店, 宾馆, 民宿;
I56: restaurants, catering, food service, 餐饮业, 餐厅, 饭店, food and beverage, food services, 食品餐饮, 咖啡;
J: media and communication, tmt, ict, information and communications, information, 信息产业,
    信息传输、软件和信息技术服务业, 信息通信;
J58: publishing, newspapers, 出版业, 新闻出版, 报纸, 图书;
J59: film, film and television, 影视, 电影, 影视制作, 音乐, 视频;
J60: broadcasting, television, 电视, 广电, 媒体, 传媒, media, 新媒体, 自媒体, 文化传媒;
J61: telecoms, telecom, telecommunication, 通信, 运营商, 通讯, 电信业, 通信网络, 增值服务;
J62: information technology, it, it services, software, software development, computer software, artificial
    intelligence, ai, cyber security, information technology and services, cloud computing, big data, blockchain,
    games, gaming, computer games, technology, tech, saas, computers, computer, web development, 软件, 计算机软件,
    信息技术, 软件开发, 人工智能, 大数据, 云计算, 信息安全, 网络安全, 区块链, 游戏, 网络游戏, 企业服务, it服务,
    系统集成, 计算机, 计算机服务, it软件, 科技, 数据服务, 软件和信息技术, 高科技, 软件服务, 信息技术服务,
    移动互联网软件, 计算机科学, 数字化;
J63: internet, online media, social media, web portals, 互联网, 移动互联网, 社交网络, 社交, 工业互联网, 搜索,
    互联网服务, 生活服务平台, 信息服务业, 在线媒体, 互联网平台;
K: finance, financial services, financial, 金融, 金融业, 财务金融, banking and finance, finance and insurance,
    金融保险;
K64: banking, bank, banks, investment banking, venture capital, private equity, fintech, 银行, 互联网金融, 信托,
    投资, 融资, 小额贷款, 金融科技, 融资租赁, 投资融资, 私募;
K65: insurance, 保险业, 人寿保险;
K66: securities, investment management, asset management, stock exchange, 证券, 基金, 期货, 资产管理, 财富管理,
    证券期货, 投资管理, 拍卖;
L: real estate, property, property development, 房地产, 地产, 房产, 房地产开发, 物业, 物业管理, 房产中介, 不动产,
    property management, 房地产中介, 物业服务;
M: professional services, consulting, business consulting, 咨询, 专业服务, 商务服务, 技术服务, 咨询服务,
    科研和技术服务, scientific research, science;
M69: law, legal, legal services, accounting, audit, auditing, tax, 法律, 会计, 审计, 财务, 税务, 律师, 法律服务,
    律师事务所, 会计师事务所, 财税, law firm;
M70: management consulting, consultancy, public relations, 管理咨询, 企业管理, 公关, 企业咨询, human resources
    consulting;
M71: architecture, engineering, engineering services, architecture and planning, testing, 建筑设计, 工程设计,
    工程咨询, 检测认证, 测绘, 检测, 工程技术, civil engineering services;
M72: research, biotechnology, biotech, r&d, research and development, 科研, 生物技术, 科学研究, 研究所, 生物科技,
    研发, 学术研究, 科学研究和技术服务业;
M73: advertising, marketing, market research, marketing and advertising, 广告, 市场营销, 营销, 广告营销, 会展,
    市场调研, 品牌营销, 广告传媒;
M74: design, graphic design, translation, photography, 设计, 工业设计, 翻译, 摄影, 平面设计, interior design;
M75: veterinary, 宠物医疗, 宠物, veterinary services;
N: business services, business support, facilities, 外包, 租赁和商务服务业, 服务外包, outsourcing;
N77: rental, leasing, 租赁, 汽车租赁;
N78: recruitment, staffing, human resources, staffing and recruiting, 人力资源, 人力资源服务, 猎头, 招聘, 劳务派遣,
    人才服务, hr;
N79: travel, tourism, travel and tourism, leisure travel, 旅游, 旅行社, 旅游业, 在线旅游, 旅游服务;
N80: security services, 安保, 保安;
N81: cleaning, facilities management, landscaping, 保洁, 园林, 园林绿化;
N82: call centers, call centre, events, 呼叫中心, 会议展览, events services;
O: government, public sector, public administration, defense, defence, military, law enforcement, 政府, 公共管理,
    国防, 军工, 政府机构, 事业单位, 机关, 公共事业, government administration, 政府部门, 公共服务, 党政机关, 军队,
    公共管理、社会保障和社会组织;
P: education and training, higher education, schools, training, e-learning, primary and secondary education,
    教育培训, 培训, 学校, 高等教育, 在线教育, 职业教育, 学前教育机构, 院校, 教育科技, 中小学教育, 高校, 教育行业,
    k12, education management, 早教, 留学, 学术, teaching, university;
Q: health, healthcare, health care, health and social care, 医疗健康, 健康, 卫生, 医疗卫生, 大健康, 卫生和社会工作,
    health services;
Q86: hospitals, hospital, medical, medicine, medical practice, mental health, dental, hospital and health care,
    医疗, 医院, 医疗服务, 诊所, 口腔, 护理, 医疗美容, 医美, nursing, 体检;
Q87: elderly care, nursing homes, aged care, 养老, 养老服务, 康养, residential care;
Q88: social work, social services, childcare, child care, 社会工作, 社会服务, 社工, 托育;
R: arts, entertainment, arts and entertainment, culture, 文化, 娱乐, 文化娱乐, 文体娱乐, 文化艺术, 文娱, 文化体育,
    leisure, 休闲娱乐, 文化、体育和娱乐业;
R90: performing arts, music, fine art, 艺术, 演出, 文创, 动漫, animation;
R91: museums, libraries, 图书馆, 博物馆, 文博;
R93: sports, fitness, gyms, 体育, 健身, 运动健身, sport, 运动;
S: services, other services, 服务业, 生活服务, 居民服务, 本地生活, consumer services;
S94: non-profit, nonprofit, ngo, charity, associations, religious institutions, 非营利组织, 公益, 协会, 非营利, non
    profit, 社会组织, 慈善, 行业协会;
S95: repair, 维修, 家电维修;
S96: beauty, personal care, wellness, wedding, 美容, 美发, 美容美发, 婚庆, 丽人, 殡葬, 个人护理, beauty and
    wellness;
T: households, domestic work, 家政;
U: international organizations, international organisations, international affairs, 使馆, 联合国
"""


def _pieces(table: str, mark: str) -> list[str]:
    return [piece for each in table.split(mark) if (piece := " ".join(each.split()))]


def _aliases() -> dict[str, tuple[str, ...]]:
    aliases: dict[str, tuple[str, ...]] = {}
    for entry in _pieces(_BOARD, ";"):
        code, _, names = entry.partition(":")
        if code in aliases:
            raise DeclarationError(f"names of industry {code} stand twice", "one line", where=__name__)
        aliases[code] = tuple(_pieces(names, ","))
    return aliases


def _build() -> dict[str, Industry]:
    aliases = _aliases()
    industries: dict[str, Industry] = {}
    section, below = "", ""
    for row in [*_ISIC.strip().splitlines(), "end"]:
        if row.startswith(" "):
            below += row
            continue
        for entry in _divisions(below):
            number, zh, name = entry.split(" ", 2)
            code = section + number
            industries[code] = Industry(code, name, zh, section, aliases.pop(code, ()))
        below = ""
        if row != "end":
            section, zh, name = row.split(" ", 2)
            industries[section] = Industry(section, name, zh, section, aliases.pop(section, ()))
    if aliases:
        raise DeclarationError(f"names are given for unknown industry {min(aliases)}", "an ISIC code", where=__name__)
    return industries


def _divisions(text: str) -> list[str]:
    """Part a section's divisions; a name may itself hold a semicolon, so an entry starts only at two digits."""
    entries: list[str] = []
    for piece in _pieces(text, ";"):
        if piece[:2].isdigit():
            entries.append(piece)
        else:
            entries[-1] += f"; {piece}"
    return entries


_GAPS = dict.fromkeys(map(ord, "-,;，；"), " ")


def named(name: str) -> str:
    """Give the form in which two names of an industry are compared: lower case, ``and`` for ``&``, single spaces."""
    return " ".join(name.casefold().replace("&", " and ").translate(_GAPS).split())


def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for industry in INDUSTRIES.values():
        for name in (industry.name, industry.zh, *industry.aliases):
            other = names.setdefault(named(name), industry.code)
            # A section with one division has its name too; the name alone then means the section.
            if other not in (industry.code, industry.section):
                raise DeclarationError(f"'{name}' names industries {other} and {industry.code}", "one", where=__name__)
    return names


# Industry by code, sections and divisions; and the code of every name, in the form that `named` gives.
INDUSTRIES: dict[str, Industry] = _build()
NAMES: dict[str, str] = _names()
