"""Two officers exchange files: chosen, dropped, removed, refused, cut off, seen live, saved unchanged."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser.conftest import OpenWindow
from tests.browser.steps import messages, open_consultation, say, start_consultation
from tests.platform.core.files.samples import PDF, PNG
from tests.support.network import cuttable_network
from tests.support.people import AUSTRIA, THAILAND

REQUEST = PDF + bytes(range(256)) * 2000


def file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def attach(page: Page, *files: FilePayload) -> None:
    page.locator("#files").set_input_files(list(files))


def arrived(page: Page, count: int) -> None:
    """Wait until so many files are ready to go out with the next message."""
    expect(page.locator("#to-send .file")).to_have_count(count)
    expect(page.locator("#to-send progress")).to_have_count(0)


def in_thread(page: Page, name: str) -> Locator:
    return page.locator("#thread .msg .file").filter(has_text=name)


def saved(page: Page, link: Locator, folder: Path) -> tuple[str, bytes]:
    """What the browser saves when one presses a link: name and content."""
    with page.expect_download() as started:
        link.click()
    path = folder / "saved"
    started.value.save_as(path)
    return started.value.suggested_filename, path.read_bytes()


def test_a_pdf_and_an_image_arrive_live_and_are_saved_unchanged(window: OpenWindow, tmp_path: Path) -> None:
    austria, thailand = window(AUSTRIA).page, window(THAILAND).page
    open_consultation(thailand, start_consultation(austria))
    attach(austria, file("Request – طلب.pdf", REQUEST), file("account.png", PNG))
    arrived(austria, 2)
    expect(in_thread(thailand, "account.png")).to_have_count(0)
    say(austria, "The request, with an annex")
    expect(in_thread(thailand, "account.png")).to_be_visible()
    expect(in_thread(thailand, "Request – طلب.pdf")).to_contain_text(re.compile(r"PDF · .*513\s*kB"))
    for page in (austria, thailand):
        expect(page.locator("#all-files .file")).to_have_count(2)
        assert messages(page) == ["The request, with an annex"]
    for name, content in (("Request – طلب.pdf", REQUEST), ("account.png", PNG)):
        link = in_thread(thailand, name).get_by_role("link")
        assert saved(thailand, link, tmp_path) == (name, content)
    beside = thailand.locator("#all-files").get_by_role("link", name="account.png")
    assert saved(thailand, beside, tmp_path)[1] == PNG
    thailand.reload()
    expect(in_thread(thailand, "account.png")).to_be_visible()
    expect(thailand.locator("#all-files .file")).to_have_count(2)


def test_files_alone_make_a_message_and_what_was_removed_is_not_in_it(window: OpenWindow) -> None:
    austria, thailand = window(AUSTRIA).page, window(THAILAND).page
    open_consultation(thailand, start_consultation(austria))
    attach(austria, file("keep.pdf", PDF), file("drop.pdf", PDF))
    arrived(austria, 2)
    austria.reload()
    arrived(austria, 2)
    austria.get_by_role("button", name="Remove drop.pdf").click()
    arrived(austria, 1)
    austria.get_by_role("button", name="Send", exact=True).click()
    expect(in_thread(thailand, "keep.pdf")).to_have_count(1)
    arrived(austria, 0)
    austria.reload()
    arrived(austria, 0)
    expect(austria.locator("#thread .msg .file")).to_have_count(1)


def test_a_false_name_is_told_and_the_rest_goes_out(window: OpenWindow) -> None:
    austria, thailand = window(AUSTRIA).page, window(THAILAND).page
    open_consultation(thailand, start_consultation(austria))
    attach(austria, file("account.pdf", PNG), file("good.pdf", PDF))
    refused = austria.locator("#to-send .file[data-state=failed]")
    expect(refused).to_contain_text("“account.pdf” was not taken: it is named as PDF, but its content is PNG.")
    say(austria, "With one file")
    expect(austria.get_by_label("Message to both authorities")).to_have_value("With one file")
    austria.get_by_role("button", name="Remove account.pdf").click()
    austria.get_by_role("button", name="Send", exact=True).click()
    expect(in_thread(thailand, "good.pdf")).to_have_count(1)
    assert messages(thailand) == ["With one file"]


def test_a_dropped_file_goes_out_when_the_network_is_back_and_once(window: OpenWindow, tmp_path: Path) -> None:
    with cuttable_network() as network:
        austria = window(AUSTRIA, proxy=network.proxy).page
        thailand = window(THAILAND).page
        open_consultation(thailand, start_consultation(austria))
        network.cut()
        _drop(austria, "dropped.txt", "Dropped in the dark")
        expect(austria.locator("#to-send .file")).to_contain_text("Waiting for the network")
        say(austria, "With what was dropped")
        expect(austria.locator("#draft-state")).to_have_text("This goes out as soon as its files are here.")
        network.mend()
        expect(in_thread(thailand, "dropped.txt")).to_have_count(1, timeout=30_000)
        assert messages(thailand) == ["With what was dropped"]
        expect(austria.locator("#to-send .file")).to_have_count(0)
        expect(in_thread(austria, "dropped.txt")).to_have_count(1)
        link = in_thread(thailand, "dropped.txt").get_by_role("link")
        assert saved(thailand, link, tmp_path) == ("dropped.txt", b"Dropped in the dark")


def test_without_script_it_works_as_well(window: OpenWindow, tmp_path: Path) -> None:
    austria = window(AUSTRIA).page
    start_consultation(austria)
    plain = window(AUSTRIA, java_script_enabled=False).page
    plain.goto(austria.url)
    plain.get_by_label("Message to both authorities").fill("Sent without script")
    plain.get_by_label("Attach files").set_input_files([file("false.pdf", PNG), file("good.pdf", REQUEST)])
    plain.get_by_role("button", name="Send", exact=True).click()
    expect(plain.locator("#files-error")).to_contain_text("its content is PNG")
    expect(plain.get_by_label("Message to both authorities")).to_have_value("Sent without script")
    expect(plain.get_by_role("checkbox", name="good.pdf")).to_be_checked()
    plain.get_by_role("button", name="Send", exact=True).click()
    link = in_thread(plain, "good.pdf").get_by_role("link")
    assert saved(plain, link, tmp_path) == ("good.pdf", REQUEST)
    expect(in_thread(austria, "good.pdf")).to_have_count(1)


def _drop(page: Page, name: str, words: str) -> None:
    transfer = page.evaluate_handle(
        "([name, words]) => { const all = new DataTransfer(); all.items.add(new File([words], name)); return all; }",
        [name, words],
    )
    for event in ("dragover", "drop"):
        page.dispatch_event("#consultation", event, {"dataTransfer": transfer})
