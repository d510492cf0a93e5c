"""Main cities of the world outside China and the United States, by country.

``country-code: English-name Chinese-name, ...;`` where ``/`` parts further names.
"""

CITIES = """
HK: Kowloon 九龙, New Territories 新界; TW: Taipei 台北, Kaohsiung 高雄, Taichung 台中, Tainan 台南, Hsinchu 新竹;
JP: Tokyo/Tōkyō 东京, Osaka/Ōsaka 大阪, Kyoto 京都, Nagoya 名古屋, Yokohama 横滨, Fukuoka 福冈, Sapporo 札幌, Kobe
神户, Hiroshima 广岛, Sendai 仙台; KR: Seoul 首尔, Busan 釜山, Incheon 仁川, Daegu 大邱, Daejeon 大田; KP: Pyongyang
平壤; MN: Ulaanbaatar 乌兰巴托; TH: Bangkok 曼谷, Chiang Mai 清迈; VN: Hanoi/Ha Noi 河内, Ho Chi Minh City/Saigon
胡志明市/西贡, Da Nang 岘港; MY: Kuala Lumpur 吉隆坡, Penang 槟城, Johor Bahru 新山; ID: Jakarta 雅加达, Surabaya
泗水, Bandung 万隆; PH: Manila/Makati 马尼拉, Cebu 宿务, Davao 达沃; MM: Yangon 仰光; KH: Phnom Penh 金边; LA:
Vientiane 万象; IN: New Delhi/Delhi 新德里/德里, Mumbai/Bombay 孟买, Bengaluru/Bangalore 班加罗尔, Hyderabad
海得拉巴, Chennai/Madras 金奈, Pune 浦那, Kolkata/Calcutta 加尔各答, Ahmedabad 艾哈迈达巴德, Gurugram/Gurgaon
古尔冈, Noida 诺伊达, Jaipur 斋浦尔; PK: Karachi 卡拉奇, Lahore 拉合尔, Islamabad 伊斯兰堡; BD: Dhaka 达卡; LK:
Colombo 科伦坡; NP: Kathmandu 加德满都; KZ: Almaty 阿拉木图, Astana 阿斯塔纳; UZ: Tashkent 塔什干; GE: Tbilisi
第比利斯; AM: Yerevan 埃里温; AZ: Baku 巴库; AE: Dubai 迪拜, Abu Dhabi 阿布扎比, Sharjah 沙迦; SA: Riyadh 利雅得,
Jeddah 吉达, Dammam 达曼; QA: Doha 多哈; KW: Kuwait City 科威特城; BH: Manama 麦纳麦; OM: Muscat 马斯喀特; JO: Amman
安曼; LB: Beirut 贝鲁特; IQ: Baghdad 巴格达; IR: Tehran 德黑兰; IL: Tel Aviv 特拉维夫, Jerusalem 耶路撒冷, Haifa
海法; TR: Istanbul 伊斯坦布尔, Ankara 安卡拉, Izmir 伊兹密尔; GB: London/Greater London 伦敦, Manchester 曼彻斯特,
Birmingham 伯明翰, Edinburgh 爱丁堡, Glasgow 格拉斯哥, Leeds 利兹, Liverpool 利物浦, Bristol 布里斯托尔, Cambridge
剑桥, Oxford 牛津, Sheffield 谢菲尔德, Nottingham 诺丁汉, Cardiff 加的夫, Belfast 贝尔法斯特, Newcastle 纽卡斯尔,
Southampton 南安普敦, Milton Keynes 米尔顿凯恩斯, Reading 雷丁, Coventry 考文垂; IE: Dublin 都柏林, Cork 科克,
Galway 戈尔韦; DE: Berlin 柏林, Munich/München 慕尼黑, Hamburg 汉堡, Frankfurt/Frankfurt am Main 法兰克福,
Cologne/Köln 科隆, Stuttgart 斯图加特, Düsseldorf/Dusseldorf 杜塞尔多夫, Leipzig 莱比锡, Dresden 德累斯顿, Bonn
波恩, Karlsruhe 卡尔斯鲁厄, Heidelberg 海德堡, Nuremberg/Nürnberg 纽伦堡, Aachen 亚琛; FR: Paris 巴黎, Lyon 里昂,
Marseille 马赛, Toulouse 图卢兹, Nice 尼斯, Bordeaux 波尔多, Lille 里尔, Nantes 南特, Strasbourg 斯特拉斯堡,
Grenoble 格勒诺布尔; NL: Amsterdam 阿姆斯特丹, Rotterdam 鹿特丹, The Hague/Den Haag 海牙, Utrecht 乌得勒支,
Eindhoven 埃因霍温, Delft 代尔夫特; BE: Brussels/Bruxelles 布鲁塞尔, Antwerp 安特卫普, Ghent 根特, Leuven 鲁汶; CH:
Zurich/Zürich 苏黎世, Geneva/Genève 日内瓦, Basel 巴塞尔, Lausanne 洛桑, Bern 伯尔尼; AT: Vienna/Wien 维也纳, Graz
格拉茨; ES: Madrid 马德里, Barcelona 巴塞罗那, Valencia 瓦伦西亚, Seville/Sevilla 塞维利亚, Malaga/Málaga 马拉加,
Bilbao 毕尔巴鄂; PT: Lisbon/Lisboa 里斯本, Porto 波尔图; GR: Athens 雅典, Thessaloniki 塞萨洛尼基; IT: Rome/Roma
罗马, Milan/Milano 米兰, Turin/Torino 都灵, Naples/Napoli 那不勒斯, Bologna 博洛尼亚, Florence/Firenze 佛罗伦萨; DK:
Copenhagen 哥本哈根, Aarhus 奥胡斯; SE: Stockholm 斯德哥尔摩, Gothenburg 哥德堡, Malmö/Malmo 马尔默; NO: Oslo
奥斯陆, Bergen 卑尔根, Trondheim 特隆赫姆; FI: Helsinki 赫尔辛基, Espoo 埃斯波, Tampere 坦佩雷; IS: Reykjavik
雷克雅未克; EE: Tallinn 塔林; LV: Riga 里加; LT: Vilnius 维尔纽斯, Kaunas 考纳斯; PL: Warsaw/Warszawa 华沙,
Kraków/Krakow/Cracow 克拉科夫, Wrocław/Wroclaw 弗罗茨瓦夫, Gdańsk/Gdansk 格但斯克; CZ: Prague/Praha 布拉格, Brno
布尔诺; SK: Bratislava 布拉迪斯拉发; HU: Budapest 布达佩斯; SI: Ljubljana 卢布尔雅那; HR: Zagreb 萨格勒布; RS:
Belgrade 贝尔格莱德; RO: Bucharest 布加勒斯特, Cluj-Napoca 克卢日纳波卡; BG: Sofia 索非亚; UA: Kyiv/Kiev 基辅, Lviv
利沃夫, Kharkiv 哈尔科夫; BY: Minsk 明斯克; MD: Chișinău/Chisinau 基希讷乌; RU: Moscow 莫斯科, Saint Petersburg/St
Petersburg/St. Petersburg 圣彼得堡, Novosibirsk 新西伯利亚, Vladivostok 海参崴; CA: Toronto 多伦多,
Montreal/Montréal 蒙特利尔, Vancouver 温哥华, Calgary 卡尔加里, Ottawa 渥太华, Edmonton 埃德蒙顿, Waterloo 滑铁卢,
Winnipeg 温尼伯, Quebec City 魁北克城, Halifax 哈利法克斯, London 伦敦市, Victoria 维多利亚; MX: Mexico City/Ciudad
de México/CDMX 墨西哥城, Guadalajara 瓜达拉哈拉, Monterrey 蒙特雷; CR: San José/San Jose 圣何塞; PA: Panama City
巴拿马城; CU: Havana 哈瓦那; DO: Santo Domingo 圣多明各; GT: Guatemala City 危地马拉城; BR: São Paulo/Sao Paulo
圣保罗, Rio de Janeiro 里约热内卢, Brasília/Brasilia 巴西利亚, Belo Horizonte 贝洛奥里藏特, Curitiba 库里蒂巴; AR:
Buenos Aires 布宜诺斯艾利斯, Córdoba/Cordoba 科尔多瓦; CL: Santiago 圣地亚哥市; PE: Lima 利马; EC: Quito 基多; CO:
Bogotá/Bogota 波哥大, Medellín/Medellin 麦德林; UY: Montevideo 蒙得维的亚; VE: Caracas 加拉加斯; BO: La Paz 拉巴斯;
EG: Cairo 开罗, Alexandria 亚历山大; MA: Casablanca 卡萨布兰卡, Rabat 拉巴特; TN: Tunis 突尼斯市; DZ: Algiers
阿尔及尔; NG: Lagos 拉各斯, Abuja 阿布贾; GH: Accra 阿克拉; KE: Nairobi 内罗毕; ET: Addis Ababa 亚的斯亚贝巴; UG:
Kampala 坎帕拉; TZ: Dar es Salaam 达累斯萨拉姆; RW: Kigali 基加利; SN: Dakar 达喀尔; AO: Luanda 罗安达; ZM: Lusaka
卢萨卡; ZW: Harare 哈拉雷; ZA: Johannesburg 约翰内斯堡, Cape Town 开普敦, Durban 德班, Pretoria 比勒陀利亚; AU:
Sydney 悉尼, Melbourne 墨尔本, Brisbane 布里斯班, Perth 珀斯, Adelaide 阿德莱德, Canberra 堪培拉, Gold Coast
黄金海岸; NZ: Auckland 奥克兰市, Wellington 惠灵顿, Christchurch 克赖斯特彻奇
"""
