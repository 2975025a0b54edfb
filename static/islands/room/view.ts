/** What there is to see in a call at one moment, taken from livekit's objects: who is there, and which tiles. */

import { ConnectionQuality, type Participant, type Room, Track } from "livekit-client";
import { config, text } from "./config";

export interface Person {
  identity: string;
  name: string;
  authorityId: number;
  authority: string;
  local: boolean;
  muted: boolean;
  speaking: boolean;
}

export interface Tile {
  key: string;
  identity: string;
  source: "camera" | "screen";
  name: string;
  detail: string;
  local: boolean;
  muted: boolean;
  speaking: boolean;
  video: Track | undefined;
  quality: "good" | "poor" | "lost";
}

function told(participant: Participant): { authority_id?: number; authority?: string } {
  try {
    return JSON.parse(participant.metadata || "{}");
  } catch {
    return {};
  }
}

function person(participant: Participant): Person {
  const { authority_id = 0, authority = "" } = told(participant);
  return {
    identity: participant.identity,
    name: participant.name || participant.identity,
    authorityId: authority_id,
    authority,
    local: participant.isLocal,
    muted: !participant.isMicrophoneEnabled,
    speaking: participant.isSpeaking && participant.isMicrophoneEnabled,
  };
}

/** Everybody in the room, in the order in which they came; oneself last. */
export function people(room: Room): Person[] {
  const others = [...room.remoteParticipants.values()].sort((a, b) => joinedAt(a) - joinedAt(b));
  return [...others, room.localParticipant].map(person);
}

function joinedAt(participant: Participant): number {
  return participant.joinedAt?.getTime() ?? 0;
}

function quality(participant: Participant): Tile["quality"] {
  if (participant.connectionQuality === ConnectionQuality.Lost) return "lost";
  return participant.connectionQuality === ConnectionQuality.Poor ? "poor" : "good";
}

function stateOf(who: Person): string {
  return config.parties.find((party) => party.authority_id === who.authorityId)?.state ?? who.authority;
}

function video(participant: Participant, source: Track.Source): Track | undefined {
  const publication = participant.getTrackPublication(source);
  return publication && !publication.isMuted ? publication.track : undefined;
}

/** A tile for everybody, and one more for each shared screen. */
export function tiles(room: Room): Tile[] {
  return people(room).flatMap((who) => {
    const participant = room.getParticipantByIdentity(who.identity);
    if (!participant) return [];
    const shared = {
      identity: who.identity,
      detail: stateOf(who),
      local: who.local,
      quality: quality(participant),
    };
    const face: Tile = {
      ...shared,
      key: `${who.identity}/camera`,
      source: "camera",
      name: who.local ? text("you", { name: who.name }) : who.name,
      muted: who.muted,
      speaking: who.speaking,
      video: video(participant, Track.Source.Camera),
    };
    const picture = video(participant, Track.Source.ScreenShare);
    if (!picture) return [face];
    const screen: Tile = {
      ...shared,
      key: `${who.identity}/screen`,
      source: "screen",
      name: text("screen_of", { name: who.name }),
      muted: false,
      speaking: false,
      video: picture,
    };
    return [screen, face];
  });
}
