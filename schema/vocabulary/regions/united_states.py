"""States of the United States (ISO 3166-2) with the District of Columbia, and their main cities.

A line that starts at the margin is a state, ``code Chinese-name English-name``; the indented lines below it are its
cities, ``English-name Chinese-name``. ``/`` parts further names.
"""

STATES = """
AL 亚拉巴马州/阿拉巴马州 Alabama
    Birmingham 伯明翰, Huntsville 亨茨维尔, Montgomery 蒙哥马利, Mobile 莫比尔
AK 阿拉斯加州 Alaska
    Anchorage 安克雷奇, Fairbanks 费尔班克斯, Juneau 朱诺
AZ 亚利桑那州 Arizona
    Phoenix 菲尼克斯/凤凰城, Tucson 图森, Mesa 梅萨, Scottsdale 斯科茨代尔, Tempe 坦佩, Chandler 钱德勒
AR 阿肯色州 Arkansas
    Little Rock 小石城, Bentonville 本顿维尔, Fayetteville 费耶特维尔
CA 加利福尼亚州/加州 California
    Los Angeles/LA 洛杉矶, San Francisco/SF/San Francisco Bay Area 旧金山/三藩市, San Diego 圣迭戈/圣地亚哥, San
    Jose 圣何塞, Sacramento 萨克拉门托, Oakland 奥克兰, Fresno 弗雷斯诺, Long Beach 长滩, Irvine 尔湾/欧文, Palo
    Alto 帕洛阿尔托, Mountain View 山景城, Sunnyvale 森尼韦尔, Santa Clara 圣克拉拉, Cupertino 库比蒂诺, Menlo Park
    门洛帕克, Berkeley 伯克利, Santa Monica 圣莫尼卡, Fremont 弗里蒙特, Pasadena 帕萨迪纳
CO 科罗拉多州 Colorado
    Denver 丹佛, Colorado Springs 科罗拉多斯普林斯, Boulder 博尔德, Aurora 奥罗拉, Fort Collins 柯林斯堡, Lakewood
    莱克伍德, Golden 戈尔登
CT 康涅狄格州 Connecticut
    Hartford 哈特福德, New Haven 纽黑文, Stamford 斯坦福德, Bridgeport 布里奇波特
DE 特拉华州 Delaware
    Wilmington 威尔明顿, Dover 多佛
DC 哥伦比亚特区/华盛顿特区 District of Columbia
    Washington/Washington DC 华盛顿
FL 佛罗里达州 Florida
    Miami 迈阿密, Orlando 奥兰多, Tampa 坦帕, Jacksonville 杰克逊维尔, Tallahassee 塔拉哈西, Fort Lauderdale
    劳德代尔堡, St. Petersburg/Saint Petersburg 圣彼得斯堡, Pensacola 彭萨科拉
GA 佐治亚州/乔治亚州 Georgia
    Atlanta 亚特兰大, Savannah 萨凡纳, Augusta 奥古斯塔, Athens 阿森斯, Alpharetta 阿尔法利塔
HI 夏威夷州/夏威夷 Hawaii
    Honolulu 檀香山/火奴鲁鲁
ID 爱达荷州 Idaho
    Boise 博伊西, Idaho Falls 爱达荷福尔斯
IL 伊利诺伊州 Illinois
    Chicago 芝加哥, Springfield 斯普林菲尔德, Naperville 内珀维尔, Champaign 香槟, Evanston 埃文斯顿
IN 印第安纳州 Indiana
    Indianapolis 印第安纳波利斯, Fort Wayne 韦恩堡, Bloomington 布卢明顿, South Bend 南本德
IA 艾奥瓦州/爱荷华州 Iowa
    Des Moines 得梅因, Cedar Rapids 锡达拉皮兹, Iowa City 艾奥瓦城, Ames 埃姆斯
KS 堪萨斯州 Kansas
    Wichita 威奇托, Overland Park 欧弗兰帕克, Topeka 托皮卡, Lawrence 劳伦斯
KY 肯塔基州 Kentucky
    Louisville 路易斯维尔, Lexington 列克星敦, Frankfort 法兰克福特
LA 路易斯安那州 Louisiana
    New Orleans 新奥尔良, Baton Rouge 巴吞鲁日, Shreveport 什里夫波特
ME 缅因州 Maine
    Portland 波特兰, Bangor 班戈
MD 马里兰州 Maryland
    Baltimore 巴尔的摩, Bethesda 贝塞斯达, Rockville 罗克维尔, Gaithersburg 盖瑟斯堡, Silver Spring 银泉, College
    Park 学院公园, Annapolis 安纳波利斯, Greenbelt 格林贝尔特
MA 马萨诸塞州/麻省 Massachusetts
    Boston 波士顿, Cambridge 坎布里奇, Worcester 伍斯特, Waltham 沃尔瑟姆, Springfield 斯普林菲尔德
MI 密歇根州 Michigan
    Detroit 底特律, Ann Arbor 安娜堡, Grand Rapids 大急流城, Lansing 兰辛, Dearborn 迪尔伯恩
MN 明尼苏达州 Minnesota
    Minneapolis 明尼阿波利斯, St. Paul/Saint Paul 圣保罗市, Rochester 罗切斯特, Bloomington 布卢明顿
MS 密西西比州 Mississippi
    Jackson 杰克逊, Biloxi 比洛克西
MO 密苏里州 Missouri
    St. Louis/Saint Louis 圣路易斯, Kansas City 堪萨斯城, Springfield 斯普林菲尔德, Columbia 哥伦比亚市
MT 蒙大拿州 Montana
    Billings 比灵斯, Missoula 米苏拉, Bozeman 博兹曼, Helena 海伦娜
NE 内布拉斯加州 Nebraska
    Omaha 奥马哈, Lincoln 林肯
NV 内华达州 Nevada
    Las Vegas 拉斯维加斯, Reno 里诺, Henderson 亨德森, Carson City 卡森城
NH 新罕布什尔州 New Hampshire
    Manchester 曼彻斯特, Nashua 纳舒厄, Concord 康科德
NJ 新泽西州 New Jersey
    Newark 纽瓦克, Jersey City 泽西城, Princeton 普林斯顿, Trenton 特伦顿, Hoboken 霍博肯
NM 新墨西哥州 New Mexico
    Albuquerque 阿尔伯克基, Santa Fe 圣菲, Las Cruces 拉斯克鲁塞斯, Los Alamos 洛斯阿拉莫斯
NY 纽约州 New York
    New York/New York City/NYC/Manhattan/Brooklyn 纽约/纽约市, Buffalo 布法罗, Rochester 罗切斯特, Albany 奥尔巴尼,
    Syracuse 锡拉丘兹, Ithaca 伊萨卡, White Plains 白原
NC 北卡罗来纳州/北卡 North Carolina
    Charlotte 夏洛特, Raleigh 罗利, Durham 达勒姆, Greensboro 格林斯伯勒, Chapel Hill 教堂山, Asheville 阿什维尔
ND 北达科他州 North Dakota
    Fargo 法戈, Bismarck 俾斯麦
OH 俄亥俄州 Ohio
    Columbus 哥伦布, Cleveland 克利夫兰, Cincinnati 辛辛那提, Dayton 代顿, Toledo 托莱多, Akron 阿克伦
OK 俄克拉何马州 Oklahoma
    Oklahoma City 俄克拉何马城, Tulsa 塔尔萨, Norman 诺曼
OR 俄勒冈州 Oregon
    Portland 波特兰, Eugene 尤金, Salem 塞勒姆, Hillsboro 希尔斯伯勒, Bend 本德
PA 宾夕法尼亚州/宾州 Pennsylvania
    Philadelphia 费城, Pittsburgh 匹兹堡, Harrisburg 哈里斯堡, Allentown 阿伦敦, State College 州学院
RI 罗得岛州 Rhode Island
    Providence 普罗维登斯, Newport 纽波特
SC 南卡罗来纳州/南卡 South Carolina
    Charleston 查尔斯顿, Columbia 哥伦比亚市, Greenville 格林维尔
SD 南达科他州 South Dakota
    Sioux Falls 苏福尔斯, Rapid City 拉皮德城
TN 田纳西州 Tennessee
    Nashville 纳什维尔, Memphis 孟菲斯, Knoxville 诺克斯维尔, Chattanooga 查塔努加, Oak Ridge 橡树岭
TX 得克萨斯州/德州/德克萨斯州 Texas
    Houston 休斯敦/休斯顿, Dallas 达拉斯, Austin 奥斯汀, San Antonio 圣安东尼奥, Fort Worth 沃思堡, El Paso
    埃尔帕索, Plano 普莱诺, Arlington 阿灵顿, Irving 欧文市, Frisco 弗里斯科
UT 犹他州 Utah
    Salt Lake City 盐湖城, Provo 普罗沃, Lehi 利海, Ogden 奥格登
VT 佛蒙特州 Vermont
    Burlington 伯灵顿, Montpelier 蒙彼利埃市
VA 弗吉尼亚州 Virginia
    Richmond 里士满, Virginia Beach 弗吉尼亚比奇, Norfolk 诺福克, Arlington 阿灵顿, Alexandria 亚历山德里亚, Reston
    雷斯顿, McLean 麦克莱恩, Fairfax 费尔法克斯, Charlottesville 夏洛茨维尔, Hampton 汉普顿
WA 华盛顿州 Washington
    Seattle 西雅图, Redmond 雷德蒙德, Bellevue 贝尔维尤, Spokane 斯波坎, Tacoma 塔科马, Vancouver 温哥华市, Kirkland
    柯克兰, Olympia 奥林匹亚
WV 西弗吉尼亚州 West Virginia
    Charleston 查尔斯顿, Morgantown 摩根敦
WI 威斯康星州 Wisconsin
    Milwaukee 密尔沃基, Madison 麦迪逊, Green Bay 格林贝
WY 怀俄明州 Wyoming
    Cheyenne 夏延, Jackson 杰克逊
"""
