/** The green room: see yourself, hear the speaker, choose the devices, see who is there already. */

import { byId, icon, make } from "../lib/dom";
import { getJson } from "../lib/http";
import { config, text } from "./config";
import { CAMERA, MICROPHONE, once, press } from "./controls";
import { canChooseSpeaker, deviceLists } from "./devices";
import { LevelMeter } from "./level";
import type { OwnMedia } from "./own";
import { type Kind, prefer, preferences } from "./preferences";
import { type Input, obstacle, problemKey } from "./problems";
import { playTone } from "./tone";

const LOOK_EVERY_MS = 10_000;
const HEARD_FROM = 0.55;

interface Presence {
  present: { name: string; authority: string }[];
}

const buttons = {
  camera: byId("green-camera", HTMLButtonElement),
  microphone: byId("green-microphone", HTMLButtonElement),
};
const picture = byId("preview-video", HTMLVideoElement);
const level = byId("level", HTMLMeterElement);
const heard = byId("heard", HTMLElement);

export class GreenRoom {
  private readonly problems = new Map<Input, string>();
  private readonly refresh: () => Promise<void>;
  private readonly meter = new LevelMeter((value) => this.loudness(value));
  private readonly looking = new AbortController();
  private heardSomething = false;

  constructor(private readonly own: OwnMedia) {
    this.refresh = deviceLists(
      {
        camera: byId("green-camera-device", HTMLSelectElement),
        microphone: byId("green-microphone-device", HTMLSelectElement),
        speaker: byId("green-speaker-device", HTMLSelectElement),
      },
      (kind, id) => void this.choose(kind, id),
    );
    byId("green-speaker", HTMLElement).hidden = !canChooseSpeaker;
    for (const kind of ["camera", "microphone"] as const) buttons[kind].onclick = this.toggle[kind];
    const said = byId("tone-played", HTMLElement);
    byId("tone", HTMLButtonElement).onclick = once(async () => {
      said.textContent = "";
      await playTone();
      said.textContent = text("tone_played");
    });
  }

  readonly toggle: Record<Input, () => void> = {
    camera: once(() => this.turn("camera")),
    microphone: once(() => this.turn("microphone")),
  };

  /** Opens the devices that were on last time, and keeps looking who is there. */
  async start(): Promise<void> {
    void this.look();
    const impossible = obstacle();
    if (impossible) {
      this.showProblems([impossible]);
      byId("enter", HTMLButtonElement).disabled = true;
      for (const button of Object.values(buttons)) button.disabled = true;
      return;
    }
    await this.openWanted();
    await this.refresh();
    this.render();
  }

  /** Hands the devices over to the call: they stay on. */
  stop(): void {
    this.looking.abort();
    this.meter.stop();
    this.own.camera?.detach(picture);
  }

  private async openWanted(): Promise<void> {
    const wanted = (["microphone", "camera"] as const).filter((kind) => preferences[`${kind}On`]);
    if (wanted.length === 2) {
      // One question to the person instead of two; it fails as a whole when one device is missing.
      const both = await this.own.openBoth().then(
        () => true,
        () => false,
      );
      if (both) return;
    }
    for (const kind of wanted) await this.open(kind);
  }

  private async open(kind: Input): Promise<void> {
    try {
      await this.own.open(kind);
      this.problems.delete(kind);
    } catch (error) {
      this.problems.set(kind, problemKey(error, kind));
    }
  }

  private async turn(kind: Input): Promise<void> {
    if (this.own.isOn(kind)) this.own.close(kind);
    else await this.open(kind);
    prefer(kind === "camera" ? { cameraOn: this.own.isOn(kind) } : { microphoneOn: this.own.isOn(kind) });
    await this.refresh();
    this.render();
  }

  private async choose(kind: Kind, id: string): Promise<void> {
    prefer({ [kind]: id });
    if (kind !== "speaker") {
      // Opened anew, and not changed in place: the old device may be the one that fails.
      this.own.close(kind);
      await this.open(kind);
    }
    this.render();
  }

  private render(): void {
    press(buttons.camera, this.own.isOn("camera"), true, CAMERA);
    press(buttons.microphone, this.own.isOn("microphone"), true, MICROPHONE);
    this.own.camera?.attach(picture);
    picture.hidden = !this.own.isOn("camera");
    byId("preview", HTMLElement).dataset.camera = picture.hidden ? "off" : "on";
    this.heardSomething = false;
    heard.textContent = this.own.isOn("microphone") ? text("speak") : text("you_muted");
    if (this.own.microphone) this.meter.start(this.own.microphone.mediaStreamTrack);
    else this.meter.stop();
    this.showProblems([...new Set(this.problems.values())]);
  }

  private loudness(value: number): void {
    level.value = value;
    if (value < HEARD_FROM || this.heardSomething) return;
    this.heardSomething = true;
    heard.textContent = text("heard");
  }

  private showProblems(keys: string[]): void {
    const notices = keys.map((key) =>
      make("p", { class: "notice warn", "data-problem": key }, icon("warning"), text(key)),
    );
    byId("problems", HTMLElement).replaceChildren(...notices);
  }

  private async look(): Promise<void> {
    const words = byId("present", HTMLElement).querySelector("span");
    while (words && !this.looking.signal.aborted) {
      const now = await getJson<Presence>(config.present_url, this.looking.signal).then(whoIsThere, () =>
        text("not_known"),
      );
      // Only a change is read aloud.
      if (words.textContent !== now) words.textContent = now;
      await new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
    }
  }
}

function whoIsThere({ present }: Presence): string {
  if (present.length === 0) return text("nobody_here");
  const names = present.map(({ name, authority }) => (authority ? `${name} (${authority})` : name));
  const list = new Intl.ListFormat(document.documentElement.lang, { type: "conjunction" });
  return text("here", { names: list.format(names) });
}
