/** The call as people see and use it: tiles, roster, buttons, dialog, and what is read aloud. */

import { ConnectionQuality } from "livekit-client";
import { toast } from "../lib/announce";
import { byId } from "../lib/dom";
import { Call, type Ending } from "./call";
import { Changes } from "./changes";
import { text } from "./config";
import { CAMERA, MICROPHONE, once, press, SCREEN } from "./controls";
import { canChooseSpeaker, deviceLists } from "./devices";
import { type Layout, largeTile, lastSpeaker } from "./layout";
import type { OwnMedia } from "./own";
import { type Kind, prefer, preferences } from "./preferences";
import { type Input, problemKey } from "./problems";
import { showRoster } from "./roster";
import { Speech } from "./speech";
import { currentState, type State, show } from "./stages";
import { TileWall } from "./tiles";
import { Elapsed, keepAwake } from "./timer";
import { people, tiles } from "./view";

const button = (id: string) => byId(id, HTMLButtonElement);
const { tell } = new Speech(byId("said", HTMLElement));
/** Where the people lie over the pictures, they come when they are called. */
const NARROW = matchMedia("(max-width: 60rem)");

export class CallPage {
  readonly call: Call;
  private readonly wall = new TileWall(byId("tiles", HTMLElement));
  private readonly changes = new Changes(tell);
  private readonly elapsed = new Elapsed(byId("elapsed", HTMLTimeElement));
  private readonly refreshDevices: () => Promise<void>;
  private layout: Layout = "alike";
  private speaker: string | undefined;
  private scheduled = false;

  constructor(private readonly own: OwnMedia) {
    this.call = new Call(own, {
      changed: () => this.schedule(),
      state: (state, trouble) => this.state(state, trouble),
      ended: (why) => this.ended(why),
      failed: (error) => toast(text(problemKey(error, "camera")), "bad"),
    });
    this.refreshDevices = deviceLists(
      {
        camera: byId("camera-device", HTMLSelectElement),
        microphone: byId("microphone-device", HTMLSelectElement),
        speaker: byId("speaker-device", HTMLSelectElement),
      },
      (kind, id) => void this.choose(kind, id),
    );
    byId("call-speaker", HTMLElement).hidden = !canChooseSpeaker;
    this.wire();
  }

  readonly acts = {
    microphone: once(() => this.turn("microphone")),
    camera: once(() => this.turn("camera")),
    screen: once(() => this.share()),
    layout: () => this.changeLayout(),
    people: () => this.togglePeople(),
  };

  private wire(): void {
    button("microphone").onclick = this.acts.microphone;
    button("camera").onclick = this.acts.camera;
    button("screen").onclick = this.acts.screen;
    button("layout").onclick = this.acts.layout;
    button("people-toggle").onclick = this.acts.people;
    this.togglePeople(!NARROW.matches);
    button("leave").onclick = () => void this.call.leave();
    const settings = byId("settings", HTMLDialogElement);
    button("settings-open").onclick = () => void this.refreshDevices().then(() => settings.showModal());
    // Phones have no way to share their screen.
    button("screen").hidden = !("getDisplayMedia" in (navigator.mediaDevices ?? {}));
    const keys = byId("shortcuts", HTMLInputElement);
    keys.checked = preferences.shortcuts;
    keys.onchange = () => prefer({ shortcuts: keys.checked });
  }

  private state(state: State, trouble?: string): void {
    const before = currentState();
    show(state);
    const banner = byId("banner", HTMLElement);
    banner.hidden = state === "joined" || (state === "joining" && !trouble);
    banner.textContent = banner.hidden ? "" : text(trouble ?? "reconnecting");
    const chip = byId("connection", HTMLElement);
    chip.className = `chip ${state === "joined" ? "good" : "warn"}`;
    chip.textContent = text({ joined: "connected", reconnecting: "reconnecting_short" }[state as string] ?? "joining");
    if (state === "joined") {
      this.elapsed.start();
      keepAwake(true);
      if (before !== "joined") tell(text(before === "reconnecting" ? "back" : "entered"));
    }
    this.schedule();
  }

  private ended(why: Ending): void {
    this.elapsed.stop();
    keepAwake(false);
    this.changes.reset();
    this.wall.clear();
    byId("settings", HTMLDialogElement).close();
    byId("after-title", HTMLElement).textContent = text(why);
    byId("after-words", HTMLElement).textContent = text(why === "ended" ? "left_words" : `${why}_words`);
    show("left");
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    // Not the next frame: a window in the background has none, and its sound and roster go on.
    setTimeout(() => {
      this.scheduled = false;
      this.render();
    });
  }

  private render(): void {
    const { room } = this.call;
    press(button("microphone"), this.own.isOn("microphone"), true, MICROPHONE);
    press(button("camera"), this.own.isOn("camera"), true, CAMERA);
    press(button("screen"), this.own.screen.length > 0, false, SCREEN);
    if (!room || currentState() !== "joined") return;
    const [crowd, wall] = [people(room), tiles(room)];
    const speaking = crowd.filter((who) => who.speaking && !who.local).map((who) => who.identity);
    this.speaker = lastSpeaker(this.speaker, speaking);
    this.wall.show(wall, largeTile(wall, this.layout, this.speaker));
    showRoster(byId("roster", HTMLElement), crowd);
    this.changes.update(crowd, wall);
    const poor = [ConnectionQuality.Poor, ConnectionQuality.Lost].includes(room.localParticipant.connectionQuality);
    byId("quality", HTMLElement).textContent = text(poor ? "your_connection_poor" : "your_connection_good");
  }

  private async turn(kind: Input): Promise<void> {
    const track = this.own[kind];
    try {
      if (!track) await this.call.publish(await this.own.open(kind));
      else if (track.isMuted) await track.unmute();
      else await track.mute();
    } catch (error) {
      this.own.close(kind);
      toast(text(problemKey(error, kind)), "bad");
    }
    const isOn = this.own.isOn(kind);
    prefer(kind === "camera" ? { cameraOn: isOn } : { microphoneOn: isOn });
    tell(text(kind === "camera" ? (isOn ? "camera_is_on" : "camera_is_off") : isOn ? "you_unmuted" : "you_muted"));
    this.schedule();
  }

  private async share(): Promise<void> {
    if (this.own.screen.length > 0) {
      await Promise.all(this.own.screen.map((track) => this.call.unpublish(track)));
      this.own.closeScreen();
      tell(text("you_stopped_sharing"));
    } else {
      try {
        const screen = await this.own.openScreen(() => this.schedule());
        await Promise.all(screen.map((track) => this.call.publish(track)));
        tell(text("you_share"));
      } catch {
        this.own.closeScreen();
        toast(text("screen_denied"));
      }
    }
    this.schedule();
  }

  private async choose(kind: Kind, id: string): Promise<void> {
    prefer({ [kind]: id });
    try {
      if (kind === "speaker") await this.call.room?.switchActiveDevice("audiooutput", id);
      else await this.own.change(kind, id);
    } catch (error) {
      toast(text(kind === "speaker" ? "device_failed" : problemKey(error, kind)), "bad");
    }
    this.schedule();
  }

  private changeLayout(): void {
    this.layout = this.layout === "alike" ? "speaker" : "alike";
    press(button("layout"), this.layout === "speaker", false);
    this.schedule();
  }

  private togglePeople(shown = byId("people", HTMLElement).hidden !== false): void {
    byId("people", HTMLElement).hidden = !shown;
    press(button("people-toggle"), shown, false);
  }
}
