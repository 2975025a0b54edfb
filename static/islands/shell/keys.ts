/** Keys that work on every page. Only with Ctrl or Command: single letters would disturb speech input (WCAG 2.1.4). */

function focusSearch(): void {
  // The page's own box, where it has one, before the small one of the frame.
  const box = document.querySelector<HTMLInputElement>("main [data-search]") ?? document.querySelector("[data-search]");
  if (box instanceof HTMLInputElement) {
    box.focus();
    box.select();
  }
}

export function keys(): void {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      focusSearch();
    }
  });
}
