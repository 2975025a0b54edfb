/** What the server sends and takes: the types of realtime/comity/live/protocol.md. */

export interface Author {
  account: number;
  name: string;
  initials: string;
  post: string;
  authority: string;
  state: string;
}

/** A file of a message. label: its type. size: in words. readable: false where it was changed and does not open. */
export interface SentFile {
  id: string;
  name: string;
  label: string;
  size: string;
  readable: boolean;
}

export interface Entry {
  position: number;
  kind: "message" | "event" | "silent";
  at: string;
  time: string;
  moment: string;
  day: string;
  author: Author | null;
  mine: boolean;
  ours: boolean;
  html: string;
  text: string;
  client_id: string | null;
  language: string | null;
  files: SentFile[];
}

export interface Slice {
  entries: Entry[];
  position: number;
  more: boolean;
}

export interface Reader {
  account: number;
  name: string;
  authority: string;
  position: number;
}

export interface Who {
  account: number;
  name: string;
  authority: string;
}

export interface Posted {
  position: number;
  sent_at: string;
}

export type Joined = Slice & { readers: Reader[]; here: Who[] };

export type Answer<T> = ({ ok: true } & T) | { ok: false; error: string; message: string };

/** Events from the server. Each is a hint: what it tells of can be read again. */
export interface FromServer {
  appended: (hint: { consultation: string; position: number }) => void;
  presence: (now: { here: Who[] }) => void;
  typing: (hint: { who: Who; on: boolean }) => void;
  read: (reader: Reader) => void;
}

/** Events to the server, each answered. */
export interface ToServer {
  join: (payload: { consultation: string; cursor: number }, answer: (a: Answer<Joined>) => void) => void;
  read_after: (payload: { cursor: number }, answer: (a: Answer<Slice>) => void) => void;
  post: (payload: { client_id: string; body: string; files: string[] }, answer: (a: Answer<Posted>) => void) => void;
  read: (payload: { position: number }, answer: (a: Answer<{ position: number }>) => void) => void;
  typing: (payload: { on: boolean }, answer: (a: Answer<object>) => void) => void;
  draft: (payload: { body: string }, answer: (a: Answer<object>) => void) => void;
  leave: (payload: object, answer: (a: Answer<object>) => void) => void;
}

/** What the page hands to the island. position: of the last entry that the page shows. files: where they are got from.
 * waiting: files that were given and not sent. */
export interface PageData {
  publicId: string;
  account: number;
  position: number;
  read: number;
  newest: boolean;
  readers: Reader[];
  urls: { events: string; messages: string; read: string; draft: string; files: string };
  files: string;
  waiting: SentFile[];
  mostFiles: number;
  mostBytes: number;
  present: string | null;
}

export type Texts = Record<
  | "connected"
  | "connecting"
  | "reconnecting"
  | "slow"
  | "ended"
  | "gone"
  | "sending"
  | "waiting"
  | "failed"
  | "not_taken"
  | "again"
  | "discard"
  | "sent"
  | "unread_by_all"
  | "read_by"
  | "typing_one"
  | "typing_many"
  | "here"
  | "here_alone"
  | "new"
  | "arrived"
  | "arrived_many"
  | "draft_kept"
  | "draft_kept_here"
  | "earlier_failed"
  | "files"
  | "uploading"
  | "upload_waiting"
  | "upload_failed"
  | "held"
  | "remove"
  | "file_too_large"
  | "too_many_files"
  | "room_now",
  string
>;
