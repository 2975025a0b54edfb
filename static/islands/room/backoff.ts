/** When to try again, and which farewells of the media server are final. Pure. */

import { DisconnectReason } from "livekit-client";

/**
 * Delays in ms of livekit-client's own attempts: about one a second for twenty seconds, so that a restarted server has
 * us back a second or two after it is up. The library scatters each by half.
 */
export const OWN_ATTEMPTS = [0, 300, 500, 700, ...Array<number>(18).fill(900)];

/** How long we go on with new tokens after that, in ms. */
export const PATIENCE = 10 * 60_000;

/** How long to wait before attempt number `attempt` (0, 1, 2 …) with a new token, in ms. random: 0 to 1. */
export function delay(attempt: number, random: number): number {
  const base = Math.min(400 * 1.6 ** attempt, 5000);
  return Math.round(base * (0.75 + random / 2));
}

/** Why a call is over for good; `again` when it is not and we come back by ourselves. */
export type Farewell = "left" | "elsewhere" | "removed" | "ended" | "again";

export function farewell(reason: DisconnectReason | undefined): Farewell {
  switch (reason) {
    case DisconnectReason.CLIENT_INITIATED:
      return "left";
    case DisconnectReason.DUPLICATE_IDENTITY:
      return "elsewhere";
    case DisconnectReason.PARTICIPANT_REMOVED:
    case DisconnectReason.USER_REJECTED:
      return "removed";
    case DisconnectReason.ROOM_DELETED:
    case DisconnectReason.ROOM_CLOSED:
      return "ended";
    default:
      return "again";
  }
}
