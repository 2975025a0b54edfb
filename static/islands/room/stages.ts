/** The three parts of the page, and which of them is shown. `data-state` on <main> tells it to styles and tests. */

import { byId } from "../lib/dom";

export type State = "green" | "joining" | "joined" | "reconnecting" | "left";

const main = byId("main", HTMLElement);
const parts = {
  green: byId("green", HTMLElement),
  stage: byId("stage", HTMLElement),
  after: byId("after", HTMLElement),
};

function partOf(state: State): keyof typeof parts {
  if (state === "green") return "green";
  return state === "left" ? "after" : "stage";
}

export function currentState(): State {
  return main.dataset.state as State;
}

/** Shows the part for a state. The focus follows, but only when the part changes. */
export function show(state: State): void {
  const changed = partOf(currentState()) !== partOf(state);
  main.dataset.state = state;
  for (const [name, part] of Object.entries(parts)) part.hidden = name !== partOf(state);
  if (!changed) return;
  const target = state === "left" ? byId("after-title", HTMLElement) : parts[partOf(state)];
  target.focus({ preventScroll: true });
}
