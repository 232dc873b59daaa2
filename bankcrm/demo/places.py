"""Where the bank works: the cities and districts of Jiangxi with their GB/T 2260 codes (state of 2023), and streets.

The bank itself, 江州银行, is fictional; 江州 is an old name of the city of 九江, where its head office stands.
"""

from dataclasses import dataclass

CITIES: tuple[tuple[str, str, str, str], ...] = (
    ("九江市", "江州", "Jiangzhou", "360403浔阳区 360402濂溪区 360404柴桑区 360423武宁县 360424修水县 360425永修县 "
     "360426德安县 360428都昌县 "
     "360429湖口县 360430彭泽县 360481瑞昌市 360482共青城市 360483庐山市"),
    ("南昌市", "南昌", "Nanchang", "360102东湖区 360103西湖区 360104青云谱区 360111青山湖区 360112新建区 "
     "360113红谷滩区 360121南昌县 "
     "360123安义县 360124进贤县"),
    ("赣州市", "赣州", "Ganzhou", "360702章贡区 360703南康区 360704赣县区 360722信丰县 360723大余县 360724上犹县 "
     "360725崇义县 360726安远县 "
     "360728定南县 360729全南县 360730宁都县 360731于都县 360732兴国县 360733会昌县 360734寻乌县 360735石城县 "
     "360781瑞金市 360783龙南市"),
    ("上饶市", "上饶", "Shangrao", "361102信州区 361103广丰区 361104广信区 361123玉山县 361124铅山县 361125横峰县 "
     "361126弋阳县 361127余干县 "
     "361128鄱阳县 361129万年县 361130婺源县 361181德兴市"),
    ("宜春市", "宜春", "Yichun", "360902袁州区 360921奉新县 360922万载县 360923上高县 360924宜丰县 360925靖安县 "
     "360926铜鼓县 360981丰城市 "
     "360982樟树市 360983高安市"),
    ("景德镇市", "景德镇", "Jingdezhen", "360202昌江区 360203珠山区 360222浮梁县 360281乐平市"),
    ("吉安市", "吉安", "Ji'an", "360802吉州区 360803青原区 360821吉安县 360822吉水县 360823峡江县 360824新干县 "
     "360825永丰县 360826泰和县 "
     "360827遂川县 360828万安县 360829安福县 360830永新县 360881井冈山市"),
    ("抚州市", "抚州", "Fuzhou (Jiangxi)", "361002临川区 361003东乡区 361021南城县 361022黎川县 361023南丰县 "
     "361024崇仁县 361025乐安县 "
     "361026宜黄县 361027金溪县 361028资溪县 361030广昌县"),
    ("萍乡市", "萍乡", "Pingxiang", "360302安源区 360313湘东区 360321莲花县 360322上栗县 360323芦溪县"),
    ("新余市", "新余", "Xinyu", "360502渝水区 360521分宜县"),
    ("鹰潭市", "鹰潭", "Yingtan", "360602月湖区 360603余江区 360681贵溪市"),
)  # fmt: skip
"""City, the branch's short name, its English name, districts (code and name). The first is the bank's home."""

AREA_CODES = ("0792", "0791", "0797", "0793", "0795", "0798", "0796", "0794", "0799", "0790", "0701")
"""Telephone area codes, city by city."""

TRADE_PLACES = ["江西", "浙江", "广东", "湖北", "上海", "江苏", "福建", "湖南", "深圳市", "武汉"]
"""Where the bank's customers' trading partners sit."""

OTHER_REGIONS = [
    "110105",
    "310115",
    "320505",
    "330106",
    "340102",
    "350203",
    "410105",
    "420106",
    "420111",
    "430104",
    "430105",
    "440106",
    "440305",
    "510107",
    "610113",
    "342401",
    "421181",
]
"""A few district codes of other provinces for those born elsewhere; 342401 is a county since removed, still right "
"on old cards."""

HOME_SUB_BRANCHES = ("城东", "城西", "城南", "城北", "江滨", "开发区")
"""Sub-branches of the home branch; other branches name theirs after districts."""

STREETS = [
    "人民路",
    "解放路",
    "长虹大道",
    "浔阳东路",
    "庐山南路",
    "滨江路",
    "青年路",
    "胜利路",
    "建设路",
    "文化路",
    "新华路",
    "和平路",
    "中山路",
    "北京东路",
    "洪都大道",
    "站前路",
    "学府路",
    "东风路",
    "光明路",
    "工业大道",
    "迎宾大道",
    "湖滨路",
    "南门路",
    "西园路",
    "龙开河路",
    "十里大道",
    "前进路",
    "朝阳路",
    "兴业路",
    "创新一路",
]
ESTATES = [
    "锦绣花园",
    "江山国际",
    "阳光城",
    "翡翠园",
    "书香苑",
    "金色家园",
    "滨湖雅苑",
    "望江公馆",
    "绿地新城",
    "丽景湾",
    "学府名苑",
    "和谐家园",
    "春江花月",
    "东方雅居",
]
OUTLET_STREETS = [
    "人民路",
    "长虹",
    "庐山南路",
    "站前",
    "学府",
    "滨江",
    "青年路",
    "新华路",
    "湖滨",
    "东风路",
    "迎宾",
    "工业园",
    "南门",
    "文化路",
    "光明",
    "兴业路",
    "朝阳",
    "十里",
]


@dataclass(frozen=True)
class District:
    """A district with its GB/T 2260 code."""

    code: str
    name: str
    city: str
    city_index: int


def districts() -> tuple[District, ...]:
    """All districts, city by city, the city's centre first."""
    return tuple(
        District(word[:6], word[6:], city, index)
        for index, (city, _, _, words) in enumerate(CITIES)
        for word in words.split()
    )
