/** Earlier messages come in above, without leaving the page. */

import { toast } from "../lib/announce";

/** Makes the link "Earlier messages" load the page it leads to and take its lines. */
export function earlier(list: HTMLElement, failed: string): void {
  const link = document.getElementById("earlier");
  if (!(link instanceof HTMLAnchorElement)) return;
  link.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    link.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(link.href);
      if (!answer.ok) throw new Error(String(answer.status));
      prepend(list, link, new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      toast(failed, "bad");
    } finally {
      link.removeAttribute("aria-busy");
    }
  });
}

function prepend(list: HTMLElement, link: HTMLAnchorElement, page: Document): void {
  const lines = [...page.querySelectorAll<HTMLElement>("#thread > li")];
  const first = list.querySelector<HTMLElement>("li");
  const lastDay = lines.filter((line) => line.classList.contains("day")).at(-1)?.textContent;
  const height = document.documentElement.scrollHeight;
  list.prepend(...lines.map((line) => document.importNode(line, true)));
  if (first?.classList.contains("day") && first.textContent === lastDay) first.remove();
  window.scrollBy(0, document.documentElement.scrollHeight - height);
  const further = page.getElementById("earlier");
  if (further instanceof HTMLAnchorElement) {
    link.href = further.getAttribute("href") ?? link.href;
    return;
  }
  link.parentElement?.remove();
  list.focus({ preventScroll: true });
}
