"""Names of makes and models in any spelling, and what else they are called."""

import unicodedata
from functools import lru_cache

from .part_number import number_key

# What stands behind a make's name and says no more
_SUFFIXES = ("汽车有限公司", "汽车集团", "汽车", "轿车")

# One line for each make: the first name, then others that the trade uses. Joint
# ventures stand with the make whose badge their cars wear, if it is one only.
_MAKES = """
Acura|讴歌|阿库拉
Alfa Romeo|阿尔法罗密欧|爱快罗密欧|阿尔法·罗密欧
Aston Martin|阿斯顿马丁|阿斯顿·马丁
Audi|奥迪|一汽奥迪|上汽奥迪
BAIC|北汽|北京汽车
Baojun|宝骏|上汽通用五菱宝骏
Bentley|宾利
Bestune|奔腾|一汽奔腾|Besturn
BMW|宝马|华晨宝马|Bayerische Motoren Werke|Beamer
Brilliance|华晨|中华
Buick|别克|上汽通用别克|上海通用别克
BYD|比亚迪|BYD Auto|迪迪
Cadillac|凯迪拉克|卡迪拉克
Changan|长安|长安汽车|Chang'an
Chery|奇瑞
Chevrolet|雪佛兰|Chevy|上汽通用雪佛兰|上海通用雪佛兰
Chrysler|克莱斯勒
Citroën|雪铁龙|东风雪铁龙|Citroen
Dacia|达契亚
Daewoo|大宇
Daihatsu|大发
Datsun|达特桑
DFSK|东风小康|小康
Dodge|道奇
Dongfeng|东风|东风汽车|DFM
DS|谛艾仕|DS Automobiles
Exeed|星途
FAW|一汽|中国一汽
Ferrari|法拉利
Fiat|菲亚特|广汽菲亚特
Ford|福特|长安福特|江铃福特
Foton|福田|北汽福田
GAC|广汽
Geely|吉利|吉利汽车
Genesis|捷尼赛思
GMC|吉姆西|商务之星
Great Wall|长城|长城汽车|GWM
Haima|海马|一汽海马
Haval|哈弗|长城哈弗|哈佛
Hino|日野
Honda|本田|广汽本田|广州本田|东风本田|广本|东本
Hongqi|红旗|一汽红旗
Hummer|悍马
Hyundai|现代|北京现代|北现
Infiniti|英菲尼迪|东风英菲尼迪
Isuzu|五十铃|庆铃|江西五十铃
Iveco|依维柯|南京依维柯
JAC|江淮|江淮汽车
Jaguar|捷豹|美洲虎|积架
Jeep|吉普|广汽菲克Jeep
Jetour|捷途
Jetta|捷达
JMC|江铃|江铃汽车
Kia|起亚|东风悦达起亚|悦达起亚|起亚狮跑
Lada|拉达
Lamborghini|兰博基尼|林宝坚尼
Lancia|蓝旗亚
Land Rover|路虎|陆虎|奇瑞路虎|Landrover|Range Rover
Leapmotor|零跑
Lexus|雷克萨斯|凌志
Li Auto|理想|理想汽车|Lixiang
Lifan|力帆
Lincoln|林肯|长安林肯
Lotus|路特斯|莲花
Lynk & Co|领克|Lynk&Co|Lynk and Co
MAN|曼|曼恩
Maserati|玛莎拉蒂
Maxus|上汽大通|大通
Maybach|迈巴赫
Mazda|马自达|一汽马自达|长安马自达|万事得
McLaren|迈凯伦
Mercedes-Benz|奔驰|梅赛德斯-奔驰|梅赛德斯|北京奔驰|平治|Mercedes|Benz|MB|M-Benz
Mercury|水星
MG|名爵|上汽名爵
MINI|迷你|宝马MINI|宝马迷你|BMW MINI
Mitsubishi|三菱|广汽三菱|东南三菱
Neta|哪吒|哪吒汽车
NIO|蔚来|蔚来汽车
Nissan|日产|东风日产|尼桑|郑州日产
Opel|欧宝
ORA|欧拉|长城欧拉
Peugeot|标致|东风标致
Polestar|极星
Pontiac|庞蒂亚克
Porsche|保时捷|波尔舍
Proton|宝腾
Qoros|观致
Ram|公羊|道奇公羊
Renault|雷诺|东风雷诺
Roewe|荣威|上汽荣威
Rolls-Royce|劳斯莱斯|Rolls Royce
Rover|罗孚
Saab|萨博|绅宝
Scania|斯堪尼亚
SEAT|西雅特|西亚特
Seres|赛力斯
Shacman|陕汽|陕汽重卡
Sinotruk|中国重汽|重汽|Howo
Škoda|斯柯达|上汽斯柯达|上海大众斯柯达|Skoda
Smart|精灵|奔驰Smart
Soueast|东南|东南汽车
SsangYong|双龙|KG Mobility|Ssang Yong
Subaru|斯巴鲁|富士
Suzuki|铃木|长安铃木|昌河铃木
Tank|坦克|长城坦克
Tata|塔塔
Tesla|特斯拉
Toyota|丰田|一汽丰田|广汽丰田|广丰|一丰
Trumpchi|传祺|广汽传祺
Venucia|启辰|东风启辰
Volkswagen|大众|VW|一汽-大众|一汽大众|上汽大众|上海大众|南北大众|Volks|福斯
Volvo|沃尔沃|富豪
WEY|魏派|魏牌|长城魏派
Wuling|五菱|上汽通用五菱|五菱汽车
XPeng|小鹏|小鹏汽车|Xiaopeng
Zeekr|极氪
Zotye|众泰
"""

# As above, each line beginning with the make
_MODELS = """
Audi|A3|奥迪A3
Audi|A4|奥迪A4|A4L
Audi|A6|奥迪A6|A6L
Audi|Q5|奥迪Q5|Q5L
BMW|3 Series|3系|三系|3er
BMW|5 Series|5系|五系|5er
BMW|7 Series|7系|七系|7er
Buick|Excelle|凯越
Buick|Excelle GT|英朗
Buick|Regal|君威
Buick|LaCrosse|君越
Buick|GL8|别克GL8
Chevrolet|Cruze|科鲁兹
Chevrolet|Malibu|迈锐宝
Chevrolet|Sail|赛欧
Ford|Focus|福克斯
Ford|Mondeo|蒙迪欧
Ford|Fiesta|嘉年华
Ford|Kuga|翼虎
Ford|Transit|全顺
Honda|Accord|雅阁
Honda|Civic|思域
Honda|CR-V|CRV
Honda|City|锋范
Honda|Fit|飞度|Jazz
Honda|Odyssey|奥德赛
Hyundai|Elantra|伊兰特|朗动|领动|悦动
Hyundai|Sonata|索纳塔|名图
Hyundai|Tucson|途胜|ix35
Hyundai|Santa Fe|胜达
Kia|Sportage|智跑|狮跑
Kia|Optima|K5
Mazda|Mazda3|马自达3|昂克赛拉|Axela
Mazda|Mazda6|马自达6|阿特兹|Atenza|睿翼
Mercedes-Benz|C-Class|C级|C Class
Mercedes-Benz|E-Class|E级|E Class
Mercedes-Benz|S-Class|S级|S Class
Nissan|Sylphy|轩逸
Nissan|Teana|天籁|Altima
Nissan|Tiida|骐达
Nissan|X-Trail|奇骏|Xtrail|Rogue
Nissan|Qashqai|逍客
Škoda|Octavia|明锐
Škoda|Superb|速派|昊锐
Toyota|Camry|凯美瑞|佳美
Toyota|Corolla|卡罗拉|花冠
Toyota|Crown|皇冠
Toyota|Highlander|汉兰达
Toyota|Land Cruiser|兰德酷路泽|陆地巡洋舰|陆巡
Toyota|Prado|普拉多|霸道
Toyota|RAV4|荣放
Toyota|Reiz|锐志|Mark X
Toyota|Vios|威驰
Toyota|Yaris|雅力士|致炫
Volkswagen|Bora|宝来
Volkswagen|Golf|高尔夫
Volkswagen|Jetta|捷达
Volkswagen|Lavida|朗逸
Volkswagen|Magotan|迈腾
Volkswagen|Passat|帕萨特
Volkswagen|Polo|波罗
Volkswagen|Sagitar|速腾
Volkswagen|Santana|桑塔纳
Volkswagen|Tiguan|途观
Volkswagen|Touareg|途锐
Volkswagen|Touran|途安
"""


def name_key(text):
    """Return a name as it is compared: no case, accents, spaces, dashes or widths.

    :return: the key, empty if ``text`` holds neither letter nor digit
    """
    plain = unicodedata.normalize("NFKD", text or "")
    return number_key(
        "".join(char for char in plain if not unicodedata.combining(char))
    )


def name_keys(text):
    """Return the keys under which a typed name is looked up, the nearest first."""
    key = name_key(text)
    keys = [key] if key else []
    for suffix in _SUFFIXES:
        if key.endswith(suffix) and len(key) > len(suffix):
            keys.append(key.removesuffix(suffix))
            break
    return keys


def _group(lines, skip=0):
    """Return dict of (keys of the names skipped ..., key) to the names of its line."""
    names_of = {}
    for line in lines.strip().splitlines():
        before, names = line.split("|")[:skip], line.split("|")[skip:]
        for name in names:
            key = (*map(name_key, before), name_key(name))
            names_of.setdefault(key, names)
    return names_of


@lru_cache(maxsize=1)
def _usual_makes():
    return _group(_MAKES)


@lru_cache(maxsize=1)
def _usual_models():
    return _group(_MODELS, skip=1)


def get_usual_aliases(names, make_names=None):
    """Return what else a make, or a model of a make, is called.

    :param names: its own names, in any language
    :param make_names: the names of its make if it is a model; None: it is a make
    :return: list of names, none of which is among ``names`` in another spelling
    """
    own = {name_key(name) for name in names if name}
    if make_names is None:
        found = [_usual_makes().get((key,), ()) for key in own]
    else:
        first = {
            name_key(line[0])
            for name in make_names
            if name and (line := _usual_makes().get((name_key(name),)))
        }
        found = [_usual_models().get((make, key), ()) for make in first for key in own]
    aliases = {name_key(name): name for line in found for name in line}
    return [name for key, name in aliases.items() if key not in own]
