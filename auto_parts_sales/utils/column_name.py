"""What the columns of suppliers' tables mean, in Chinese and English: pure functions.

A meaning is the name of a value that the loader of a kind understands. Names are
compared by letters, digits and Han characters alone. ``STRONG`` names say one thing;
``WEAK`` names may say several, and count only where nothing better is there.
"""

import re
import unicodedata

BRACKETS = re.compile(r"[\(（\[【〔{<《][^\)）\]】〕}>》]*[\)）\]】〕}>》]")
INSIDE = re.compile(r"[\(（\[【〔{<《]([^\)）\]】〕}>》]*)[\)）\]】〕}>》]")
PARTING = re.compile(r"[/\\|\n\r,，;；]+|\s{2,}")
BETWEEN_SCRIPTS = re.compile(
    r"(?<=[\u3400-\u9fff])[\s_\-]*(?=[A-Za-z]{2,})|(?<=[A-Za-z]{2})[\s_\-]+(?=[\u3400-\u9fff])"
)
COUNTED = re.compile(r"(?<=\D)\d{1,2}\Z")
LONGEST_NAME = 200

PART = (
    "internal reference|internal ref|internal code|reference|item code|item no"
    "|item number|item|sku|part code|product code|product no|product number|article"
    "|article no|article number|default code|code|stock code|our code|our number"
    "|material|material no|material number|material code|编码|编号|商品编码|商品编号"
    "|产品编码|产品编号|配件编码|配件编号|物料编码|物料号|物料编号|零件编码|零件编号"
    "|内部编码|内部编号|内部参考|存货编码|货号|产品货号|商品货号|款号|料号|我方编码"
    "|系统编码|自编码|存货代码|物料代码|part ref"
)
OE = (
    "oe|oe no|oe number|oe numbers|oe code|oe ref|oe reference|oem|oem no|oem number"
    "|oem numbers|oem code|oem part number|original number|original no"
    "|original part number|original equipment number|genuine number|genuine no"
    "|genuine part number|manufacturer part number|mpn|mfr part number|mfr part no"
    "|oe号|oe号码|oe码|oe编号|oe编码|oem号|oem号码|oem码|oem编号|原厂号|原厂号码"
    "|原厂编号|原厂编码|原厂件号|原厂零件号|原厂配件号|原厂图号|原厂oe|原厂oe号"
    "|原车号|主机厂号|主机厂编码|配件原厂号|配套号|原厂配套号|厂家编码|厂家编号|厂家号"
)
OTHER_NUMBER = (
    "part number|part no|partnumber|spare part number|parts number|parts no|p n|pn"
    "|number|numbers|no|零件号|零件号码|配件号|配件号码|件号|图号|产品图号|零件图号"
    "|配件图号|号码|型号|产品型号|规格型号|零部件号|零部件编号"
)
CROSS = (
    "cross reference|cross ref|interchange|interchange number|interchange no"
    "|trade number|aftermarket number|aftermarket no|reference number|ref no"
    "|competitor number|replacement number|通用号|互换号|互换码|对照号|对照码|品牌号"
    "|副厂号|参考号|参考号码|替代号|通用件号|互换件号|工厂号"
)
MAKE = (
    "make|car make|vehicle make|car brand|vehicle brand|marque|automaker"
    "|manufacturer of car|车品牌|汽车品牌|车型品牌|车辆品牌|适用品牌|适配品牌|车厂"
    "|主机厂|整车厂|厂商|汽车厂商|车系品牌|厂牌|适用厂牌|整车品牌|车辆厂牌"
)
MODEL = (
    "model|car model|vehicle model|model name|model series|车系|车系名称|适用车系"
    "|车型名称|车型系列|车辆型号"
)
VEHICLE = (
    "vehicle|vehicles|application|applications|fits|fitment|car|cars|car models"
    "|vehicle models|suitable for|compatible vehicles|compatible models|compatibility"
    "|applicable models|applicable vehicles|used on|fit for|car application|适用车型"
    "|适配车型|车型|适用车辆|适用车|适用车款|车辆|配套车型|适用范围|通用车型|匹配车型"
    "|对应车型|应用车型|适合车型|车型配置|适用于"
)
BRAND = (
    "brand|part brand|parts brand|product brand|brand name|supplier brand"
    "|manufacturer|品牌|配件品牌|产品品牌|零件品牌|商品品牌|品牌名称|生产厂家|制造商"
    "|厂家|生产商|生产厂商|配件厂家|产地品牌"
)
YEARS = (
    "year|years|year range|model year|model years|production years|production year"
    "|built|build years|from to|production period|date range|年款|年份|年式|年型"
    "|生产年份|适用年款|适用年份|车型年份|上市年份|出厂年份|年限|适用年限|年代"
    "|生产日期|车款|生产年限|起止年份|年份范围|年份区间"
)
YEAR_FROM = (
    "year from|from year|start year|first year|begin year|year start|from|起始年份"
    "|开始年份|起始年款|起始年|开始年|年款起|年份起|生产开始|起始|上市时间|投产年份"
    "|开始生产|年份从"
)
YEAR_TO = (
    "year to|to year|end year|last year|year end|to|结束年份|终止年份|截止年份"
    "|结束年款|结束年|终止年|截止年|年款止|年份止|生产结束|截止|停产时间|停产年份"
    "|停止生产|年份到"
)
ENGINE = "engine|engine name|engine description|发动机|发动机描述|发动机名称|发动机规格"
ENGINE_CODE = (
    "engine code|engine codes|engine model|engine number|engine no|engine type"
    "|发动机型号|发动机代码|发动机号|发动机编号|发动机代号|引擎型号"
)
GENERATION = (
    "generation|gen|platform|chassis|chassis code|body code|series code|代|代数|世代"
    "|底盘号|底盘代号|底盘型号|底盘代码|车身代号|车组|平台|车代|几代"
    "|代次|第几代|换代"
)
CHASSIS_FROM = (
    "chassis from|chassis no from|vin from|frame from|车架号起|底盘号起|车架号从"
    "|起始车架号|起始底盘号"
)
CHASSIS_TO = (
    "chassis to|chassis no to|vin to|frame to|车架号止|底盘号止|车架号到|截止车架号"
    "|截止底盘号"
)
DISPLACEMENT = (
    "displacement|litres|liters|litre|liter|capacity|engine size|cc|ccm"
    "|engine capacity|排量|发动机排量|排气量|升"
)
FUEL = "fuel|fuel type|燃料|燃油|燃料类型|燃油类型|能源|能源类型|动力类型"
POWER = "power|power kw|kw|output|功率|最大功率|发动机功率|千瓦"
DRIVE = "drive|drive type|drivetrain|驱动|驱动方式|驱动形式|驱动类型"
BODY = "body|body type|body style|车身|车身形式|车身类型|车身结构"
KTYPE = (
    "ktype|k type|ktype no|ktype nr|tecdoc nr|tecdoc no|tecdoc|tecdoc ktype|ktypnr"
    "|tecdoc id|k型号|ktype号"
)
VCDB = (
    "vcdb|vcdb base vehicle|base vehicle|base vehicle id|basevehicle|basevehicleid"
    "|vcdb id|aces id"
)
CN_CODE = (
    "cn code|vehicle code|levelid|level id|liyang id|vid|nlevelid|车型编码|车型代码"
    "|车型id|力洋id|力洋码|车型码|销售车型id|精友编码|车辆编码"
)
POSITION = (
    "position|location|mounting position|fitting position|install position|side"
    "|placement|位置|安装位置|装配位置|部位|安装部位|使用部位|方位|装车位置|左右|前后"
)
QUANTITY = (
    "quantity|qty|per vehicle|quantity per vehicle|qty per vehicle|per car"
    "|qty per car|用量|单车用量|数量|每车用量|每车数量|装车数量|单车数量|装车用量"
)
CONDITION = (
    "condition|conditions|note|notes|remark|remarks|comment|comments|restriction"
    "|restrictions|qualifier|qualifiers|criteria|条件|备注|说明|限制|限制条件"
    "|适用条件|适用说明|注意事项|附注|注释|车型备注|车型说明|配置|补充说明"
)
NAME = (
    "name|product name|part name|item name|description|product description"
    "|part description|item description|title|product|article name|名称|产品名称"
    "|商品名称|配件名称|零件名称|品名|物料名称|中文名称|中文品名|存货名称|配件名"
    "|产品名|零件名|物料描述|货品名称|商品名"
)
GRADE = (
    "grade|quality|quality grade|quality level|品质|质量等级|等级|品级|品质等级|件别"
    "|配件性质|配件等级|品质类型|质量"
)
BARCODE = (
    "barcode|ean|ean13|ean code|gtin|upc|条码|条形码|产品条码|商品条码|国际条码|69码"
)
CATEGORY = (
    "category|product category|product group|group|part group|product line|part type"
    "|类别|分类|产品分类|产品类别|商品分类|品类|配件分类|商品类别|配件类别|存货分类"
    "|类目"
)
SALE = (
    "sales price|sale price|selling price|list price|retail price|price|unit price"
    "|rrp|售价|销售价|销售价格|零售价|标价|单价|价格|建议零售价|含税售价|出货价"
    "|批发价|面价|挂牌价|指导价|销售单价"
)
COST = (
    "cost|purchase price|buying price|vendor price|supplier price|net price"
    "|cost price|dealer price|price net|purchase cost|进价|采购价|采购价格|进货价"
    "|供货价|供应价|成本价|成本|供价|结算价|采购单价|进货单价|含税进价|底价"
    "|供应商价格|协议价|含税单价|未税单价|不含税单价|含税价|未税价|不含税价|到货价"
)
VENDOR = (
    "vendor|supplier|vendor name|supplier name|供应商|供货商|供应商名称|供方|供货单位"
    "|厂家名称"
)
VENDOR_CODE = (
    "vendor code|supplier code|vendor product code|supplier product code"
    "|vendor part number|supplier part number|vendor part no|supplier part no"
    "|supplier item|供应商编码|供应商货号|供应商产品编码|供应商料号|供应商件号"
    "|供应商零件号|厂家货号|对方编码"
)
VENDOR_NAME = (
    "vendor product name|supplier product name|supplier description|供应商品名"
    "|供应商产品名称"
)
CURRENCY = "currency|curr|currency code|币种|货币|币别|结算币种"
MIN_QTY = (
    "minimum quantity|min qty|moq|min order quantity|minimum order quantity"
    "|from quantity|起订量|最小起订量|最小订量|最小订货量|起批量|最低起订量|起订数量"
)
UNIT = (
    "unit|uom|unit of measure|units|purchase unit|sales unit|price unit|单位|计量单位"
    "|采购单位|销售单位|计价单位|包装单位"
)
DELAY = (
    "lead time|delivery time|delay|lead days|delivery days|lead time days|交期|交货期"
    "|货期|交货天数|供货周期|到货周期|采购周期|订货周期"
)
DISCOUNT = "discount|rebate|折扣|折扣率|让利"
DATE_FROM = (
    "valid from|start date|date from|effective date|生效日期|开始日期|起始日期"
    "|有效期起|执行日期"
)
DATE_TO = (
    "valid to|valid until|end date|date to|expiry date|失效日期|结束日期|截止日期"
    "|有效期止|有效期至"
)
WEIGHT = "weight|net weight|weight kg|gross weight|重量|净重|毛重|单重"
WARRANTY_MONTHS = (
    "warranty|warranty months|guarantee months|质保|质保期|保修期|质保月数|保修月数"
    "|保质期"
)
WARRANTY_KM = "warranty km|guarantee km|质保公里|质保里程|保修里程|质保公里数"
STOCK_CLASS = "stock class|stocking class|库存分类|备货类别|库存类别"
OLD = (
    "old number|old no|old part number|old part no|superseded number|from number"
    "|previous number|replaced number|old oe|original number|superseded part number"
    "|旧号|旧件号|旧号码|旧零件号|原号|老号|老件号|被替换号|被替代号|旧oe号|旧oe"
    "|replaces|supersedes|原件号|替换前|换号前|原零件号|旧编码|变更前|停用号"
)
NEW = (
    "new number|new no|new part number|new part no|superseding number|superseded by"
    "|replaced by|replacement|replacement number|successor|to number|new oe|新号"
    "|新件号|新号码|新零件号|替换号|替代号|现号|新oe号|新oe|替换件号|替代件号|替换后"
    "|换号后|换号|现零件号|新编码|变更后|启用号|替换件"
)
DATE = (
    "date|since|effective date|supersession date|changed on|日期|替换日期|生效日期"
    "|变更日期|换号日期|启用日期"
)
MODE = "mode|type|relation|supersession type|替换方式|替换类型|关系|替换关系|类型|方式"
TWO_WAY = (
    "two way|both ways|interchangeable|双向|双向替换|可互换|是否互换|互换|是否双向"
)
RATIO = "ratio|factor|quantity ratio|比例|替换比例|数量比|换算比例|替换数量"
NUMBER_KIND = "kind|number kind|number type|号码类型|号码种类|类型"
MAKE_GROUP = "make group|group of makes|group|集团|汽车集团|品牌集团|所属集团"
PART_BRAND = "part brand|parts brand|product brand|配件品牌|产品品牌|商品品牌"
NUMBER_BRAND = "number brand|brand of number|号码品牌|号码所属品牌|号码厂家"

# kind: meaning: (strong names, weak names), most wanted first
NAMES = {
    "product": {
        "part": (PART, OTHER_NUMBER),
        "name": (NAME, ""),
        "brand": (BRAND, ""),
        "grade": (GRADE, ""),
        "barcode": (BARCODE, ""),
        "category": (CATEGORY, ""),
        "list_price": (SALE, ""),
        "weight": (WEIGHT, ""),
        "warranty_months": (WARRANTY_MONTHS, ""),
        "warranty_km": (WARRANTY_KM, ""),
        "stock_class": (STOCK_CLASS, ""),
    },
    "number": {
        "part": (PART, OTHER_NUMBER),
        "number": (OE + "|" + CROSS, OTHER_NUMBER),
        "kind": (NUMBER_KIND, ""),
        "make": (MAKE, BRAND),
        "group": (MAKE_GROUP, ""),
        "brand": (NUMBER_BRAND, ""),
        "part_brand": (
            PART_BRAND,
            "",
        ),
        "barcode": (BARCODE, ""),
    },
    "supersession": {
        "old_number": (OLD, OE + "|" + OTHER_NUMBER + "|from"),
        "new_number": (NEW, CROSS + "|to"),
        "make": (MAKE, BRAND),
        "group": (MAKE_GROUP, ""),
        "brand": (NUMBER_BRAND + "|part brand|配件品牌|产品品牌", ""),
        "date": (DATE, ""),
        "mode": (MODE, ""),
        "two_way": (TWO_WAY, ""),
        "ratio": (RATIO, ""),
    },
    "vehicle": {
        "make": (MAKE, BRAND),
        "model": (MODEL, "车型|vehicle|car|name|名称"),
        "generation": (GENERATION, ""),
        "years": (YEARS, ""),
        "year_from": (YEAR_FROM, ""),
        "year_to": (YEAR_TO, ""),
        "engine": (ENGINE, ""),
        "engine_code": (ENGINE_CODE, ""),
        "displacement": (DISPLACEMENT, ""),
        "fuel": (FUEL, ""),
        "power_kw": (POWER, ""),
        "drive": (DRIVE, ""),
        "body": (BODY, ""),
        "ktype": (KTYPE, ""),
        "vcdb_base_vehicle": (VCDB, ""),
        "cn_code": (CN_CODE, ""),
    },
    "fitment": {
        "part": (PART, OTHER_NUMBER),
        "number": (OE, CROSS),
        "barcode": (BARCODE, ""),
        "part_brand": (
            PART_BRAND,
            "",
        ),
        "make": (MAKE, BRAND),
        "model": (MODEL, ""),
        "vehicle": (VEHICLE, ""),
        "generation": (GENERATION, ""),
        "years": (YEARS, ""),
        "year_from": (YEAR_FROM, ""),
        "year_to": (YEAR_TO, ""),
        "engine": (ENGINE, ""),
        "engine_code": (ENGINE_CODE, ""),
        "displacement": (DISPLACEMENT, ""),
        "fuel": (FUEL, ""),
        "ktype": (KTYPE, ""),
        "vcdb_base_vehicle": (VCDB, ""),
        "cn_code": (CN_CODE, ""),
        "position": (POSITION, ""),
        "quantity": (QUANTITY, ""),
        "condition": (CONDITION, ""),
        "chassis_from": (CHASSIS_FROM, ""),
        "chassis_to": (CHASSIS_TO, ""),
    },
    "price": {
        "part": (PART, OTHER_NUMBER),
        "number": (OE, CROSS),
        "barcode": (BARCODE, ""),
        "part_brand": (BRAND, ""),
        "price": (COST, "price|unit price|单价|价格"),
        "list_price": (
            SALE.replace("|price|unit price", "").replace("|单价|价格", ""),
            "",
        ),
        "vendor": (VENDOR, ""),
        "vendor_code": (VENDOR_CODE, ""),
        "vendor_name": (VENDOR_NAME, ""),
        "currency": (CURRENCY, ""),
        "min_qty": (MIN_QTY, QUANTITY),
        "uom": (UNIT, ""),
        "delay": (DELAY, ""),
        "discount": (DISCOUNT, ""),
        "date_start": (DATE_FROM, ""),
        "date_end": (DATE_TO, ""),
    },
}
# Meanings that several columns may have: OE号1, OE号2
SEVERAL = {
    "number": {"number"},
    "supersession": {"new_number"},
    "fitment": {"vehicle", "condition"},
}
# Each of these sets needs one of its members
NEEDED = {
    "product": ({"part", "barcode"},),
    "number": ({"part", "barcode"}, {"number"}),
    "supersession": ({"old_number"}, {"new_number"}),
    "vehicle": ({"make"}, {"model"}),
    "fitment": (
        {"part", "number", "barcode"},
        {"model", "vehicle", "ktype", "vcdb_base_vehicle", "cn_code"},
    ),
    "price": ({"part", "number", "barcode"}, {"price", "list_price"}),
}


def name_key(text):
    """Return letters, digits and Han characters of a column's name, folded."""
    folded = unicodedata.normalize("NFKC", text or "").casefold()
    return "".join(char for char in folded if char.isalnum())


def _index(kind):
    """Return strong and weak names: dicts of a key to the meanings it may have."""
    strong, weak = {}, {}
    for meaning, names in NAMES[kind].items():
        for index, text in zip((strong, weak), names, strict=True):
            for name in filter(None, text.split("|")):
                index.setdefault(name_key(name), []).append(meaning)
        if meaning not in VAGUE:
            strong.setdefault(name_key(meaning), []).append(meaning)
    return strong, weak


# Our own names of meanings that a supplier's column may have for something else
VAGUE = {"part", "brand", "group"}
INDEXES = {kind: _index(kind) for kind in NAMES}


def spellings(header):
    """Yield the keys under which a header may be known, the most telling first.

    The whole, without remarks in brackets, its parts where two languages or several
    words stand together, what stands in the brackets, each also without a count.
    """
    header = unicodedata.normalize("NFKC", (header or "")[:LONGEST_NAME])
    bare = BRACKETS.sub(" ", header)
    pieces = [header, bare]
    if "#" in bare:
        pieces.append(bare.replace("#", " no "))
    pieces += PARTING.split(bare)
    pieces += BETWEEN_SCRIPTS.split(bare)
    pieces += INSIDE.findall(header)
    seen = set()
    for piece in pieces:
        key = name_key(piece)
        for spelling in (key, COUNTED.sub("", key)):
            if spelling and spelling not in seen:
                seen.add(spelling)
                yield spelling


def recognise(headers, kind):
    """Return what each column means.

    :param headers: the names as they stand in the file
    :param str kind: a key of :data:`NAMES`
    :return: list of a meaning or an empty string for each column; never the same
        meaning twice unless it may have several columns
    """
    strong, weak = INDEXES[kind]
    several = SEVERAL.get(kind, ())
    found = [_first(header, strong) for header in headers]
    found = _without_doubles(found, headers, several)
    taken = set(filter(None, found))
    needed = {m for choice in NEEDED[kind] if not choice & taken for m in choice}
    for wanted in (needed, NAMES[kind]):
        for place, header in enumerate(headers):
            meaning = not found[place] and _first(header, weak, wanted, taken)
            if meaning:
                found[place] = meaning
                taken.add(meaning)
                if wanted is needed:
                    needed -= _choice_of(meaning, kind)
    return found


def _first(header, index, wanted=None, taken=()):
    """Return the first meaning of a header that is wanted and not taken, or ""."""
    for spelling in spellings(header):
        for meaning in index.get(spelling, ()):
            if meaning not in taken and (wanted is None or meaning in wanted):
                return meaning
    return ""


def _choice_of(meaning, kind):
    return {m for choice in NEEDED[kind] if meaning in choice for m in choice}


def _without_doubles(found, headers, several):
    """Keep of two columns of one meaning the first, unless both have one name: then
    nobody can tell, and neither is taken."""
    result = list(found)
    for meaning in set(filter(None, found)) - set(several):
        places = [place for place, value in enumerate(found) if value == meaning]
        if len(places) < 2:
            continue
        keys = {name_key(headers[place]) for place in places}
        for place in places if len(keys) == 1 else places[1:]:
            result[place] = ""
    return result


def doubles(headers, kind):
    """Return the names that stand over several columns of one single meaning."""
    strong, _weak = INDEXES[kind]
    several = SEVERAL.get(kind, ())
    names, doubled = {}, []
    for header in headers:
        meaning = _first(header, strong)
        key = name_key(header)
        if meaning and meaning not in several:
            if (meaning, key) in names:
                doubled.append(header)
            names[meaning, key] = header
    return doubled


def missing(meanings, kind):
    """Return the sets of meanings of which one is needed, and none is there."""
    return [choice for choice in NEEDED[kind] if not choice & set(meanings)]


def score(cells, kind):
    """Return how well a row does as the names of columns: its recognised ones."""
    strong, weak = INDEXES[kind]
    texts = [cell for cell in cells if cell and len(cell) < LONGEST_NAME]
    return sum(2 if _first(t, strong) else bool(_first(t, weak)) for t in texts)
