/** A consultation, live: what others write appears, what one writes goes out, whatever the network does. */

import { say } from "../lib/announce";
import { byId } from "../lib/dom";
import { fill, readJson } from "../lib/texts";
import { Attaching } from "./attaching";
import { Composer } from "./composer";
import { Connection, type State } from "./connection";
import { Single, take } from "./cursor";
import { earlier } from "./earlier";
import { listBeside } from "./files";
import { People } from "./people";
import type { Entry, Joined, PageData, SentFile, Slice, Texts } from "./protocol";
import { Queue } from "./queue";
import { Reading } from "./reading";
import { Sender } from "./sender";
import { localStore, Store } from "./store";
import { Thread } from "./thread";

const POLL_MS = 5000;
const NEAR_END_PX = 300;
const CLEAR_PX = 16;
const WORDS_READ_ALOUD = 160;
const MOST_READ_ALOUD = 3;

class Consultation {
  readonly #data = readJson<PageData>("consultation-data");
  readonly #texts = readJson<Texts>("consultation-texts");
  readonly #chip = byId("connection", HTMLElement);
  readonly #form = byId("composer", HTMLFormElement);
  readonly #arrivals = byId("arrivals", HTMLElement);
  readonly #store = new Store(this.#data.account, this.#data.publicId, localStore());
  readonly #people = new People(this.#texts, this.#data.account, this.#data.present);
  readonly #connection = new Connection(
    this.#data,
    () => this.#position,
    (answer) => this.#joined(answer),
    (state) => this.#changed(state),
  );
  readonly #thread = new Thread(this.#texts, this.#data.account, this.#data.files, {
    retry: (clientId) => this.#sender.retry(clientId),
    discard: (clientId) => this.#sender.discard(clientId),
  });
  readonly #sender = new Sender(
    new Queue(this.#store),
    this.#connection,
    (pending, progress, reason) => this.#thread.progress(pending, progress, reason),
    ({ clientId }, position) => (position > this.#position ? void this.#pull.run() : this.#thread.drop(clientId)),
  );
  readonly #attaching = new Attaching(this.#texts, this.#data, this.#spoken(), () => this.#composer.filesChanged());
  readonly #composer: Composer = new Composer(
    this.#texts,
    this.#store,
    this.#connection,
    this.#attaching,
    (body, files) => this.#send(body, files),
  );
  readonly #reading: Reading;
  readonly #pull = new Single(() => this.#readOn());
  #position = this.#data.position;

  constructor() {
    this.#reading = new Reading(this.#connection, () => this.#position, this.#data.read, byId("typing", HTMLElement));
  }

  start(): void {
    this.#store.forgetOthers();
    this.#thread.read(this.#data.readers);
    this.#sender.restore();
    earlier(this.#thread.list, this.#texts.earlier_failed);
    this.#showEnd();
    const { socket } = this.#connection;
    socket.on("appended", (hint) => {
      if (hint.position > this.#position) void this.#pull.run();
    });
    socket.on("presence", ({ here }) => this.#people.here(here));
    socket.on("typing", ({ who, on }) => this.#people.typing(who.account, who.name, on));
    socket.on("read", (reader) => this.#thread.read([reader]));
    setInterval(() => this.#poll(), POLL_MS);
    this.#connection.start();
  }

  /** The files of messages that wait to go out. */
  #spoken(): Set<string> {
    return new Set(new Queue(this.#store).all().flatMap(({ files }) => files.map((file) => file.id)));
  }

  #send(body: string, files: SentFile[]): void {
    this.#thread.removeUnreadLine();
    this.#sender.send(body, files);
    this.#toEnd();
  }

  #joined(answer: Joined): void {
    this.#take(answer);
    this.#thread.read(answer.readers);
    this.#people.here(answer.here);
    if (answer.more) void this.#pull.run();
    void this.#sender.flush();
    void this.#composer.keep();
    void this.#reading.tell();
  }

  async #readOn(): Promise<void> {
    for (let more = true; more; ) {
      try {
        const slice = await this.#connection.after(this.#position);
        this.#take(slice);
        more = slice.more;
      } catch {
        // Whatever was missed is read from the cursor with the next hint, poll or join.
        return;
      }
    }
  }

  #take(slice: Slice): void {
    const taken = take(this.#position, slice.entries);
    const atEnd = this.#hidden() < NEAR_END_PX;
    const reading = this.#reading.present;
    let marked = reading;
    for (const entry of taken.fresh) {
      const foreign = entry.kind === "message" && !entry.mine;
      // What the journal holds needs no sending, even if its acknowledgement was lost.
      if (entry.client_id) this.#sender.discard(entry.client_id);
      this.#thread.append(entry, foreign && !marked);
      listBeside(entry, this.#data.files);
      marked ||= foreign;
      if (entry.author) this.#people.typing(entry.author.account, "", false);
    }
    this.#position = taken.position;
    this.#announce(taken.fresh);
    if (atEnd && taken.fresh.length) this.#toEnd();
    void this.#reading.tell();
    if (taken.gap) void this.#pull.run();
  }

  #announce(entries: readonly Entry[]): void {
    const messages = entries.filter((entry) => entry.kind === "message" && !entry.mine);
    if (entries.some((entry) => entry.kind === "event")) void this.#people.lookIntoRoom();
    if (messages.length > MOST_READ_ALOUD) {
      say(this.#arrivals, fill(this.#texts.arrived_many, { count: messages.length }));
    } else if (messages.length) {
      say(this.#arrivals, messages.map((entry) => this.#aloud(entry)).join("\n"));
    }
  }

  #aloud(entry: Entry): string {
    const line = document.getElementById(`e${entry.position}`);
    const said = line?.querySelector(".body")?.textContent?.trim() || entry.files.map((file) => file.name).join(", ");
    const words = said.slice(0, WORDS_READ_ALOUD);
    return fill(this.#texts.arrived, { name: entry.author?.name ?? "", words });
  }

  /** While no WebSocket gets through: messages come and go over HTTP, a little later. */
  #poll(): void {
    if (this.#connection.state !== "reconnecting" && this.#connection.state !== "slow") return;
    void this.#pull.run();
    void this.#sender.flush();
  }

  #changed(state: State): void {
    this.#chip.textContent = this.#texts[state];
    this.#chip.dataset.state = state;
    this.#chip.classList.toggle("good", state === "connected");
    this.#chip.classList.toggle("warn", state === "reconnecting" || state === "slow");
    this.#chip.classList.toggle("bad", state === "ended" || state === "gone");
    if (state !== "connected") this.#people.unknown();
  }

  /** A long thread opens where the reader left off. */
  #showEnd(): void {
    if (location.hash || document.documentElement.scrollHeight <= window.innerHeight) return;
    const unread = document.getElementById("unread");
    if (unread) unread.scrollIntoView({ block: "center" });
    else this.#toEnd();
  }

  /** How far the last line reaches below the upper edge of the composer, which sticks to the window's foot. */
  #hidden(): number {
    const end = this.#thread.end?.getBoundingClientRect().bottom ?? 0;
    return end - this.#form.getBoundingClientRect().top;
  }

  #toEnd(): void {
    const hidden = this.#hidden() + CLEAR_PX;
    if (hidden > 0) window.scrollBy(0, hidden);
  }
}

// An earlier page of the thread stands still; its end is not where new messages go.
if (readJson<PageData>("consultation-data").newest) new Consultation().start();
