/**
 * One call, from entering to leaving.
 *
 * livekit-client resumes and reconnects by itself for some twenty seconds. When it gives up, or its token has grown
 * old, the call asks the server for a new token and joins again with the same camera, microphone and screen.
 */

import {
  ConnectionState,
  DefaultReconnectPolicy,
  type DisconnectReason,
  type LocalTrack,
  Room,
  RoomEvent,
  type RoomOptions,
  Track,
} from "livekit-client";
import { RequestFailed } from "../lib/http";
import { delay, type Farewell, farewell, OWN_ATTEMPTS, PATIENCE } from "./backoff";
import type { OwnMedia } from "./own";
import { preferences } from "./preferences";
import { sitDown, standUp, takeTicket } from "./seat";
import { playSounds } from "./sounds";
import type { State } from "./stages";

export type Ending = Exclude<Farewell, "again"> | "refused" | "gave_up";

export interface CallHooks {
  /** Something in the room changed: look at it again. */
  changed(): void;
  /** The call is now in this state. trouble: key of a text that says what stands in the way. */
  state(state: State, trouble?: string): void;
  /** The call is over and does not come back by itself. */
  ended(why: Ending): void;
  /** A device or a publication failed. */
  failed(error: unknown): void;
}

const FINAL = new Set([401, 403, 404]);

const CHANGES = [
  RoomEvent.ParticipantConnected,
  RoomEvent.ParticipantDisconnected,
  RoomEvent.ParticipantNameChanged,
  RoomEvent.ParticipantMetadataChanged,
  RoomEvent.TrackSubscribed,
  RoomEvent.TrackUnsubscribed,
  RoomEvent.TrackMuted,
  RoomEvent.TrackUnmuted,
  RoomEvent.TrackUnpublished,
  RoomEvent.LocalTrackPublished,
  RoomEvent.LocalTrackUnpublished,
  RoomEvent.ActiveSpeakersChanged,
  RoomEvent.ConnectionQualityChanged,
] as const;

function options(): RoomOptions {
  return {
    adaptiveStream: true,
    dynacast: true,
    // Our own tracks outlive a connection; `OwnMedia` stops them.
    stopLocalTrackOnUnpublish: false,
    publishDefaults: { simulcast: true },
    reconnectPolicy: new DefaultReconnectPolicy(OWN_ATTEMPTS),
    ...(preferences.speaker ? { audioOutput: { deviceId: preferences.speaker } } : {}),
  };
}

/** Waits, but not beyond the moment at which the network is back. */
function pause(ms: number): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    window.addEventListener(
      "online",
      () => {
        clearTimeout(timer);
        done();
      },
      { once: true },
    );
  });
}

export class Call {
  room: Room | undefined;
  private inside = false;

  constructor(
    private readonly own: OwnMedia,
    private readonly hooks: CallHooks,
  ) {}

  /** Goes in, and comes back in whenever the connection is lost, until `leave`. */
  async enter(): Promise<void> {
    this.inside = true;
    sitDown();
    this.hooks.state("joining");
    await this.come("joining");
  }

  async leave(): Promise<void> {
    this.end("left");
    await this.room?.disconnect(false);
  }

  /** Comes back after the browser froze the page and thereby cut the call. */
  resume(): void {
    if (!this.inside || this.room?.state !== ConnectionState.Disconnected) return;
    this.room = undefined;
    this.hooks.state("reconnecting");
    void this.come("reconnecting");
  }

  /** Publishes a track of our own, if there is a call to publish it in. */
  async publish(track: LocalTrack): Promise<void> {
    await this.room?.localParticipant.publishTrack(track);
  }

  async unpublish(track: LocalTrack): Promise<void> {
    await this.room?.localParticipant.unpublishTrack(track, true);
  }

  private async come(state: State): Promise<void> {
    const since = Date.now();
    for (let attempt = 0; this.inside; attempt += 1) {
      try {
        await this.connect();
        return;
      } catch (error) {
        if (!this.inside) return;
        if (error instanceof RequestFailed && FINAL.has(error.status)) return this.end("refused");
        if (Date.now() - since > PATIENCE) return this.end("gave_up");
        this.hooks.state(state, error instanceof NoMedia ? "no_media" : "not_reached");
      }
      await pause(delay(attempt, Math.random()));
    }
  }

  private async connect(): Promise<void> {
    const ticket = await takeTicket();
    const room = new Room(options());
    // Before it connects: those who are there already are heard from the first moment on.
    this.listen(room);
    let answered = false;
    room.once(RoomEvent.SignalConnected, () => {
      answered = true;
    });
    try {
      await room.connect(ticket.url, ticket.token, {
        maxRetries: 0,
        websocketTimeout: 6000,
        peerConnectionTimeout: 12_000,
      });
    } catch (error) {
      await room.disconnect(false);
      throw answered ? new NoMedia() : error;
    }
    if (!this.inside) return void (await room.disconnect(false));
    this.room = room;
    this.hooks.state("joined");
    await Promise.all(this.own.publishable().map((track) => this.publish(track).catch(this.hooks.failed)));
    this.hooks.changed();
  }

  private listen(room: Room): void {
    for (const event of CHANGES) room.on(event, () => this.hooks.changed());
    room.on(RoomEvent.LocalTrackUnpublished, ({ source }) => {
      if (source === Track.Source.ScreenShare) this.own.closeScreen();
    });
    const state = (now: State) => {
      if (room === this.room && this.inside) this.hooks.state(now);
    };
    room.on(RoomEvent.SignalReconnecting, () => state("reconnecting"));
    room.on(RoomEvent.Reconnecting, () => state("reconnecting"));
    room.on(RoomEvent.Reconnected, () => state("joined"));
    room.on(RoomEvent.MediaDevicesError, (error) => this.hooks.failed(error));
    room.on(RoomEvent.Disconnected, (reason) => this.disconnected(room, reason));
    playSounds(room);
  }

  private disconnected(room: Room, reason: DisconnectReason | undefined): void {
    if (!this.inside || room !== this.room) return;
    const why = farewell(reason);
    // The page itself goes away, or is frozen: the seat stays ours, and `wasSeated` or `resume` brings us back.
    if (why === "left") return;
    if (why !== "again") {
      this.end(why);
      return;
    }
    this.room = undefined;
    this.hooks.state("reconnecting");
    void this.come("reconnecting");
  }

  private end(why: Ending): void {
    this.inside = false;
    standUp();
    this.own.closeAll();
    this.hooks.ended(why);
  }
}

/** The media server answers, but no media gets through. */
class NoMedia extends Error {}
