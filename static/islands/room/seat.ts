/** This window's seat in the room: its name, its token, and whether it was in the call when it was last closed. */

import { postJson } from "../lib/http";
import { config } from "./config";

export interface Ticket {
  url: string;
  token: string;
  identity: string;
  room: string;
}

const DEVICE = "comity.room.device";
const SEATED = `comity.room.seated.${config.room}`;

function randomName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Kept as long as the tab lives, and given back by the browser when a closed tab is opened again. */
function device(): string {
  const kept = sessionStorage.getItem(DEVICE) ?? randomName();
  sessionStorage.setItem(DEVICE, kept);
  return kept;
}

/** Asks for a token. Throws RequestFailed, or the browser's own error when there is no connection. */
export async function takeTicket(): Promise<Ticket> {
  const ticket = await postJson<Ticket>(config.token_url, { device: device() });
  if (!ticket) throw new Error("the server answered without a token");
  return ticket;
}

export function sitDown(): void {
  sessionStorage.setItem(SEATED, "1");
}

export function standUp(): void {
  sessionStorage.removeItem(SEATED);
}

/** Whether this window was in the call and did not leave it: reloaded, or closed by accident. */
export function wasSeated(): boolean {
  return sessionStorage.getItem(SEATED) === "1";
}
