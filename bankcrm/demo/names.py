"""What names of persons and organisations are made of: short lists written for this generator.

The shares of surnames follow the published order of common surnames in China, rounded.
"""

SURNAME_WEIGHTS = (
    "王 71 李 70 张 66 刘 51 陈 45 杨 31 黄 23 赵 22 吴 21 周 20 徐 17 孙 15 马 13 朱 12 胡 12 郭 12 何 11 林 11 "
    "高 10 罗 10 "
    "郑 9 梁 9 谢 8 宋 8 唐 7 许 7 邓 6 冯 6 韩 6 曹 6 曾 6 彭 6 萧 5 蔡 5 潘 5 田 5 董 5 袁 5 于 5 余 5 叶 5 蒋 5 "
    "杜 4 苏 4 "
    "魏 4 程 4 吕 4 丁 4 沈 4 任 4 姚 4 卢 4 傅 4 钟 4 姜 4 崔 4 谭 3 廖 3 范 3 汪 3 陆 3 金 3 石 3 戴 3 贾 3 韦 3 "
    "夏 3 邱 3 "
    "方 3 侯 2 邹 2 熊 2 孟 2 秦 2 白 2 江 2 阎 2 薛 2 尹 2 段 2 雷 2 黎 2 史 2 龙 2 陶 2 贺 2 顾 2 毛 2 郝 2 龚 2 "
    "邵 2 万 2 "
    "钱 2 严 2 赖 2 覃 2 洪 2 武 2 莫 2 孔 2 单 1 仇 1 解 1 区 1 翟 1 查 1 曲 1 盖 1 乐 1 尉 1 欧阳 2 上官 1 司马 "
    "1 诸葛 1 皇甫 1"
)
"""Surname and its share in about 1,000; with the readings that trip a pinyin table (单 仇 解 区 翟 曾 查 盖 乐 "
"尉)."""

GIVEN_CHARACTERS: dict[str, str] = {
    "male_old": "国建华明志永文军平德福生荣春林海山根发金贵宝庆忠义祥民富水来友才兴玉学",
    "male_middle": "伟强勇军杰涛超明刚平辉鹏斌波宇浩亮峰飞磊俊健凯东海龙洋林旭鑫建志文晓家振立",
    "male_young": "浩宇轩泽子涵博文俊杰睿辰梓豪天佑嘉铭奕晨一诺皓煜翔航逸凡晟昊喆翀燚堃",
    "female_old": "秀英兰玉珍桂芳莲凤梅香翠淑菊金花春霞云美华琴银娥月爱素红素贞连",
    "female_middle": "丽敏静芳娟艳燕玲红霞梅莉萍娜琳洁倩婷雪慧颖晶丹蕾璐欣佳怡晓小海亚春文",
    "female_young": "梓涵欣怡诗雨萱子晨思琪佳可馨语嫣若溪一诺雅静芷依然瑾瑜晴沐熙婧妍玥",
}
"""Characters of given names by gender and generation (born before 1970, before 1992, later)."""

MINORITY_NAMES = (
    "阿依古丽·买买提",
    "古丽娜·艾山",
    "扎西·次仁",
    "卓玛·央金",
    "巴图·孟和",
    "乌兰·其其格",
    "艾力·吐尔逊",
    "才让·多杰",
)

BRAND_CHARACTERS = (
    "恒远鸿达绿源天工启明金石江南盛泰华信新禾瑞丰联创博宇正阳宏图中科东方亿嘉德润安康佳美诚和顺"
    "通利兴隆广益百川龙腾海纳云帆锦程星辉凌志卓越永固鼎立汇融"
)

# Section of GB/T 4754 | weight | phrases between the brand and the form | scope of business
INDUSTRIES: tuple[tuple[str, int, str, str], ...] = (
    ("A", 4, "生态农业 农业开发 水产养殖 茶业 林业 畜牧", "农产品种植、加工与销售"),
    ("B", 1, "矿业 矿产开发", "矿产品开采、选矿与销售"),
    (
        "C",
        22,
        "精密机械 电子科技 陶瓷 纺织 新材料 食品 化工 医药 汽车零部件 包装印刷 铜业 家具 服饰 玻璃",
        "产品研发、制造与销售",
    ),
    ("D", 1, "新能源 热力 燃气 水务", "能源与水的生产、供应"),
    ("E", 10, "建设工程 建筑 装饰工程 市政园林 路桥工程 机电安装", "各类工程施工与承包"),
    ("F", 26, "贸易 商贸 建材 医药 汽车销售 粮油 电器 农产品 服装 物资", "商品批发与零售"),
    ("G", 5, "物流 运输 供应链管理 仓储", "道路货物运输、仓储服务"),
    ("H", 5, "酒店管理 餐饮管理 大酒店", "住宿、餐饮服务"),
    ("I", 6, "软件 信息技术 网络科技 数据服务", "软件开发、信息系统集成服务"),
    ("J", 1, "投资管理 融资担保 典当", "投资与资产管理"),
    ("K", 3, "房地产开发 置业 物业服务", "房地产开发经营、物业管理"),
    ("L", 6, "企业管理 人力资源 广告传媒 租赁 会展服务", "商务服务与租赁"),
    ("M", 4, "检测技术 工程设计 环保科技 生物科技", "技术研发、咨询与服务"),
    ("N", 2, "环境工程 园林绿化 文旅发展", "生态保护与公共设施管理"),
    ("O", 2, "汽车服务 家政服务 洗涤服务", "居民生活服务"),
    ("P", 1, "教育科技 职业培训", "教育培训服务"),
    ("Q", 1, "医疗管理 康养服务", "健康与养老服务"),
    ("R", 2, "文化传播 影视文化 体育发展", "文化与体育活动组织"),
)

TRADES: tuple[tuple[str, str], ...] = (
    ("F", "便利店"), ("F", "五金店"), ("F", "服装店"), ("F", "建材经营部"), ("F", "烟酒商行"), ("F", "药店"),
    ("F", "水果店"), ("F", "电器商行"), ("H", "餐馆"), ("H", "小吃店"), ("H", "茶楼"), ("H", "宾馆"),
    ("O", "理发店"), ("O", "汽修厂"), ("O", "洗衣店"), ("C", "加工厂"), ("C", "家具厂"), ("A", "养殖场"),
)  # fmt: skip
"""Trades of sole traders: section and what the shop calls itself."""

PUBLIC_BODIES: tuple[tuple[str, str, str], ...] = (
    ("财政国库支付中心", "S", "government"), ("第一人民医院", "Q", "institution"), ("第一中学", "P", "institution"),
    ("教育局", "S", "government"), ("社会保险中心", "S", "government"), ("中医院", "Q", "institution"),
    ("实验小学", "P", "institution"), ("住房和城乡建设局", "S", "government"), ("公安局", "S", "government"),
    ("疾病预防控制中心", "Q", "institution"), ("第二中学", "P", "institution"), ("水利局", "S", "government"),
    ("交通运输局", "S", "government"), ("妇幼保健院", "Q", "institution"), ("职业技术学校", "P", "institution"),
    ("融媒体中心", "R", "institution"), ("慈善总会", "S", "association"), ("图书馆", "R", "institution"),
    ("农业农村局", "S", "government"), ("税务局", "S", "government"), ("住房公积金管理部", "S", "institution"),
    ("商会", "S", "association"), ("自然资源局", "S", "government"), ("机关事务服务中心", "S", "institution"),
)  # fmt: skip
"""Bodies of a district: name after the district, section, type of organisation."""

MERCHANTS = [
    "支付宝（中国）网络技术有限公司",
    "财付通支付科技有限公司",
    "银联商务股份有限公司",
    "浔阳楼百货",
    "庐山超市",
    "江滨生鲜",
    "长虹加油站",
    "联通营业厅",
    "国网供电公司",
    "市自来水公司",
    "天天连锁药房",
    "万家便利",
    "赣味轩餐饮",
    "牯岭影城",
    "快捷出行服务",
    "江州公交",
    "星河书店",
    "南门口菜市场",
]
OTHER_BANKS = [
    "工商银行",
    "农业银行",
    "中国银行",
    "建设银行",
    "交通银行",
    "邮储银行",
    "招商银行",
    "兴业银行",
    "浦发银行",
    "中信银行",
    "民生银行",
    "江西农商银行",
]
BANK = "江州银行"

EMAIL_HOSTS = ("example.com", "mail.example.com", "example.net", "example.org")
"""Hosts reserved for examples (RFC 2606), so that no mail ever reaches anybody."""

MOBILE_PREFIXES = [
    "134",
    "135",
    "136",
    "137",
    "138",
    "139",
    "147",
    "150",
    "151",
    "152",
    "157",
    "158",
    "159",
    "178",
    "182",
    "183",
    "184",
    "187",
    "188",
    "198",
    "130",
    "131",
    "132",
    "155",
    "156",
    "166",
    "175",
    "176",
    "185",
    "186",
    "133",
    "149",
    "153",
    "173",
    "177",
    "180",
    "181",
    "189",
    "191",
    "199",
]


def surname_slots() -> list[str]:
    """The surnames, each as often as its weight: a uniform draw over the list is a draw by share."""
    words = SURNAME_WEIGHTS.split()
    return [name for name, weight in zip(words[::2], words[1::2], strict=True) for _ in range(int(weight))]


def industry_slots() -> list[dict[str, str]]:
    """Sections by weight with one phrase and the scope of business, for a uniform draw."""
    slots = []
    for section, weight, phrases, scope in INDUSTRIES:
        words = phrases.split()
        slots += [
            {"section": section, "phrase": words[index % len(words)], "scope": scope}
            for index in range(weight * len(words))
        ]
    return slots
