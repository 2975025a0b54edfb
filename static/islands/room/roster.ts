/** Who is in the room, by authority: the parties in the page's order, then anybody else. */

import { icon, make } from "../lib/dom";
import { config, text } from "./config";
import { initials } from "./layout";
import type { Person } from "./view";

interface Group {
  heading: string;
  people: Person[];
}

function groups(people: readonly Person[]): Group[] {
  const known = config.parties.map((party) => ({
    heading: `${party.state} · ${party.authority}`,
    people: people.filter((who) => who.authorityId === party.authority_id),
  }));
  const ids = new Set(config.parties.map((party) => party.authority_id));
  const others = { heading: text("others"), people: people.filter((who) => !ids.has(who.authorityId)) };
  return [...known, others].filter((group) => group.people.length > 0);
}

function line(who: Person): HTMLLIElement {
  const name = who.local ? text("you", { name: who.name }) : who.name;
  const item = make(
    "li",
    { "data-identity": who.identity, "data-muted": String(who.muted) },
    make("span", { class: `face small ${who.local ? "ours" : ""}`.trim(), "aria-hidden": "true" }, initials(who.name)),
    make("span", { class: "bidi" }, name),
    icon(who.muted ? "mic-off" : "mic"),
  );
  if (who.muted) item.append(make("span", { class: "visually-hidden" }, text("muted")));
  return item;
}

/** Shows the list; leaves it alone when nothing changed, so that a reader of it is not thrown out. */
export function showRoster(place: HTMLElement, people: readonly Person[]): void {
  const state = JSON.stringify(people.map((who) => [who.identity, who.name, who.muted]));
  if (place.dataset.state === state) return;
  place.dataset.state = state;
  place.replaceChildren(
    ...groups(people).flatMap((group) => [
      make("h3", {}, make("span", { class: "bidi" }, group.heading), ` (${group.people.length})`),
      make("ul", { class: "roster" }, ...group.people.map(line)),
    ]),
  );
}
