"""What the source does not say: names, and the figures that the demo makes up."""

# platform of the source: (generation as the maker counts, makes to add its models to)
GENERATIONS = {
    "VOLKSWAGEN_GOLF_MK7": "VII",
    "VOLKSWAGEN_PASSAT_MK8": "B8",
    "HONDA_ACCORD": "X",
    "HONDA_CIVIC": "X",
    "HONDA_CRV": "IV",
    "HONDA_NBOX_2G": "II",
    "TOYOTA_CAMRY": "XV70",
    "TOYOTA_COROLLA": "E170",
    "HYUNDAI_SANTA_FE": "TM",
    "HYUNDAI_SONATA": "DN8",
    "KIA_STINGER": "CK",
    "FORD_F_150_MK14": "XIV",
}

# group: makes that share part numbers
GROUPS = {
    "vag": ("VAG", ["Volkswagen", "Audi", "Škoda", "SEAT"]),
    "toyota": ("Toyota / Lexus", ["Toyota", "Lexus"]),
    "hyundai": ("Hyundai / Kia", ["Hyundai", "Kia", "Genesis"]),
    "honda": ("Honda / Acura", ["Honda", "Acura"]),
    "ford": ("", ["Ford"]),
}
# make_group of the source: group above
GROUP_OF = {
    "volkswagen": "vag",
    "toyota": "toyota",
    "hyundai": "hyundai",
    "honda": "honda",
    "ford": "ford",
}
MAKES = {
    "Volkswagen": ("大众", "de"),
    "Audi": ("奥迪", "de"),
    "Škoda": ("斯柯达", "cz"),
    "SEAT": ("西雅特", "es"),
    "Toyota": ("丰田", "jp"),
    "Lexus": ("雷克萨斯", "jp"),
    "Honda": ("本田", "jp"),
    "Acura": ("讴歌", "jp"),
    "Hyundai": ("现代", "kr"),
    "Kia": ("起亚", "kr"),
    "Genesis": ("捷尼赛思", "kr"),
    "Ford": ("福特", "us"),
}
MODELS = {
    "Golf": "高尔夫",
    "Golf Alltrack": "高尔夫 Alltrack",
    "Golf GTD": "高尔夫 GTD",
    "Golf GTE": "高尔夫 GTE",
    "Golf GTI": "高尔夫 GTI",
    "Golf R": "高尔夫 R",
    "Golf SportsVan": "高尔夫·嘉旅",
    "e-Golf": "纯电高尔夫",
    "Passat": "帕萨特",
    "Passat Alltrack": "蔚揽 Alltrack",
    "Passat GTE": "帕萨特 GTE",
    "Camry": "凯美瑞",
    "Camry Hybrid": "凯美瑞双擎",
    "Corolla": "卡罗拉",
    "Accord": "雅阁",
    "Accord Hybrid": "雅阁锐·混动",
    "CR-V": "CR-V",
    "Civic": "思域",
    "Inspire": "英诗派",
    "N-Box": "N-BOX",
    "Santa Fe": "胜达",
    "Sonata": "索纳塔",
    "Stinger": "斯汀格",
    "F-150": "F-150",
}
FUELS = {
    "e-Golf": "electric",
    "Golf GTE": "plug_in_hybrid",
    "Passat GTE": "plug_in_hybrid",
    "Golf GTD": "diesel",
    "Camry Hybrid": "hybrid",
    "Accord Hybrid": "hybrid",
}

CATEGORIES = {
    "engine": "Engine electronics",
    "transmission": "Transmission",
    "steering": "Steering",
    "brakes": "Brakes",
    "assistance": "Driver assistance",
    "safety": "Restraint systems",
    "body": "Body electronics",
}
# part of the source: (code, category, English, Chinese, list price from, to)
PARTS = {
    "engine": ("ECU", "engine", "Engine control unit", "发动机控制单元", 1280, 3980),
    "transmission": (
        *("TCU", "transmission", "Transmission control unit", "变速箱控制单元"),
        *(1680, 5200),
    ),
    "eps": ("EPS", "steering", "EPS control unit", "电动助力转向控制单元", 1450, 4600),
    "fwdRadar": ("RAD", "assistance", "Front radar sensor", "前雷达传感器", 1180, 4350),
    "srs": ("SRS", "safety", "Airbag control unit", "安全气囊控制单元", 480, 1680),
    "abs": ("ABS", "brakes", "ABS control unit", "ABS控制单元", 960, 3200),
    "vsa": ("VSA", "brakes", "Stability control unit", "车身稳定控制单元", 1250, 3600),
    "fwdCamera": ("CAM", "assistance", "Forward camera", "前视摄像头", 880, 3300),
    "electricBrakeBooster": (
        *("EBB", "brakes", "Electric brake booster", "电子制动助力器"),
        *(2100, 4800),
    ),
    "gateway": ("GTW", "body", "Gateway module", "网关控制模块", 420, 1280),
    "dsu": ("DSU", "assistance", "Driving support computer", "驾驶辅助电脑", 980, 2400),
    "shiftByWire": (
        *("SBW", "transmission", "Shift-by-wire control unit", "线控换挡控制单元"),
        *(780, 1900),
    ),
    "hud": ("HUD", "body", "Head-up display", "抬头显示器", 1900, 3900),
}

# Invented, but for the makers' own: (id, name, grade, prices in % of the genuine
# part's, warranty in months, in km)
BRANDS = [
    ("hengrui", "Hengrui Electronics 恒瑞电子", "oes", 82, 24, 50000),
    ("norvik", "Norvik Automotive", "oes", 88, 24, 60000),
    ("lingtong", "Lingtong 领通", "aftermarket", 55, 12, 20000),
    ("autokern", "Autokern", "aftermarket", 61, 18, 30000),
    ("reviva", "Reviva Reman", "reman", 48, 12, 20000),
    ("greenyard", "Green Yard 绿源拆车件", "used", 30, 3, 0),
]
MAKERS_BRANDS = {
    "vag": "Volkswagen Genuine",
    "toyota": "Toyota Genuine",
    "honda": "Honda Genuine",
    "hyundai": "Mobis Genuine",
    "ford": "Ford Genuine",
}
# vendors (ids of res.partner.csv) of the makers' brands and of the others
VENDORS = {
    "vag": "vendor_1",
    "toyota": "vendor_2",
    "honda": "vendor_2",
    "hyundai": "vendor_3",
    "ford": "vendor_4",
    "hengrui": "vendor_5",
    "norvik": "vendor_4",
    "lingtong": "vendor_6",
    "autokern": "vendor_6",
    "reviva": "vendor_3",
    "greenyard": "vendor_5",
}
