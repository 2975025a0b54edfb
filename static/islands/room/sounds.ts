/** The others' voices: an <audio> element each, and what to do when the browser plays none by itself. */

import { type RemoteTrack, type Room, RoomEvent, Track } from "livekit-client";
import { byId } from "../lib/dom";

const place = byId("sounds", HTMLElement);
const notice = byId("sound", HTMLElement);
const button = byId("start-sound", HTMLButtonElement);

/** Plays what is subscribed in this room. */
export function playSounds(room: Room): void {
  room.on(RoomEvent.TrackSubscribed, (track: RemoteTrack, _publication, participant) => {
    if (track.kind !== Track.Kind.Audio) return;
    const element = track.attach();
    element.dataset.identity = participant.identity;
    place.append(element);
  });
  room.on(RoomEvent.TrackUnsubscribed, (track: RemoteTrack) => {
    for (const element of track.detach()) if (element instanceof HTMLAudioElement) element.remove();
  });
  const blocked = () => {
    notice.hidden = room.canPlaybackAudio;
  };
  room.on(RoomEvent.AudioPlaybackStatusChanged, blocked);
  room.on(RoomEvent.Disconnected, () => {
    place.replaceChildren();
    notice.hidden = true;
  });
  button.onclick = () => void room.startAudio().then(blocked);
}
