/** The tiles: one element each, changed in place so that a picture never blinks when something else changes. */

import type { Track } from "livekit-client";
import { icon, make } from "../lib/dom";
import { text } from "./config";
import { initials } from "./layout";
import type { Tile } from "./view";

interface Shown {
  element: HTMLElement;
  picture: HTMLVideoElement;
  name: HTMLElement;
  detail: HTMLElement;
  note: HTMLElement;
  track: Track | undefined;
}

function build(tile: Tile): Shown {
  const picture = make("video", { playsinline: true, autoplay: true, muted: true, tabindex: "-1", hidden: true });
  picture.muted = true;
  const name = make("span", { class: "bidi" });
  const detail = make("small", { class: "bidi" });
  const note = make("span", { class: "chip warn tile-note", hidden: true });
  const muted = make(
    "span",
    { class: "muted-sign" },
    icon("mic-off"),
    make("span", { class: "visually-hidden" }, text("muted")),
  );
  const face = make("span", { class: `face ${tile.local ? "ours" : ""}`.trim(), "aria-hidden": "true" });
  face.textContent = initials(tile.name);
  const element = make(
    "div",
    { class: `tile ${tile.source}`, role: "group", "data-identity": tile.identity, "data-source": tile.source },
    face,
    picture,
    make("p", { class: "tile-name" }, muted, name, detail),
    note,
  );
  element.dataset.local = String(tile.local);
  element.classList.toggle("mirror", tile.local && tile.source === "camera");
  return { element, picture, name, detail, note, track: undefined };
}

function attach(shown: Shown, track: Track | undefined): void {
  if (shown.track !== track) {
    shown.track?.detach(shown.picture);
    track?.attach(shown.picture);
    shown.track = track;
  }
  shown.picture.hidden = track === undefined;
}

function update(shown: Shown, tile: Tile): void {
  const { element } = shown;
  element.dataset.muted = String(tile.muted);
  element.dataset.speaking = String(tile.speaking);
  element.dataset.camera = tile.video ? "on" : "off";
  element.dataset.quality = tile.quality;
  element.classList.toggle("speaks", tile.speaking);
  element.setAttribute(
    "aria-label",
    [tile.name, tile.detail, tile.speaking ? text("speaking") : ""].filter(Boolean).join(" · "),
  );
  shown.name.textContent = tile.name;
  shown.detail.textContent = tile.detail;
  shown.picture.setAttribute("aria-label", tile.name);
  shown.note.hidden = tile.quality === "good";
  shown.note.textContent = tile.quality === "good" ? "" : text(tile.quality);
  attach(shown, tile.video);
}

export class TileWall {
  private readonly shown = new Map<string, Shown>();

  constructor(private readonly wall: HTMLElement) {}

  /** Makes the wall show these tiles in this order. large: key of the large one, if any. */
  show(tiles: readonly Tile[], large: string | undefined): void {
    const wanted = new Set(tiles.map((tile) => tile.key));
    for (const [key, shown] of this.shown) {
      if (wanted.has(key)) continue;
      attach(shown, undefined);
      shown.element.remove();
      this.shown.delete(key);
    }
    tiles.forEach((tile, index) => {
      const shown = this.shown.get(tile.key) ?? build(tile);
      this.shown.set(tile.key, shown);
      // Moving a playing <video> in the document would stop it, so only what stands wrong is moved.
      const there = this.wall.children[index] ?? null;
      if (there !== shown.element) this.wall.insertBefore(shown.element, there);
      shown.element.classList.toggle("large", tile.key === large);
      update(shown, tile);
    });
    this.wall.dataset.count = String(tiles.length);
  }

  clear(): void {
    this.show([], undefined);
  }
}
