/** On every page: small comforts over pages that work without them. */

import { keys } from "./keys";
import { menus } from "./menus";
import { themePicker } from "./theme";

document.documentElement.classList.add("script");
themePicker();
menus();
keys();
// A form that came back with errors: the summary is read first.
document.querySelector<HTMLElement>("[data-focus]")?.focus();
