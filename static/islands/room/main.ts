/** The room page: green room, call, and the page after it. */

import { setLogLevel } from "livekit-client";
import { toast } from "../lib/announce";
import { byId } from "../lib/dom";
import { CallPage } from "./callpage";
import { text } from "./config";
import { GreenRoom } from "./green";
import { OwnMedia } from "./own";
import { preferences } from "./preferences";
import { obstacle, problemKey } from "./problems";
import { wasSeated } from "./seat";
import { shortcuts } from "./shortcuts";
import { currentState } from "./stages";

setLogLevel("error");

const own = new OwnMedia();
const green = new GreenRoom(own);
const page = new CallPage(own);

/** Opens what was on when one was last in the room; goes in without what does not open. */
async function openAsBefore(): Promise<void> {
  for (const kind of ["microphone", "camera"] as const) {
    if (!preferences[`${kind}On`]) continue;
    await own.open(kind).catch((error: unknown) => toast(text(problemKey(error, kind)), "bad"));
  }
}

async function comeBack(): Promise<void> {
  await openAsBefore();
  await page.call.enter();
}

byId("enter", HTMLButtonElement).onclick = () => {
  green.stop();
  void page.call.enter();
};
byId("return", HTMLButtonElement).onclick = () => void comeBack();

const inGreenRoom = () => currentState() === "green";
const inCall = () => currentState() === "joined" || currentState() === "reconnecting";
shortcuts({
  m: () => (inGreenRoom() ? green.toggle.microphone() : inCall() && page.acts.microphone()),
  v: () => (inGreenRoom() ? green.toggle.camera() : inCall() && page.acts.camera()),
  s: () => inCall() && page.acts.screen(),
  g: () => inCall() && page.acts.layout(),
  p: () => inCall() && page.acts.people(),
});

// A page taken out of the browser's back-forward cache has lost its connection for good.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

document.addEventListener("resume", () => page.call.resume());

if (wasSeated() && !obstacle()) void comeBack();
else void green.start();
