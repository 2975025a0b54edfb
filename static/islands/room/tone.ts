/** Three notes to test a speaker with. */

import { soundThrough } from "./devices";

const NOTES_HZ = [523.25, 659.25, 783.99];
const NOTE_S = 0.28;

/** Plays the notes through the chosen speaker; settles when they have ended. */
export async function playTone(): Promise<void> {
  const context = new AudioContext();
  const out = context.createMediaStreamDestination();
  const element = new Audio();
  element.srcObject = out.stream;
  await soundThrough(element);
  await element.play();
  const start = context.currentTime + 0.05;
  NOTES_HZ.forEach((frequency, index) => {
    const gain = new GainNode(context, { gain: 0 });
    const note = new OscillatorNode(context, { frequency });
    const from = start + index * NOTE_S;
    gain.gain.setTargetAtTime(0.25, from, 0.02);
    gain.gain.setTargetAtTime(0, from + NOTE_S * 0.7, 0.04);
    note.connect(gain).connect(out);
    note.start(from);
    note.stop(from + NOTE_S * 1.2);
  });
  await new Promise((done) => setTimeout(done, (NOTES_HZ.length * NOTE_S + 0.4) * 1000));
  element.srcObject = null;
  await context.close();
}
