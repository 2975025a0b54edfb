/** The socket: one consultation, joined again by itself, with a way over HTTP where no WebSocket gets through. */

import { io, type Socket } from "socket.io-client";
import { getJson, postJson, RequestFailed } from "../lib/http";
import type { Answer, FromServer, Joined, PageData, Posted, Slice, ToServer } from "./protocol";
import type { Pending } from "./queue";

export type State = "connecting" | "connected" | "reconnecting" | "slow" | "ended" | "gone";

const ANSWER_MS = 6000;
const PROBE_MS = 3000;

/** The server said no; reason: in the reader's language. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    readonly reason: string,
  ) {
    super(code);
  }
}

/** Nothing was answered: whether it was done is not known. */
export class Unreachable extends Error {}

/** Gives up waiting; should the answer come later, nobody is harmed: every call may be repeated. */
async function inTime<T>(request: Promise<T>): Promise<T> {
  let timer = 0;
  const late = new Promise<never>((_, reject) => {
    timer = window.setTimeout(() => reject(new Unreachable()), ANSWER_MS);
  });
  return Promise.race([request, late]).finally(() => clearTimeout(timer));
}

type Names = keyof ToServer;
type Sent<N extends Names> = Parameters<ToServer[N]>[0];
type Got<N extends Names> = Extract<Parameters<Parameters<ToServer[N]>[1]>[0], { ok: true }>;

export class Connection {
  readonly socket: Socket<FromServer, ToServer>;
  #state: State = "connecting";

  /** cursor: how far the page has read. joined: called after each join, with what was missed. */
  constructor(
    readonly data: PageData,
    readonly cursor: () => number,
    readonly joined: (answer: Joined) => void,
    readonly changed: (state: State) => void,
  ) {
    this.socket = io("/consultations", {
      transports: ["websocket"],
      autoConnect: false,
      timeout: 8000,
      reconnectionDelay: 500,
      reconnectionDelayMax: 10_000,
    });
    this.socket.on("connect", () => void this.#join());
    this.socket.on("disconnect", (reason) => this.#lost(reason));
    this.socket.on("connect_error", (error) => this.#failed(error));
    for (const event of ["online", "offline"]) window.addEventListener(event, () => void this.probe());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) void this.probe();
    });
  }

  get state(): State {
    return this.#state;
  }

  /** Whether what is sent now has a way to go. */
  get open(): boolean {
    return this.#state === "connected" || this.#state === "slow";
  }

  start(): void {
    this.socket.connect();
  }

  after(cursor: number): Promise<Slice> {
    if (this.#live) return this.#ask("read_after", { cursor });
    return this.#over(() => getJson<Slice>(`${this.data.urls.events}?after=${cursor}`));
  }

  post({ clientId, body, files }: Pending): Promise<Posted> {
    const payload = { client_id: clientId, body, files: files.map((file) => file.id) };
    if (this.#live) return this.#ask("post", payload);
    return this.#over(() => postJson<Posted>(this.data.urls.messages, payload) as Promise<Posted>);
  }

  async read(position: number): Promise<void> {
    if (this.#live) await this.#ask("read", { position });
    else await this.#over(() => postJson(this.data.urls.read, { position }));
  }

  async draft(body: string): Promise<void> {
    if (this.#live) await this.#ask("draft", { body });
    else await this.#over(() => postJson(this.data.urls.draft, { body }));
  }

  typing(on: boolean): void {
    if (this.#live) this.#ask("typing", { on }).catch(() => undefined);
  }

  /** Asks whether the other end is still there; a connection that is only believed to stand is given up at once. */
  async probe(): Promise<void> {
    if (this.#state === "gone") return;
    if (!this.socket.connected) {
      this.socket.disconnect().connect();
      return;
    }
    await this.#ask("read_after", { cursor: this.cursor() }, PROBE_MS).catch(() => undefined);
  }

  get #live(): boolean {
    return this.socket.connected && this.#state === "connected";
  }

  async #join(): Promise<void> {
    try {
      const wanted = { consultation: this.data.publicId, cursor: this.cursor() };
      const answer = await this.#ask("join", wanted);
      this.#enter("connected");
      this.joined(answer);
    } catch (error) {
      if (error instanceof Refused) this.#enter(error.code === "not-found" ? "gone" : "ended");
    }
  }

  #lost(reason: string): void {
    if (this.#state !== "gone") this.#enter("reconnecting");
    // The server ended it: signed out, or other posts. To knock again is to be judged again.
    if (reason === "io server disconnect") this.socket.connect();
  }

  #failed(error: Error): void {
    if (!this.socket.active) this.#enter(error.message === "sign-in-required" ? "ended" : "reconnecting");
    else if (this.#state !== "slow") this.#enter("reconnecting");
  }

  /** Over HTTP. That it works while the socket does not is a state of its own. */
  async #over<T>(request: () => Promise<T>): Promise<T> {
    try {
      const answer = await inTime(request());
      if (this.#state === "reconnecting") {
        this.#enter("slow");
        // The network is back: the socket need not sit out its pause.
        this.socket.disconnect().connect();
      }
      return answer;
    } catch (error) {
      if (!(error instanceof RequestFailed)) {
        if (this.#state === "slow") this.#enter("reconnecting");
        throw new Unreachable();
      }
      if (error.status === 401) this.#enter("ended");
      if (error.status === 404) this.#enter("gone");
      if (error.status >= 500 || error.status === 401) throw new Unreachable();
      throw new Refused(String(error.status), "");
    }
  }

  async #ask<N extends Names>(event: N, payload: Sent<N>, within = ANSWER_MS): Promise<Got<N>> {
    let answer: Answer<object>;
    try {
      const timed = this.socket.timeout(within) as unknown as {
        emitWithAck(name: string, payload: unknown): Promise<Answer<object>>;
      };
      answer = await timed.emitWithAck(event, payload);
    } catch {
      // An answer that does not come in time: the connection is dead, though nobody has said so yet.
      if (this.socket.connected) this.socket.io.engine.close();
      throw new Unreachable();
    }
    if (answer.ok) return answer as Got<N>;
    if (answer.error === "sign-in-required" || answer.error === "internal") throw new Unreachable();
    throw new Refused(answer.error, answer.message);
  }

  #enter(state: State): void {
    if (state === this.#state) return;
    this.#state = state;
    this.changed(state);
  }
}
