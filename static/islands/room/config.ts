/** What the server wrote into the page, and where things stand in it. */

import { fill, readJson } from "../lib/texts";

export interface Party {
  authority_id: number;
  authority: string;
  state: string;
  ours: boolean;
}

export interface RoomConfig {
  token_url: string;
  present_url: string;
  /** Public id of the consultation: names what this window keeps about the room. */
  room: string;
  name: string;
  authority: string;
  parties: Party[];
  texts: Record<string, string>;
}

export const config = readJson<RoomConfig>("room-config");

/** A text in the reader's language, with its values filled in. */
export function text(key: string, values: Record<string, string | number> = {}): string {
  return fill(config.texts[key] ?? key, values);
}
