"""The form for an entry: one's own at /account/entry, a colleague's for the focal point of the authority."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from comity.core.errors import Invalid, NotFound
from comity.core.web import access, actor, now, reading, signed_in, writing
from comity.directory import choosing, own_entry
from comity.directory.own_entry import MOST_DETAILS, MOST_LANGUAGES, TypedDetail, TypedEntry
from comity.directory.people_views import problems
from comity.directory.readers import reader
from comity.directory.record import Practitioner
from comity.directory.vocabulary import DetailKind, LanguageLevel, Speciality, Visibility
from comity.people.preferences import zone_choices

blueprint = Blueprint("entry", __name__, template_folder="templates")
_LINES = ("name", "name_latin", "language", "title", "zone", "opens", "closes", "deputy")
Row = TypeVar("Row")
_SPARE = 2
"""Rows beyond those that are filled: what a form without script has to add with."""


@blueprint.get("/account/entry")
@access(signed_in)
def own() -> str:
    with reading() as session:
        public_id = own_entry.own_id(session, actor())
        if public_id is None:
            return render_template("directory/not_listed.html")
        return _form(session, public_id, _kept(own_entry.editable(session, actor(), public_id)))


@blueprint.post("/account/entry")
@access(signed_in)
def save_own() -> ResponseReturnValue:
    with reading() as session:
        public_id = own_entry.own_id(session, actor())
    if public_id is None:
        raise NotFound
    return _save(public_id)


@blueprint.get("/directory/people/<public_id>/edit")
@access(signed_in)
def edit(public_id: str) -> str:
    with reading() as session:
        return _form(session, public_id, _kept(own_entry.editable(session, actor(), public_id)))


@blueprint.post("/directory/people/<public_id>/edit")
@access(signed_in)
def save(public_id: str) -> ResponseReturnValue:
    return _save(public_id)


def _save(public_id: str) -> ResponseReturnValue:
    typed = _typed()
    try:
        with writing() as session:
            own_entry.save(session, actor(), now(), public_id, typed)
    except Invalid as problem:
        with reading() as session:
            return _form(session, public_id, typed, problem), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("Saved."), "success")
    return redirect(url_for("directory.people.page", public_id=public_id), HTTPStatus.SEE_OTHER)


def _typed() -> TypedEntry:
    form = request.form
    return TypedEntry(
        **{name: form.get(name, "") for name in _LINES},
        days="".join(sorted(form.getlist("days"))),
        languages=tuple(
            (form.get(f"language-{n}", ""), form.get(f"level-{n}", "")) for n in _numbers("language", MOST_LANGUAGES)
        ),
        specialities=tuple(form.getlist("specialities")),
        networks=tuple(form.getlist("networks")),
        details=tuple(
            TypedDetail(
                form.get(f"kind-{n}", ""),
                form.get(f"detail-{n}", ""),
                form.get(f"whose-{n}", "") == "post",
                form.get(f"visibility-{n}", ""),
            )
            for n in _numbers("detail", MOST_DETAILS)
        ),
    )


def _numbers(name: str, most: int) -> list[int]:
    """The rows of a list that the form sent."""
    return [number for number in range(1, most + 1) if f"{name}-{number}" in request.form]


def _kept(one: Practitioner) -> TypedEntry:
    return TypedEntry(
        name=one.name,
        name_latin=one.name_latin,
        language=one.language,
        title=one.title,
        languages=tuple(one.languages.items()),
        specialities=tuple(one.specialities),
        networks=tuple(network.code for network in one.networks),
        details=tuple(TypedDetail(d.kind.value, d.value, d.functional, d.visibility.value) for d in one.details),
        zone=one.zone or "",
        days=one.office_days or "",
        opens=f"{one.opens:%H:%M}" if one.opens else "",
        closes=f"{one.closes:%H:%M}" if one.closes else "",
        deputy=one.deputy.public_id if one.deputy else "",
    )


def _form(session: Session, public_id: str, typed: TypedEntry, problem: Invalid | None = None) -> str:
    one = own_entry.editable(session, actor(), public_id)
    language = reader().language
    return render_template(
        "directory/entry_form.html",
        typed=typed,
        public_id=public_id,
        is_self=one.account_id == actor().account_id,
        heading_name=one.name,
        language_rows=_filled(typed.languages, ("", LanguageLevel.WORKING.value), MOST_LANGUAGES, lambda row: row[0]),
        detail_rows=_filled(
            typed.details,
            TypedDetail(DetailKind.TELEPHONE.value, "", True, Visibility.MEMBERS.value),
            MOST_DETAILS,
            lambda row: row.value,
        ),
        languages=choosing.languages(language, [typed.language, *(code for code, _level in typed.languages)]),
        levels=choosing.terms(LanguageLevel),
        specialities=choosing.terms(Speciality),
        networks=[(network.code, network.name) for network in own_entry.networks_offered(session, one)],
        kinds=choosing.terms(DetailKind),
        visibilities=choosing.terms(Visibility),
        zones=zone_choices(language),
        weekdays=choosing.weekdays(language),
        deputies=[(other.public_id, other.name) for other in own_entry.colleagues(session, one)],
        problems=problems(problem),
    )


def _filled(rows: tuple[Row, ...], blank: Row, most: int, said: Callable[[Row], str]) -> list[Row]:
    """The rows as far as they say something, in their places, and a few more."""
    last = max((number for number, row in enumerate(rows, start=1) if said(row).strip()), default=0)
    return [*rows[:last], *[blank] * min(_SPARE, most - last)]
