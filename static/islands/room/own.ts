/** Our own camera, microphone and screen. They outlive a connection, so that coming back asks for nothing again. */

import {
  createLocalAudioTrack,
  createLocalScreenTracks,
  createLocalTracks,
  createLocalVideoTrack,
  type LocalAudioTrack,
  type LocalTrack,
  type LocalVideoTrack,
  Track,
  VideoPresets,
} from "livekit-client";
import { preferences } from "./preferences";
import type { Input } from "./problems";

const AUDIO = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

function chosen(id: string): { deviceId?: ConstrainDOMString } {
  // Ideal, not exact: a headset that was left at home gives way to what there is.
  return id ? { deviceId: { ideal: id } } : {};
}

export class OwnMedia {
  camera: LocalVideoTrack | undefined;
  microphone: LocalAudioTrack | undefined;
  screen: LocalTrack[] = [];

  isOn(kind: Input): boolean {
    const track = this[kind];
    return track !== undefined && !track.isMuted;
  }

  /** Opens both with one question to the person. Throws what the browser throws, for both at once. */
  async openBoth(): Promise<void> {
    const tracks = await createLocalTracks({
      audio: { ...AUDIO, ...chosen(preferences.microphone) },
      video: { resolution: VideoPresets.h720.resolution, ...chosen(preferences.camera) },
    });
    for (const track of tracks) this.keep(track);
  }

  /** Opens one and keeps it. Throws what the browser throws. */
  async open(kind: Input): Promise<LocalTrack> {
    const track =
      kind === "camera"
        ? await createLocalVideoTrack({ resolution: VideoPresets.h720.resolution, ...chosen(preferences.camera) })
        : await createLocalAudioTrack({ ...AUDIO, ...chosen(preferences.microphone) });
    this.keep(track);
    return track;
  }

  /** Takes another device for one that is on. Throws what the browser throws. */
  async change(kind: Input, deviceId: string): Promise<void> {
    await this[kind]?.setDeviceId({ ideal: deviceId });
  }

  close(kind: Input): void {
    this[kind]?.stop();
    this[kind] = undefined;
  }

  /** Asks which screen to share. ended: called when it ends from outside. Throws what the browser throws. */
  async openScreen(ended: () => void): Promise<LocalTrack[]> {
    this.screen = await createLocalScreenTracks({ audio: true, resolution: VideoPresets.h1080.resolution });
    const picture = this.screen.find((track) => track.kind === Track.Kind.Video);
    picture?.mediaStreamTrack.addEventListener("ended", ended);
    return this.screen;
  }

  closeScreen(): void {
    for (const track of this.screen) track.stop();
    this.screen = [];
  }

  closeAll(): void {
    this.close("camera");
    this.close("microphone");
    this.closeScreen();
  }

  /** What can be published now. What is off and cannot be, for its device was given back, is forgotten. */
  publishable(): LocalTrack[] {
    if (this.camera?.isMuted) this.close("camera");
    if (this.microphone?.isMuted) this.close("microphone");
    this.screen = this.screen.filter((track) => track.mediaStreamTrack.readyState === "live");
    return [this.microphone, this.camera, ...this.screen].filter((track) => track !== undefined);
  }

  private keep(track: LocalTrack): void {
    if (track.kind === Track.Kind.Video) {
      this.close("camera");
      this.camera = track as LocalVideoTrack;
    } else {
      this.close("microphone");
      this.microphone = track as LocalAudioTrack;
    }
  }
}
