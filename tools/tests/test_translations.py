import polib
import pytest

from tools.checks.translations import check, merge

ADDON = "auto_parts_sales"


def write(path, **entries):
    file = polib.POFile()
    file.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    for msgid, msgstr in entries.items():
        file.append(polib.POEntry(msgid=msgid.replace("_", " "), msgstr=msgstr))
    file.save(str(path))


@pytest.fixture
def template(tmp_path):
    path = tmp_path / "template.pot"
    write(path, Part="", Credit_file="")
    return path


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "i18n"


def translate(folder, **texts):
    path = folder / "zh_CN.po"
    file = polib.pofile(str(path))
    for msgid, msgstr in texts.items():
        file.find(msgid.replace("_", " ")).msgstr = msgstr
    file.save()


def test_a_complete_translation_passes(template, folder):
    merge(template, folder, ADDON)
    translate(folder, Part="配件", Credit_file="信用档案")
    assert check(template, folder, ADDON) == []


def test_what_lacks_is_listed(template, folder):
    merge(template, folder, ADDON)
    translate(folder, Part="配件")
    assert check(template, folder, ADDON) == ["untranslated: 'Credit file'"]


def test_a_new_term_keeps_the_old_translations(template, folder):
    merge(template, folder, ADDON)
    translate(folder, Part="配件", Credit_file="信用档案")
    write(template, Part="", Vehicle="")
    assert check(template, folder, ADDON) == [
        f"{ADDON}.pot does not fit the sources any more: run `make i18n`"
    ]
    assert merge(template, folder, ADDON) == ["untranslated: 'Vehicle'"]
    merged = polib.pofile(str(folder / "zh_CN.po"))
    assert {e.msgid: e.msgstr for e in merged} == {"Part": "配件", "Vehicle": ""}


def test_a_guess_does_not_count(template, folder):
    merge(template, folder, ADDON)
    translate(folder, Part="配件", Credit_file="信用档案")
    path = folder / "zh_CN.po"
    file = polib.pofile(str(path))
    file.find("Part").flags.append("fuzzy")
    file.save()
    assert check(template, folder, ADDON) == ["fuzzy: 'Part'"]


def test_placeholders_have_to_be_the_same(template, folder):
    file = polib.pofile(str(template))
    file.append(polib.POEntry(msgid="over by %(amount)s"))
    file.save()
    merge(template, folder, ADDON)
    texts = {"Part": "配件", "Credit_file": "信用档案"}
    translate(folder, **texts, **{"over by %(amount)s": "超出 %(金额)s"})
    [line] = check(template, folder, ADDON)
    assert line.startswith("other placeholders")


def test_missing_files_are_named(template, folder):
    assert len(check(template, folder, ADDON)) == 2


def test_merging_again_changes_nothing(template, folder):
    merge(template, folder, ADDON)
    before = [path.read_bytes() for path in sorted(folder.iterdir())]
    file = polib.pofile(str(template))
    file.metadata["POT-Creation-Date"] = "2030-01-01"
    file.save()
    merge(template, folder, ADDON)
    assert [path.read_bytes() for path in sorted(folder.iterdir())] == before
