/** Menus are details elements and open without script; this closes them as people expect of a menu. */

function close(menu: HTMLDetailsElement, focus: boolean): void {
  menu.open = false;
  if (focus) menu.querySelector("summary")?.focus();
}

export function menus(): void {
  const all = [...document.querySelectorAll<HTMLDetailsElement>("details.menu")];
  document.addEventListener("click", ({ target }) => {
    for (const menu of all) if (menu.open && target instanceof Node && !menu.contains(target)) close(menu, false);
  });
  for (const menu of all) {
    menu.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && menu.open) close(menu, true);
    });
    menu.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget instanceof Node && !menu.contains(relatedTarget)) close(menu, false);
    });
  }
}
