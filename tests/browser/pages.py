"""Every page of Comity, with the person who sees it: what axe-core checks and what `make screenshots` saves."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default

from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser.mails import mailed_link
from tests.browser.steps import in_call, live, open_consultation, say, shows, start_consultation
from tests.platform.core.files.samples import PDF, PNG
from tests.support.browsers import PATIENCE_MS, Window, frames_shown
from tests.support.callers import BACK, authorize_path
from tests.support.people import AUSTRIA, SECRETARIAT, THAILAND
from tests.support.stack import Stack, wait_for

_CONFIRM = re.compile(r"https?://\S+/directory/confirm/\S+")


@dataclass(frozen=True)
class Visited:
    """A page to look at.

    who: the account that opens it, or nobody. prepare: what is done before looking. fills_window: the page is as high
    as its window, so that a picture of it is no longer than that.
    """

    name: str
    path: str
    who: str | None = AUSTRIA
    prepare: Callable[[Page], None] | None = None
    fills_window: bool = False


@dataclass(frozen=True)
class Prepared:
    """What the pages show: made once for an installation.

    room: of a consultation of its own, for each visit leaves a line in the thread. invitations: by the language of whom
    they invite. consent: where a tool sends a person. prove: links that prove an address. people: of the authority.
    confirm: the link of a mail.
    """

    consultation: str
    room: str
    authority: str
    mail: str
    invitations: dict[str, str]
    consent: str
    prove: dict[str, str]
    people: str
    confirm: str


def prepare(austria: Window, thailand: Window, stack: Stack) -> Prepared:
    """Let two officers consult, tell those who are away, and invite somebody in each language that is looked at."""
    subject = start_consultation(austria.page, "Bank records, operation Larch")
    say(austria.page, "We are preparing a request for records of **three accounts**.\n\nWould English do?")
    shows(austria.page, "Would English do?")
    open_consultation(thailand.page, subject)
    say(
        thailand.page,
        "It would:\n\n- name the account holder\n- give the period\n\n> three accounts\n\nAll of one bank?",
    )
    shows(austria.page, "All of one bank?")
    austria.page.locator("#files").set_input_files(
        [_upload("Order of the court of 3 March.pdf", PDF), _upload("صورة الحساب.png", PNG)]
    )
    expect(austria.page.locator("#to-send progress")).to_have_count(0)
    say(austria.page, "Here is the order, with a picture of the account.")
    shows(thailand.page, "Here is the order")
    consultation = austria.page.url.removeprefix(stack.url)
    authority = austria.page.locator("a[href*='/directory/authorities/']").last.get_attribute("href") or ""
    start_consultation(austria.page, "Hearing by video, operation Larch")
    room = f"{austria.page.url.removeprefix(stack.url)}/room"
    invitations = {language: _invite(stack, language) for language in ("en", "ar")}
    consent = authorize_path(_tool(austria.page))
    prove = {language: _nominated(thailand.page, stack, language) for language in ("en", "ar")}
    _ask_for_a_new_way_in(thailand.page, stack)
    people = "/people?authority=" + authority.rpartition("/")[2]
    mail = f"/mail/{_first_mail(stack)}"
    confirm = _confirmation(stack)
    return Prepared(consultation, room, authority, mail, invitations, consent, prove, people, confirm)


def _tool(page: Page) -> str:
    """The public name of a tool that is registered now."""
    page.goto("/account/applications/new")
    page.locator("input[name=kind][value=tool]").check()
    page.locator("textarea[name=redirect_uris]").fill(BACK)
    _register(page, "Mail add-in")
    return page.locator("#client-id").inner_text()


def _register(page: Page, name: str) -> None:
    page.locator("main input[name=name]").fill(name)
    for scope in ("profile.read", "directory.read"):
        page.locator(f"input[name=scopes][value='{scope}']").check()
    _send(page)
    expect(page.locator("#client-id")).to_be_visible()


def _nominated(page: Page, stack: Stack, language: str) -> str:
    """Nominate somebody who reads a language; the link that was mailed to them."""
    email = f"new-{secrets.token_hex(4)}@attorney.th.example"
    page.goto("/people/nominate")
    for name, value in (("name", "Nova Muster"), ("email", email), ("post_title", "Night desk")):
        page.locator(f"input[name={name}]").fill(value)
    page.locator("select[name=post]").select_option("new")
    page.locator("select[name=role]").select_option("prosecutor")
    page.locator("select[name=locale]").select_option(language)
    page.locator("main form button").last.click()
    return mailed_link(stack, email, "/prove").removeprefix(stack.url)


def _ask_for_a_new_way_in(page: Page, stack: Stack) -> None:
    email = f"lost-{secrets.token_hex(4)}@comity.example"
    stack.comity("user", "invite", email, "--name", "Lena Sample", "--role", "auditor")
    page.goto("/recovery")
    page.locator("main input[name=email]").fill(email)
    page.locator("main form button").last.click()


def _confirmation(stack: Stack) -> str:
    """The link of a mail that asks to confirm, other than that of the story about it."""
    found: list[str] = []

    def arrived() -> bool:
        mails = [
            message_from_bytes(path.read_bytes(), policy=default) for path in (stack.config.maildir / "new").iterdir()
        ]
        texts = [mail.get_content() for mail in mails if THAILAND not in mail["To"]]
        found[:] = [link for words in texts for link in _CONFIRM.findall(words)]
        return bool(found)

    wait_for(arrived, PATIENCE_MS / 1000)
    return found[0].removeprefix(stack.url)


def _first_mail(stack: Stack) -> str:
    """Name of a mail that was kept, for an installation where one is away after a second."""

    def told() -> bool:
        stack.comity("work")
        return any((stack.config.maildir / "new").glob("*"))

    wait_for(told, PATIENCE_MS / 1000)
    return min(path.name for path in (stack.config.maildir / "new").iterdir())


def _invite(stack: Stack, language: str) -> str:
    email = f"new-{secrets.token_hex(4)}@justice.at.example"
    link = stack.comity("user", "invite", email, "--name", "Nova Muster", "--language", language)
    return link.strip().removeprefix(stack.url)


def all_pages(made: Prepared, language: str = "en") -> list[Visited]:
    """All pages, in the states in which people see them. language: of whom the invitation invites."""
    return [
        Visited("sign-in", "/sign-in", None),
        Visited("sign-in-refused", "/sign-in", None, _refused),
        Visited("invitation", made.invitations[language], None),
        Visited("invitation-refused", made.invitations[language], None, _too_weak),
        Visited("invitation-over", "/invitations/no-such-link", None),
        Visited("home", "/"),
        Visited("home-secretariat", "/", SECRETARIAT),
        Visited("directory", "/directory"),
        Visited("directory-found", "/directory?q=thai"),
        Visited("directory-nothing", "/directory?q=qqqqxyz"),
        Visited("directory-part-b", "/directory?q=austria&part=b"),
        Visited("directory-filtered", "/directory?q=justice&accepts=fr&urgent=interpol"),
        Visited("directory-people", "/directory?part=people"),
        Visited("ask", "/directory/ask?state=TH&function=extradition&urgency=emergency&language=fr&means=email"),
        Visited("ask-nothing-fits", "/directory/ask?state=TH&function=firearms_tracing&urgency=urgent"),
        Visited("directory-as-you-type", "/directory", AUSTRIA, _typed),
        Visited("state", "/directory/states/TH"),
        Visited("authority", made.authority),
        Visited("state-whole-record", "/directory/states/AT"),
        Visited("state-edit", "/directory/states/AT/edit", SECRETARIAT),
        Visited("person", "/account/entry", AUSTRIA, _to_own_page),
        Visited("person-elsewhere", "/directory/states/TH", AUSTRIA, _to_posted),
        Visited("person-posting", "/directory/states/TH", SECRETARIAT, _to_posting),
        Visited("entry", "/account/entry"),
        Visited("entry-refused", "/account/entry", AUSTRIA, _without_country),
        Visited("entry-not-listed", "/account/entry", SECRETARIAT),
        Visited("networks", "/directory/networks"),
        Visited("network", "/directory/networks/seajust"),
        Visited("network-edit", "/directory/networks/seajust/edit", SECRETARIAT),
        Visited("notifications", "/directory/notifications?provision=18(13)&status=outdated"),
        Visited("notification", "/directory/notifications/ar-18-13-2", SECRETARIAT),
        Visited("notification-new", "/directory/notifications/new?supersedes=at-18-13-1", SECRETARIAT),
        Visited("arrangements", "/directory/arrangements", SECRETARIAT),
        Visited("arrangement", "/directory/arrangements/upper-rhine"),
        Visited("arrangement-edit", "/directory/arrangements/upper-rhine/edit", SECRETARIAT),
        Visited("authority-past", made.authority + "?on=2025-10-01"),
        Visited("authority-no-entry", made.authority + "?on=2001-01-01"),
        Visited("history", made.authority + "/history"),
        Visited("propose", made.authority + "/propose"),
        Visited("propose-refused", made.authority + "/propose", AUSTRIA, _nothing_changed),
        Visited("report", made.authority + "/report"),
        Visited("home-focal-point", "/", THAILAND),
        Visited("confirmations", "/directory/confirmations", THAILAND),
        Visited("proposals", "/directory/proposals", THAILAND),
        Visited("proposal", "/directory/proposals/1", THAILAND),
        Visited("proposal-mine", "/directory/proposals/1"),
        Visited("confirm-by-link", made.confirm, None),
        Visited("confirm-over", "/directory/confirm/no-such-link", None),
        Visited("confirmed", "/directory/confirmed", None),
        Visited("guidance", "/directory/states/TH/guidance?language=th"),
        Visited("guidance-asked", "/directory/states/TH/guidance?kind=mutual-legal-assistance&form=records&urgent=yes"),
        Visited("guidance-rtl", "/directory/states/EG/guidance?language=ar&kind=extradition"),
        Visited("guidance-none", "/directory/states/AF/guidance"),
        Visited("guidance-edit", "/directory/states/TH/guidance/edit", THAILAND),
        Visited("guidance-requirement", "/directory/states/TH/guidance/requirements/facts", THAILAND, _previewed),
        Visited(
            "guidance-requirement-refused", "/directory/states/TH/guidance/requirements/new", THAILAND, _no_element
        ),
        Visited("guidance-text", "/directory/states/EG/guidance/text?language=ar", SECRETARIAT, _previewed),
        Visited("compare", "/directory/compare?a=AT&b=TH"),
        Visited("compare-choice", "/directory/compare"),
        Visited("coverage", "/directory/coverage", SECRETARIAT),
        Visited("coverage-one-gap", "/directory/coverage?gap=guidance&group=african&sort=gaps", SECRETARIAT),
        Visited("exchange", "/directory/exchange", SECRETARIAT),
        Visited("exchange-officer", "/directory/exchange"),
        Visited("exchange-refused", "/directory/exchange", SECRETARIAT, _nothing_to_export),
        Visited("consultations", "/consultations"),
        Visited("consultation-new", "/consultations/new?authority=" + made.authority.rpartition("/")[2]),
        Visited(
            "consultation-refused",
            "/consultations/new?authority=" + made.authority.rpartition("/")[2],
            AUSTRIA,
            _without_subject,
        ),
        Visited("consultation", made.consultation, AUSTRIA, live),
        Visited("consultation-attaching", made.consultation, AUSTRIA, _attached),
        Visited("consultation-readers", made.consultation + "/readers"),
        Visited("room", made.room, AUSTRIA, _heard, fills_window=True),
        Visited("room-joined", made.room, AUSTRIA, _entered, fills_window=True),
        Visited("room-settings", made.room, AUSTRIA, _settings, fills_window=True),
        Visited("room-left", made.room, AUSTRIA, _left, fills_window=True),
        Visited("account", "/account"),
        Visited("account-looks", "/account/looks", THAILAND),
        Visited("account-menu", "/account", AUSTRIA, _menu),
        Visited("applications", "/account/applications"),
        Visited("applications-refused", "/account/applications", AUSTRIA, _without_name),
        Visited("application-password", "/account/applications", AUSTRIA, _password_made),
        Visited("client-new", "/account/applications/new"),
        Visited("client-registered", "/account/applications/new", AUSTRIA, _registered),
        Visited("consent", made.consent),
        Visited("api", "/api/"),
        Visited("api-stranger", "/api/", None),
        Visited("people", "/people"),
        Visited("people-focal-point", "/people", THAILAND),
        Visited("post", "/people", THAILAND, _follow("a[href^='/people/posts/']")),
        Visited("nominate", "/people/nominate", THAILAND),
        Visited("nomination", "/people", THAILAND, _follow("a[href^='/people/nominations/']")),
        Visited("hand-over", "/people", AUSTRIA, _follow("a[href^='/hand-over/']")),
        Visited("prove", made.prove[language], None),
        Visited("prove-over", "/prove/no-such-link", None),
        Visited("recovery", "/recovery", None),
        Visited("secretariat", "/secretariat", SECRETARIAT),
        Visited("secretariat-nomination", "/secretariat", SECRETARIAT, _follow("a[href^='/people/nominations/']")),
        Visited("secretariat-recovery", "/secretariat", SECRETARIAT, _follow("a[href^='/people/recoveries/']")),
        Visited("offices", "/secretariat/offices", SECRETARIAT),
        Visited("offices-person", f"/secretariat/offices?email={AUSTRIA}", SECRETARIAT),
        Visited("offices-post", made.people, SECRETARIAT, _follow("a[href^='/people/posts/']")),
        Visited("mail", "/mail", SECRETARIAT),
        Visited("mail-one", made.mail, SECRETARIAT),
        Visited("providers", "/providers", SECRETARIAT),
        Visited("not-found", "/nothing-here"),
    ]


def _follow(link: str) -> Callable[[Page], None]:
    """Open the page that the first link of a kind leads to."""

    def follow(page: Page) -> None:
        path = page.locator(link).first.get_attribute("href") or ""
        page.goto(path)
        expect(page).to_have_url(re.compile(f"{re.escape(path)}$"))

    return follow


def _to_own_page(page: Page) -> None:
    page.locator("main form a[href*='/directory/people/']").click()
    expect(page.locator("#contact")).to_be_visible()


def _to_posted(page: Page) -> None:
    page.locator("section[aria-labelledby=posted-here] a.item-title").first.click()
    expect(page.locator("#posting")).to_be_visible()


def _to_posting(page: Page) -> None:
    _to_posted(page)
    page.locator("a[href$='/liaison']").click()
    expect(page.locator("#covers")).to_be_visible()


def _without_country(page: Page) -> None:
    page.locator("#detail-2").fill("0664 123 45 67")
    _send(page)
    expect(page.locator("#detail-2[aria-invalid=true]")).to_be_visible()


def _previewed(page: Page) -> None:
    page.locator("main button[name=preview]").click()
    expect(page.locator("#preview")).to_be_visible()


def _no_element(page: Page) -> None:
    _send(page)
    expect(page.locator("#text-1[aria-invalid=true]")).to_be_visible()


def _refused(page: Page) -> None:
    page.locator("input[name=email]").fill("nobody@x.example")
    page.locator("input[name=password]").fill("not the password")
    page.locator("main form button:not([type=button])").first.click()
    expect(page.locator("input[name=email]")).to_have_value("nobody@x.example")


def _typed(page: Page) -> None:
    page.get_by_role("combobox").fill("aust")
    expect(page.get_by_role("option").first).to_be_visible()


def _too_weak(page: Page) -> None:
    for field in ("password", "repeated"):
        page.locator(f"input[name={field}]").fill("password")
    _send(page)
    expect(page.locator("#password[aria-invalid=true]")).to_be_visible()


def _upload(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def _attached(page: Page) -> None:
    """One file that waits to be sent, and one that was refused."""
    live(page)
    if page.locator("#to-send .file").count() == 0:
        page.locator("#files").set_input_files([_upload("Annex A.pdf", PDF)])
    page.locator("#files").set_input_files([_upload("Bank statement.pdf", PNG)])
    expect(page.locator("#to-send .file[data-state=failed]")).to_have_count(1)


def _nothing_changed(page: Page) -> None:
    page.locator("#telephone").fill("01 234 567")
    page.locator("#languages_accepted").fill("Thai, Klingonian")
    _send(page)
    expect(page.locator("#telephone[aria-invalid=true]")).to_be_visible()


def _without_subject(page: Page) -> None:
    _send(page)
    expect(page.locator("#subject[aria-invalid=true]")).to_be_visible()


def _send(page: Page) -> None:
    """Send the page's form without the browser's own check, so that the server refuses it."""
    page.locator("main form").last.evaluate("(form) => { form.noValidate = true; form.requestSubmit(); }")


def _heard(page: Page) -> None:
    for device in ("green-microphone", "green-camera"):
        expect(page.locator(f"#{device}")).to_have_attribute("aria-pressed", "true")
    _plays(page.locator("#preview-video"))


def _entered(page: Page) -> None:
    page.locator("#enter").click()
    _back_in(page)


def _back_in(page: Page) -> None:
    """A window that was in the call and did not leave is in it by itself."""
    in_call(page)
    for video in page.locator('#tiles .tile[data-source="camera"] video').all():
        _plays(video)


def _plays(video: Locator) -> None:
    """A picture with something in it."""
    expect(video).to_be_visible()
    wait_for(lambda: frames_shown(video) > 0, PATIENCE_MS / 1000)


def _settings(page: Page) -> None:
    _back_in(page)
    page.locator("#settings-open").click()
    expect(page.locator("#settings")).to_be_visible()


def _left(page: Page) -> None:
    _back_in(page)
    page.locator("#leave").click()
    expect(page.locator("#after")).to_be_visible()


def _without_name(page: Page) -> None:
    _send(page)
    expect(page.locator("#name[aria-invalid=true]")).to_be_visible()


def _password_made(page: Page) -> None:
    page.locator("main input[name=name]").fill("Telephone")
    _send(page)
    expect(page.locator("#shown")).to_be_visible()


def _registered(page: Page) -> None:
    _register(page, "Registry")


def _menu(page: Page) -> None:
    page.locator("details.account > summary").click()
    expect(page.locator("details.account .menu-panel")).to_be_visible()


def _nothing_to_export(page: Page) -> None:
    for box in page.locator("input[name='sheets']").all():
        box.uncheck()
    page.locator("form[action$='/export'] button").click()
    expect(page.locator(".error-summary")).to_be_visible()
