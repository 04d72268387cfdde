"""Amounts as a contract writes them out: in Chinese capitals and in English words.

Odoo's own ``res.currency.amount_to_text`` needs a library that may be missing and
knows no Chinese capitals, which are what binds on a Chinese paper.
"""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES_OF_A_GROUP = ("", "拾", "佰", "仟")
# After the decimal point, from the left
SMALL_UNITS = ("角", "分", "厘")
# How a paper in Chinese names a currency before the capitals; others by their code
CHINESE_CURRENCIES = {
    "AUD": "澳元",
    "CAD": "加元",
    "CHF": "瑞士法郎",
    "CNY": "人民币",
    "EUR": "欧元",
    "GBP": "英镑",
    "HKD": "港币",
    "JPY": "日元",
    "KRW": "韩元",
    "MOP": "澳门元",
    "MYR": "林吉特",
    "NZD": "新西兰元",
    "RUB": "卢布",
    "SGD": "新加坡元",
    "THB": "泰铢",
    "TWD": "新台币",
    "USD": "美元",
    "VND": "越南盾",
}

ONES = (
    "Zero One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve Thirteen"
    " Fourteen Fifteen Sixteen Seventeen Eighteen Nineteen"
).split()
TENS = ". . Twenty Thirty Forty Fifty Sixty Seventy Eighty Ninety".split()
THOUSANDS = (
    "",
    "Thousand",
    "Million",
    "Billion",
    "Trillion",
    "Quadrillion",
    "Quintillion",
)
# Beyond it English runs out of names here, and floats of digits long before
LIMIT = Decimal(10) ** 18


def in_chinese_capitals(amount, currency="CNY", places=2):
    """Return ``amount`` in Chinese capitals (大写), headed by the currency's name.

    Written as the rules for bills want it: one 零 for any run of zeros between two
    digits, 零 after 元 where its last digit or the one after it is zero and something
    follows, 整 after a full 元, none after 角 or 分.

    :param amount: Decimal, int, text or float; a float is read as it is printed
    :param str currency: ISO code
    :param int places: decimal places of the currency, 0 to 3; the amount is rounded
        half up to them
    :raises ValueError: for what is no number, or as large as 10^18
    """
    negative, whole, small = _split(amount, places)
    text = CHINESE_CURRENCIES.get(currency, currency)
    if negative:
        text += "负"
    if whole or not any(small):
        text += f"{_chinese_whole(whole)}元"
    if not any(small):
        return f"{text}整"
    # 1,680.32 = 壹仟陆佰捌拾元零叁角贰分, 325.04 = 叁佰贰拾伍元零肆分
    zero = bool(whole) and (whole % 10 == 0 or not small[0])
    for digit, unit in zip(small, SMALL_UNITS, strict=False):
        if digit:
            text += f"{'零' if zero else ''}{DIGITS[digit]}{unit}"
            zero = False
        else:
            zero = zero or text[-1] in SMALL_UNITS
    return text


def in_english_words(amount, unit="", subunit="", places=2):
    """Return ``amount`` in English words, such as *One Hundred Yuan and Five Fen Only*.

    :param amount: as above
    :param str unit: name of the currency's unit, in the plural
    :param str subunit: name of its hundredth (or as ``places`` says)
    :param int places: decimal places of the currency
    :raises ValueError: as above
    """
    negative, whole, small = _split(amount, places)
    words = ["Minus"] if negative else []
    words += [_english_whole(whole), unit]
    if any(small):
        part = int("".join(map(str, small)))
        name = subunit or f"/{10**places}"
        words += ["and", _english_whole(part) if subunit else f"{part}{name}", subunit]
    return " ".join(word for word in [*words, "Only"] if word)


def _split(amount, places):
    """Return (negative, whole units, digits after the point) of a rounded amount."""
    try:
        number = Decimal(str(amount))
    except InvalidOperation:
        raise ValueError(f"{amount!r} is no amount") from None
    if not number.is_finite() or abs(number) >= LIMIT:
        raise ValueError(f"{amount!r} is no amount that can be written out")
    if not 0 <= places <= len(SMALL_UNITS):
        raise ValueError(f"{places} decimal places cannot be written out")
    scaled = int((number * 10**places).to_integral_value(ROUND_HALF_UP))
    whole, rest = divmod(abs(scaled), 10**places)
    small = [int(digit) for digit in f"{rest:0{places}d}"] if places else []
    return scaled < 0, whole, small


def _chinese_whole(number):
    """Return a whole number in capitals, without unit."""
    if not number:
        return DIGITS[0]
    for size, unit in ((10**8, "亿"), (10**4, "万")):
        high, low = divmod(number, size)
        if high:
            text = f"{_chinese_whole(high)}{unit}"
            if not low:
                return text
            # 1,0500 = 壹万零伍佰, 10,7000 = 壹拾万柒仟
            gap = "零" if low < size // 10 else ""
            return f"{text}{gap}{_chinese_whole(low)}"
    return _chinese_group(number)


def _chinese_group(number):
    """Return a number of at most four digits in capitals."""
    text = ""
    zero = False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            text += f"{'零' if zero else ''}{DIGITS[digit]}{PLACES_OF_A_GROUP[place]}"
        # Zeros in front count for nothing: who calls sets the gap
        zero = bool(text) and not digit
    return text


def _english_whole(number):
    if number < 1000:
        return _english_hundreds(number)
    words = []
    for name in THOUSANDS:
        number, group = divmod(number, 1000)
        if group:
            words.insert(0, f"{_english_hundreds(group)} {name}".strip())
        if not number:
            break
    return " ".join(words)


def _english_hundreds(number):
    hundreds, rest = divmod(number, 100)
    words = [f"{ONES[hundreds]} Hundred"] if hundreds else []
    if rest >= 20:
        tens = TENS[rest // 10]
        words.append(f"{tens}-{ONES[rest % 10]}" if rest % 10 else tens)
    elif rest or not hundreds:
        words.append(ONES[rest])
    return " ".join(words)
