"""Prints `docs/requests.md` from the table: `python -m comity.consultations.requests.document > docs/requests.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from comity.consultations.requests.acts import TABLE, Rule
from comity.consultations.requests.labels import LABELS
from comity.consultations.requests.terms import STATUS_ARTICLES, Status
from comity.consultations.terms import SIDE_LABELS, Side

_RULES = {
    Rule.CONSULTATION_OFFERED: "a consultation was offered (18(26), 16(16))",
    Rule.REASONS: "reasons (18(23))",
    Rule.GROUNDS: "a ground, not bank secrecy or fiscal matters alone (18(8), 18(22), 16(15))",
    Rule.WRITTEN: "an oral request is confirmed in writing (18(14))",
    Rule.CONDITIONS_AGREED: "every condition is accepted or taken back (18(26))",
    Rule.AUTHORITY_NAMED: "the competent authority is named (18(13))",
}


def document() -> str:
    """The page, in Markdown."""
    return "\n".join([*_lines(), ""])


def _lines() -> Iterator[str]:
    yield "# The life of a request"
    yield ""
    yield "Printed by `python -m comity.consultations.requests.document` from the table that decides. Articles are"
    yield "those of UNTOC; for extradition 16(16) takes the place of 18(26)."
    yield ""
    yield "| step | by | follows | leads to | article | asks for |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for step in TABLE:
        to = LABELS[step.to] if step.to else "stays"
        asks = "; ".join(_RULES[rule] for rule in step.rules)
        yield f"| {step.label} | {_sides(step.by)} | {_statuses(step.after)} | {to} | {step.article} | {asks} |"
    yield ""
    yield "| status | article |"
    yield "| --- | --- |"
    for status in Status:
        yield f"| {LABELS[status]} | {STATUS_ARTICLES.get(status, '')} |"


def _sides(sides: Iterable[Side]) -> str:
    found = [SIDE_LABELS[side].lower() for side in Side if side in frozenset(sides)]
    return " or ".join(found)


def _statuses(statuses: Iterable[Status]) -> str:
    wanted = frozenset(statuses)
    return ", ".join(LABELS[status].lower() for status in Status if status in wanted)


if __name__ == "__main__":
    sys.stdout.write(document())
