"""An officer who reads Arabic finds a Chinese authority by a misspelt Latin name, and asks whom to ask."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.steps import live
from tests.support.people import JORDAN

SUBJECT = "سجلات مصرفية"


def test_from_a_misspelt_name_to_a_consultation_in_arabic(window: OpenWindow) -> None:
    page = window(JORDAN).page
    page.goto("/directory")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.get_by_role("combobox").press_sequentially("suprem peoples procuratorat")
    first = page.get_by_role("option").first
    expect(first).to_contain_text("Supreme People's Procuratorate")
    expect(first).to_contain_text("الصين")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Supreme People's Procuratorate")
    expect(page.locator("section[aria-labelledby=hours]")).to_contain_text(re.compile("شنغهاي.*عم"))
    page.locator("a[href*='/consultations/new']").click()
    page.locator("#subject").fill(SUBJECT)
    page.locator("#kind").select_option("extradition")
    page.locator("main form button:not([type=button])").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(SUBJECT)
    live(page)


def test_from_a_state_to_the_desk_to_ask(window: OpenWindow) -> None:
    page = window(JORDAN).page
    page.goto("/directory/states/TH")
    page.locator("a[href='/directory/ask?state=TH']").click()
    page.locator("#function").select_option("extradition")
    page.locator("input[name=urgency][value=urgent]").check()
    page.locator("main form[action='/directory/ask'] button[type=submit]").click()
    answer = page.locator("#answer")
    expect(answer).to_contain_text("Office of the Attorney General")
    expect(answer).not_to_contain_text("Royal Thai Police")
    answer.locator("a[href*='/consultations/new']").first.click()
    expect(page.locator("#kind")).to_have_value("extradition")


def test_people_and_networks_are_suggested_too(window: OpenWindow) -> None:
    page = window(JORDAN).page
    page.goto("/directory")
    for typed, found in (("leila", "ليلى مثال"), ("wacpa", "WACAP")):
        page.get_by_role("combobox").fill(typed)
        expect(page.get_by_role("option").first).to_contain_text(found)
