/** Changes the theme without loading the page again; the server keeps the choice in a cookie, as without script. */

import { toast } from "../lib/announce";
import { postForm } from "../lib/http";
import { readJson } from "../lib/texts";

interface Texts {
  theme_kept: string;
  failed: string;
}

function press(form: HTMLFormElement, chosen: string): void {
  for (const button of form.querySelectorAll<HTMLButtonElement>("button[name=theme]")) {
    button.setAttribute("aria-pressed", String(button.value === chosen));
  }
}

export function themePicker(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-theme-form]");
  if (!form) return;
  form.addEventListener("submit", async (event) => {
    const { submitter } = event;
    if (!(submitter instanceof HTMLButtonElement)) return;
    event.preventDefault();
    const texts = readJson<Texts>("shell-texts");
    const before = document.documentElement.dataset.theme ?? "auto";
    document.documentElement.dataset.theme = submitter.value;
    press(form, submitter.value);
    form.closest("details")?.removeAttribute("open");
    try {
      await postForm(form, submitter);
      toast(texts.theme_kept);
    } catch {
      document.documentElement.dataset.theme = before;
      press(form, before);
      toast(texts.failed, "bad");
    }
  });
}
