"""What a contract's paper calls things, in Chinese and in English.

The paper is in the languages that the contract is in, whoever prints it: these words
belong to it, not to the reader's screen.
"""

LABELS = {
    "single": ("汽车配件买卖合同", "Contract for the Sale of Parts"),
    "framework": ("汽车配件供货框架合同", "Framework Contract for Parts"),
    "number": ("合同编号", "Contract no."),
    "version": ("版本", "Version"),
    "seller": ("卖方", "Seller"),
    "buyer": ("买方", "Buyer"),
    "address": ("地址", "Address"),
    "phone": ("电话", "Phone"),
    "tax_number": ("统一社会信用代码", "Tax number"),
    "term": ("合同期限", "Term"),
    "list": ("货物清单", "List of Goods"),
    "prices": ("价目及折扣", "Prices and Discounts"),
    "position": ("序号", "No."),
    "part": ("配件", "Part"),
    "quantity": ("数量", "Quantity"),
    "from_quantity": ("起订量", "From"),
    "unit": ("单位", "Unit"),
    "price": ("单价", "Unit price"),
    "discount": ("折扣", "Discount"),
    "delivery": ("交货日期", "Delivery"),
    "amount": ("金额（含税）", "Amount incl. tax"),
    "untaxed": ("不含税合计", "Untaxed"),
    "total": ("合计（含税）", "Total incl. tax"),
    "volume": ("预计总额（含税）", "Expected volume incl. tax"),
    "words": ("大写", "In words"),
    "plan": ("付款计划", "Payment Plan"),
    "signatory": ("签字人", "Signatory"),
    "signature": ("签字", "Signature"),
    "seal": ("盖章", "Seal"),
    "date": ("日期", "Date"),
    "not_signed": ("尚未签署", "Not signed yet"),
    "fingerprint": ("文本指纹", "Fingerprint of the text"),
    "draft": ("草稿——不具约束力", "Draft – not binding"),
    "off": ("优惠", "off"),
    "amends": (
        "本合同为第{number}版，经双方签署生效后取代以前的版本。",
        "This is version {number}; once both parties have signed it, it replaces the"
        " versions before.",
    ),
}


def label(key, languages):
    """Return the paper's word for ``key``, in each of ``languages`` in turn.

    :param str key: of ``LABELS``
    :param languages: ``zh``, ``en`` or both
    """
    zh, en = LABELS[key]
    return " ".join({"zh": zh, "en": en}[language] for language in languages)
