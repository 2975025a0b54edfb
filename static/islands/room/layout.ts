/** Which tile is large. Pure. */

import type { Tile } from "./view";

export type Layout = "alike" | "speaker";

/**
 * The key of the tile to show large, or undefined when all are alike.
 *
 * A shared screen is always large, somebody else's before one's own. In speaker view it is who spoke last among the
 * others; before anybody has spoken, the first of them.
 */
export function largeTile(tiles: readonly Tile[], layout: Layout, lastSpeaker: string | undefined): string | undefined {
  const screens = tiles.filter((tile) => tile.source === "screen");
  const screen = screens.find((tile) => !tile.local) ?? screens[0];
  if (screen) return screen.key;
  if (layout === "alike") return undefined;
  const others = tiles.filter((tile) => !tile.local);
  return (others.find((tile) => tile.identity === lastSpeaker) ?? others[0])?.key;
}

/** Who spoke last, given who speaks now: the one before stays while they still speak, so that nothing jumps. */
export function lastSpeaker(before: string | undefined, speaking: readonly string[]): string | undefined {
  if (before !== undefined && speaking.includes(before)) return before;
  return speaking[0] ?? before;
}

/** One or two letters for a face without a picture. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word));
  const chosen = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return chosen.map((word) => Array.from(word ?? "")[0]?.toUpperCase() ?? "").join("");
}
