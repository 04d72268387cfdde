"""The translations against the template: python -m tools.checks.translations merge."""

import re
import sys
from pathlib import Path

import polib

LANGUAGE = "zh_CN"
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[#0 +-]*\d*(?:\.\d+)?[sdifr]|\{\w*\}|%%")


def merge(template, folder, addon):
    """Write template and translation anew; keep every translation that still counts."""
    new = polib.pofile(str(template))
    pot = folder / f"{addon}.pot"
    po = folder / f"{LANGUAGE}.po"
    folder.mkdir(exist_ok=True)
    if not pot.exists() or entries_of(polib.pofile(str(pot))) != entries_of(new):
        pot.write_text(template.read_text(encoding="utf-8"), encoding="utf-8")
    known = translations_in(polib.pofile(str(po))) if po.exists() else {}
    merged = polib.pofile(str(template))
    merged.metadata.update(
        {"Language": LANGUAGE, "Language-Team": "", "Plural-Forms": ""}
    )
    for entry in merged:
        entry.msgstr = known.get((entry.msgctxt, entry.msgid), "")
    if po.exists():
        old = polib.pofile(str(po))
        merged.metadata = old.metadata
        if entries_of(old) == entries_of(merged):
            return problems(merged, new)
    po.write_text(f"{merged}\n", encoding="utf-8")
    return problems(merged, new)


def check(template, folder, addon):
    """Return what keeps template and translation from being complete."""
    new = polib.pofile(str(template))
    pot, po = folder / f"{addon}.pot", folder / f"{LANGUAGE}.po"
    missing = [path.name for path in (pot, po) if not path.exists()]
    if missing:
        return [f"{name} is missing: run `make i18n`" for name in missing]
    if ids_of(polib.pofile(str(pot))) != ids_of(new):
        return [f"{pot.name} does not fit the sources any more: run `make i18n`"]
    return problems(polib.pofile(str(po)), new)


def problems(translation, template):
    """Return one line for each entry that is not translated as it should be."""
    lines = []
    entries = {(e.msgctxt, e.msgid): e for e in translation if not e.obsolete}
    for key in ids_of(template) - entries.keys():
        lines.append(f"missing: {key[1]!r}")
    for key in entries.keys() - ids_of(template):
        lines.append(f"not in the sources any more: {key[1]!r}")
    for (_context, text), entry in entries.items():
        if entry.fuzzy:
            lines.append(f"fuzzy: {text!r}")
        elif not entry.msgstr:
            lines.append(f"untranslated: {text!r}")
        elif placeholders(text) != placeholders(entry.msgstr):
            lines.append(f"other placeholders: {text!r} -> {entry.msgstr!r}")
    return sorted(lines)


def placeholders(text):
    return sorted(PLACEHOLDER.findall(text))


def translations_in(translation):
    return {(e.msgctxt, e.msgid): e.msgstr for e in translation if not e.fuzzy}


def ids_of(file):
    return {(entry.msgctxt, entry.msgid) for entry in file if not entry.obsolete}


def entries_of(file):
    """Return all that matters of a file: not its header with its dates."""
    return [str(entry) for entry in file]


def main():
    action, template, folder, addon = sys.argv[1:]
    work = {"merge": merge, "check": check}[action]
    lines = work(Path(template), Path(folder), addon)
    for line in lines:
        print(f"{LANGUAGE}: {line}")
    if action == "check":
        sys.exit(bool(lines))
    if not lines:
        print(f"{LANGUAGE} is complete.")


if __name__ == "__main__":
    main()
