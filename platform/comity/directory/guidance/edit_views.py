"""The forms with which focal points and the secretariat keep what a State needs."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from comity.core.errors import Invalid
from comity.core.web import access, actor, now, reading, writing
from comity.directory import checks, choosing
from comity.directory.access import may_edit_some_guidance
from comity.directory.guidance import checking, editing, present, services
from comity.directory.guidance.checking import MOST_LANGUAGES, Typed, TypedLink
from comity.directory.guidance.rules import Requirement
from comity.directory.guidance.terms import Element, Form, Kind, LinkKind, Need, When
from comity.directory.guidance.words import label
from comity.directory.names import state_name
from comity.directory.people_views import problems
from comity.directory.readers import reader

blueprint = Blueprint("keep_guidance", __name__, url_prefix="/states/<iso2>/guidance", template_folder="../templates")


@blueprint.get("/edit")
@access(may_edit_some_guidance)
def overview(iso2: str) -> str:
    return _overview(iso2, TypedLink())


@blueprint.get("/requirements/new")
@access(may_edit_some_guidance)
def new(iso2: str) -> str:
    element = request.args.get("element", "")
    return _form(iso2, None, Typed(element=element))


@blueprint.post("/requirements/new")
@access(may_edit_some_guidance)
def create(iso2: str) -> ResponseReturnValue:
    return _save(iso2, None)


@blueprint.get("/requirements/<key>")
@access(may_edit_some_guidance)
def edit(iso2: str, key: str) -> str:
    with reading() as session:
        kept = editing.kept(session, actor(), iso2, key)
    return _form(iso2, key, _as_typed(kept))


@blueprint.post("/requirements/<key>")
@access(may_edit_some_guidance)
def save(iso2: str, key: str) -> ResponseReturnValue:
    return _save(iso2, key)


@blueprint.post("/requirements/<key>/move")
@access(may_edit_some_guidance)
def move(iso2: str, key: str) -> ResponseReturnValue:
    with writing() as session:
        editing.move(session, actor(), now(), iso2, key, up=request.form.get("direction") == "up")
    return redirect(url_for(".overview", iso2=iso2, _anchor=f"requirement-{key}"), HTTPStatus.SEE_OTHER)


@blueprint.post("/requirements/<key>/remove")
@access(may_edit_some_guidance)
def remove(iso2: str, key: str) -> ResponseReturnValue:
    with writing() as session:
        editing.remove(session, actor(), now(), iso2, key)
    return _back(iso2)


@blueprint.get("/text")
@access(may_edit_some_guidance)
def text(iso2: str) -> str:
    """The form of the text: `?language=th`; without one, for a new language. `beside`: a version to translate from."""
    with reading() as session:
        code = editing.editable(session, actor(), iso2)
        found = services.guidance(session, actor(), code)
    language = request.args.get("language", "")
    return _text_form(found, language, found.texts.get(language, ""))


@blueprint.post("/text")
@access(may_edit_some_guidance)
def save_text(iso2: str) -> ResponseReturnValue:
    language, body = request.form.get("language", ""), request.form.get("body", "")
    problem = None
    try:
        if "preview" not in request.form:
            with writing() as session:
                editing.save_text(session, actor(), now(), iso2, language, body)
            return _back(iso2)
    except Invalid as refused:
        problem = refused
    with reading() as session:
        editing.editable(session, actor(), iso2)
        found = services.guidance(session, actor(), iso2)
    page = _text_form(found, language, body, preview=problem is None, problem=problem)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK


@blueprint.post("/links")
@access(may_edit_some_guidance)
def add_link(iso2: str) -> ResponseReturnValue:
    typed = TypedLink(**{name: request.form.get(name, "") for name in TypedLink.__slots__})
    try:
        with writing() as session:
            editing.add_link(session, actor(), now(), iso2, typed)
    except Invalid as problem:
        return _overview(iso2, typed, problem), HTTPStatus.UNPROCESSABLE_ENTITY
    return _back(iso2)


@blueprint.post("/links/<int:link_id>/remove")
@access(may_edit_some_guidance)
def remove_link(iso2: str, link_id: int) -> ResponseReturnValue:
    with writing() as session:
        editing.remove_link(session, actor(), now(), iso2, link_id)
    return _back(iso2)


def _back(iso2: str) -> ResponseReturnValue:
    flash(_("Saved."), "success")
    return redirect(url_for(".overview", iso2=iso2), HTTPStatus.SEE_OTHER)


def _overview(iso2: str, typed: TypedLink, problem: Invalid | None = None) -> str:
    with reading() as session:
        code = editing.editable(session, actor(), iso2)
        found = services.guidance(session, actor(), code)
    return render_template(
        "directory/guidance_edit.html",
        iso2=code,
        name=state_name(code, reader().language),
        sections=present.sections(present.stated(found.requirements), reader(), (reader().language,)),
        texts=[(language, present.tongue(language, reader())) for language in found.texts],
        links=present.link_rows(found.links, reader()),
        typed=typed,
        link_kinds=[(one.value, _(label(one))) for one in LinkKind],
        languages=choosing.languages(reader().language, [typed.language]),
        problems=problems(problem),
    )


def _save(iso2: str, key: str | None) -> ResponseReturnValue:
    typed, problem = _typed(), None
    try:
        if "preview" in request.form:
            shown = checking.requirement(typed, key or "", 0)
            return _form(iso2, key, typed, shown=shown)
        with writing() as session:
            if key is None:
                editing.add(session, actor(), now(), iso2, typed)
            else:
                editing.save(session, actor(), now(), iso2, key, typed)
    except Invalid as refused:
        problem = refused
    return (_form(iso2, key, typed, problem), HTTPStatus.UNPROCESSABLE_ENTITY) if problem else _back(iso2)


def _typed() -> Typed:
    form = request.form
    numbers = range(1, MOST_LANGUAGES + 2)
    pairs = [(form.get(f"language-{n}", ""), form.get(f"text-{n}", "")) for n in numbers if f"text-{n}" in form]
    return Typed(
        **{name: form.get(name, "") for name in ("element", "need", "case", "law")},
        kinds=tuple(form.getlist("kinds")),
        forms=tuple(form.getlist("forms")),
        texts=tuple(pair for pair in pairs if pair[1].strip()),
    )


def _as_typed(kept: Requirement) -> Typed:
    further = ((code, words) for code, words in kept.texts.items() if code != kept.original)
    return Typed(
        kept.element.value, kept.need.value, kept.when.value, tuple(sorted(kept.kinds)), tuple(sorted(kept.forms)),
        kept.law, ((kept.original, kept.texts[kept.original]), *further),
    )  # fmt: skip


def _form(
    iso2: str, key: str | None, typed: Typed, problem: Invalid | None = None, *, shown: Requirement | None = None
) -> str:
    with reading() as session:
        code = editing.editable(session, actor(), iso2)
        official = editing.official_language(session, code)
    texts = (*typed.texts, ("" if typed.texts else official, ""))[: MOST_LANGUAGES + 1]
    return render_template(
        "directory/guidance_form.html",
        iso2=code,
        name=state_name(code, reader().language),
        key=key,
        typed=typed,
        texts=texts,
        preview=present.sections(present.stated([shown]), reader(), (reader().language,)) if shown else (),
        elements=[(one.value, f"{_(label(one))} · {one.article}") for one in Element],
        needs=[(one.value, _(label(one)), "") for one in Need],
        cases=[(one.value, _(label(one))) for one in When],
        kinds=[(one.value, present.kind_words(one)) for one in Kind],
        forms=[(one.value, present.form_words(one)) for one in Form],
        languages=choosing.languages(reader().language, [language for language, _text in texts]),
        problems=problems(problem),
    )


def _tag(language: str) -> str:
    try:
        return checks.language_tag(language, "language")
    except Invalid:
        return reader().language


def _text_form(
    found: services.Guidance, language: str, body: str, *, preview: bool = False, problem: Invalid | None = None
) -> str:
    further = {code: words for code, words in found.texts.items() if code != language}
    return render_template(
        "directory/guidance_text.html",
        iso2=found.iso2,
        name=state_name(found.iso2, reader().language),
        language=language,
        body=body,
        is_kept=language in found.texts,
        preview=present.prose({_tag(language): body}, (), reader()) if preview and body.strip() else None,
        beside=present.prose(further, (request.args.get("beside", ""), reader().language), reader()),
        languages=choosing.languages(reader().language, [language]),
        problems=problems(problem),
    )
