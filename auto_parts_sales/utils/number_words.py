"""Words that stand beside part numbers in suppliers' cells, and what they say.

Latin words are written in lower case and found whole; Chinese ones are found inside
a run of Chinese characters. These are words of the trade, no list of known makes: a
brand that is missing here is still read, as a remark.
"""

# === WHO MADE IT === #

# Makes and part brands of up to three words, parts of a name parted by a space.
LATIN_BRANDS = frozenset(
    """
    acdelco acura airtex aisin ajusa akebono asimco ate audi baic bando barum behr
    bendix bentley benz beru bilstein blueprint bmw borgwarner bosal bosch brembo
    brisk buick byd cadillac castrol champion changan changhe chery chevrolet
    chrysler citroen citroën continental contitech corteco ctr cummins cupra dacia
    daewoo daf daihatsu datsun dayco delco delphi denso denza depo deutz dodge doga
    dolz dongfeng dorman eberspacher elring exedy exeed fag faw febi ferodo ferrari
    fiat filtron fleetguard ford foton fram gac garrett gates gaz geely genesis gkn
    glyco gm gmb gmc goetze hastings haval hella hengst hino hitachi holden honda
    honeywell hongqi howo hummer hyundai ina infiniti isuzu iveco jac jaguar
    jakoparts japanparts jeep jetour jetta jinbei jmc jurid kamaz kayaba kia knecht
    knorr kolbenschmidt koyo ksm kyb lada lamborghini lancia landrover laso
    leapmotor lemforder lemförder lesjofors lexus lifan lincoln lotus lpr lucas luk
    luxgen lynk mahindra mahle man mann mann+hummel mann-filter mapco maserati
    masuma maxus mazda mclaren mercedes mercedes-benz mercury metelli meyle mg mini
    mitec mitsubishi mobis monroe moog mopar motorcraft nabco narva ngk nio nissan
    nissens nisshinbo nk nok nsk ntk ntn nural oldsmobile omoda opel optibelt osram
    payen perodua peugeot philips pierburg polestar pontiac porsche proton psa
    purflux raybestos rbi reinz remsa renault rivian roewe rolls-royce rover ruville
    saab sachs saic sakura sasic saturn scania schaeffler scion seat sidem siemens
    sinotruk skf skoda smart snr spidan ssangyong stabilus stanadyne subaru sumitomo
    suzuki swag tata tenneco tesla textar timken tokico topran toyota trw tyc uaz
    ufi vag valeo vauxhall vdo vemo vernet vinfast volkswagen volvo vw wabco wahler
    walker weichai wix wuling xpeng yutong zeekr zexel zf zimmermann zotye škoda
    """.split()
) | {
    "ac delco",
    "alfa romeo",
    "allied nippon",
    "aston martin",
    "blue print",
    "febi bilstein",
    "general motors",
    "great wall",
    "herth buss",
    "land rover",
    "magneti marelli",
    "mann filter",
    "mann hummel",
    "meat doria",
    "mercedes benz",
    "range rover",
    "rolls royce",
    "ufi filters",
    "van wezel",
    "vdo continental",
    "victor reinz",
}

CHINESE_BRANDS = frozenset(
    """
    一汽 一汽丰田 一汽大众 万向 三一 三环 三菱 上汽 上汽大众 上海大众 上海通用 东南
    东风 东风悦达起亚 东风日产 东风本田 中兴 中华 中国重汽 丰田 云雀 五十铃 五菱
    伊顿 众泰 传祺 伦福德 依维柯 保时捷 信义 光洋 克莱斯勒 克诺尔 兰博基尼 凯密特尔
    凯翼 凯迪拉克 别克 力帆 劳斯莱斯 北京现代 北汽 北汽福田 华晨 华泰 博世 双龙 吉利
    吉普 名爵 启辰 哈弗 哈飞 坦克 埃安 塔塔 大众 大发 大运 大陆 天合 奇瑞 奔腾 奔驰
    奥迪 威伯科 威马 宇通 宝马 宝骏 宾利 小米 小鹏 岚图 布雷博 平安 广汽 广汽丰田
    广汽本田 庆铃 康明斯 弗列加 德尔福 思域 恩斯克 恩梯恩 捷太格特 捷尼赛思 捷豹
    捷达 捷途 摩比斯 斯凯孚 斯堪尼亚 斯巴鲁 斯柯达 日产 日本电装 日清纺 日立 日野
    昌河 星途 曙光 曼恩 曼牌 本田 极氪 林肯 标致 欧司朗 欧宝 欧拉 欧曼 比亚迪 江淮
    江铃 沃尔沃 法拉利 法雷奥 海拉 海马 深蓝 潍柴 火炬 爱信 特斯拉 猎豹 玉柴
    玛莎拉蒂 现代 理想 瑞立 电装 盖瑞特 盖茨 福特 福田 福耀 福迪 箭冠 红旗 纳智捷
    耐世特 舍弗勒 英致 英菲尼迪 荣威 莲花 菲亚特 菲罗多 萨克斯 蓝瑟 蔚来 西雅特 观致
    讴歌 豪沃 豹牌 起亚 跃进 路虎 辉门 迈凯伦 通用 道奇 采埃孚 重汽 金杯 金龙 铁流
    铃木 长丰 长城 长安 长安福特 问界 阿尔法罗密欧 阿斯顿马丁 阿维塔 陆风 陕汽
    雪佛兰 雪铁龙 零跑 雷克萨斯 雷诺 霍尼韦尔 领克 飞利浦 马勒 马牌 马自达 魏派 黄海
    """.split()
)

LONGEST_CHINESE_BRAND = max(map(len, CHINESE_BRANDS))

# === WHICH SIDE === #

SIDES = {
    "l": "L",
    "lh": "L",
    "lhs": "L",
    "left": "L",
    "r": "R",
    "rh": "R",
    "rhs": "R",
    "right": "R",
}
# Corners of a car, and letters that some makers add to a number: a side, perhaps.
CORNERS = {"fl": "L", "rl": "L", "fr": "R", "rr": "R"}
BOTH_SIDES = frozenset({"左右", "左/右", "右左", "lr", "rl", "l/r", "r/l", "lh/rh"})

# === WHAT SAYS NOTHING === #

# Titles of the column, repeated in the cell
LATIN_LABELS = frozenset(
    "oe oem oen oes no nr num number nos ref refs reference art artnr artno pn part"
    " parts code item model sku".split()
)
CHINESE_LABELS = (
    "原厂编号|原厂号码|原厂号|原厂件号|原厂|零件编号|零件号码|零件号|配件编号|配件号|"
    "产品编号|产品号|件号|编号|编码|号码|图号|型号|厂号|货号|对照号|通用号|互换号|替换号|号|"
    "参考|番号|品番"
).split("|")

# "And others": the supplier knows more numbers than the cell names
LATIN_OTHERS = frozenset({"etc", "etc.", "others", "u.a", "u.a.", "usw", "ao"})
CHINESE_OTHERS = frozenset(
    "他 其他 其它 及其他 及其它 等 等等 等号 等其他 等多个 等型号 等其它"
    " など ほか".split()
)

# Words that only join two numbers
LATIN_JOINTS = frozenset({"and", "or", "und", "oder", "et", "ou", "y", "o", "и"})
CHINESE_JOINTS = frozenset(
    {"和", "与", "及", "或", "以及", "或者", "同", "跟", "至", "到"}
)
CHINESE_RANGES = frozenset({"至", "到"})

# One number stands for another
LATIN_REPLACES = frozenset(
    "replaces replaced replacement supersedes superseded successor ersetzt".split()
)
CHINESE_REPLACES = (
    "替代",
    "代替",
    "取代",
    "换号",
    "改为",
    "更换为",
    "升级为",
    "替换为",
)

# === NO NUMBER === #

NONE = frozenset(
    "n/a n.a n.a. n.a.. na n/k none nil null nan no x xx xxx xxxx empty blank without"
    " 无 無 没有 暂无 空 无号 无oe 无oe号 无原厂号 なし 暂缺 缺"
    " нет keine kein - --".split()
)
NONE_PHRASES = ("没有", "暂无", "无原厂", "无oe", "无号", "no oe")
# As in the cell above
DITTO = frozenset({"〃", "同上", "ditto", "dto", "dito"})
# Somebody will say: the number is not known yet
PENDING = (
    "not confirmed|unconfirmed|to be confirmed|pending|tbd|tba|tbc|unknown|"
    "not available|on request|to follow|check with|"
    "待定|待查|待确认|待补|待核|待更新|未确认|"
    "未知|未定|不详|不明|不确定|查询中|核实中|请询|请咨询"
).split("|")

# English and German words of up to four letters that are no letters of a number
SHORT_WORDS = frozenset(
    "see for old new not use used set kit with w/o only from to till up ab bis fits"
    " also same like type abs esp pcs pc pair rear side down upr lwr for inc incl"
    " excl neu alt für mit ohne auch statt dito was is are the of in on by per any"
    " all this that qty ea out has been now rev".split()
)
