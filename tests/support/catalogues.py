"""Gather the texts of the sources into the catalogues, and check that every text is there in six languages.

`python -m tests.support.catalogues gather|check`
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

from comity.core.i18n import CATALOGUES, LANGUAGES

ROOT = Path(__file__).parents[2]
SOURCES = ("platform/comity", "realtime/comity", "calendar/comity")
KEYWORDS = ("N_", "_", "gettext", "ngettext:1,2", "lazy_gettext", "pgettext:1c,2")
MAPPING = "[python: **.py]\n[jinja2: **/templates/**.html]\n"
_PARAMETER = re.compile(r"%\((\w+)\)[sd]")


def extract() -> polib.POFile:
    """All texts of the sources."""
    with tempfile.TemporaryDirectory() as folder:
        mapping, template = Path(folder, "mapping"), Path(folder, "messages.pot")
        mapping.write_text(MAPPING)
        keywords = [word for keyword in KEYWORDS for word in ("-k", keyword)]
        command = [
            sys.executable,
            "-m",
            "babel.messages.frontend",
            "-q",
            "extract",
            "-F",
            str(mapping),
            "--no-location",
            "--no-wrap",
            *keywords,
        ]
        subprocess.run([*command, "-o", str(template), *SOURCES], cwd=ROOT, check=True)
        return polib.pofile(str(template), wrapwidth=0)


def catalogue_path(language: str) -> Path:
    return CATALOGUES / language / "LC_MESSAGES" / "messages.po"


def gather() -> None:
    """Bring each catalogue up to the sources: new texts empty, texts that are gone removed."""
    template = extract()
    for language in LANGUAGES:
        if language == "en":
            continue
        path = catalogue_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        known = {(e.msgctxt, e.msgid): e for e in polib.pofile(str(path))} if path.exists() else {}
        fresh = polib.POFile(wrapwidth=0)
        fresh.metadata = {
            "Language": language,
            "Content-Type": "text/plain; charset=utf-8",
            "Content-Transfer-Encoding": "8bit",
            "MIME-Version": "1.0",
            "Plural-Forms": _PLURALS[language],
        }
        for entry in sorted(template, key=lambda e: (e.msgid.casefold(), e.msgid)):
            old = known.get((entry.msgctxt, entry.msgid))
            kept = old if old and bool(old.msgid_plural) == bool(entry.msgid_plural) else None
            made = polib.POEntry(msgid=entry.msgid, msgctxt=entry.msgctxt, msgid_plural=entry.msgid_plural)
            made.flags = [flag for flag in entry.flags if flag == "python-format"]
            if entry.msgid_plural:
                empty = dict.fromkeys(range(_forms(language)), "")
                made.msgstr_plural = dict(kept.msgstr_plural) if kept else empty
            else:
                made.msgstr = kept.msgstr if kept else ""
            fresh.append(made)
        fresh.save(str(path))


def faults() -> list[str]:
    """What is wrong: missing texts, texts nobody uses, parameters that differ."""
    template = {(e.msgctxt, e.msgid): e for e in extract()}
    found = []
    for language in LANGUAGES:
        if language == "en":
            continue
        path = catalogue_path(language)
        entries = {(e.msgctxt, e.msgid): e for e in polib.pofile(str(path))} if path.exists() else {}
        found += [f"{language}: not in the catalogue: {key[1]!r}" for key in template.keys() - entries.keys()]
        found += [f"{language}: no longer used: {key[1]!r}" for key in entries.keys() - template.keys()]
        for key, entry in entries.items():
            found += [f"{language}: {fault}: {key[1]!r}" for fault in _entry_faults(entry, language)]
    return sorted(found)


def _entry_faults(entry: polib.POEntry, language: str) -> list[str]:
    if entry.fuzzy:
        return ["marked fuzzy"]
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if not all(texts) or (entry.msgid_plural and len(texts) != _forms(language)):
        return ["not translated"]
    wanted = set(_PARAMETER.findall(entry.msgid)) | set(_PARAMETER.findall(entry.msgid_plural or ""))
    known = [set(_PARAMETER.findall(text)) for text in texts]
    if any(names - wanted for names in known) or (not entry.msgid_plural and known[0] != wanted):
        return ["parameters differ"]
    return []


_PLURALS = {
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
    "zh": "nplurals=1; plural=0;",
    "fr": "nplurals=2; plural=(n > 1);",
    "ru": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
    "es": "nplurals=2; plural=(n != 1);",
}


def _forms(language: str) -> int:
    return int(_PLURALS[language][len("nplurals=")])


if __name__ == "__main__":
    if sys.argv[1:] == ["gather"]:
        gather()
    elif problems := faults():
        print("\n".join(problems))
        sys.exit(f"{len(problems)} faults in the catalogues: `make translations` gathers new texts")
    else:
        print("Every text is there in six languages.")
