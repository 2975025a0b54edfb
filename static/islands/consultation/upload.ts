/** One file on its way to the server: with progress, and again under the same name until it is answered. */

import type { SentFile } from "./protocol";

/** The server does not take the file; reason: in the reader's language, or empty. later: it may, another time. */
export class FileRefused extends Error {
  constructor(
    readonly reason: string,
    readonly later: boolean,
  ) {
    super(reason);
  }
}

/** Nothing was answered, or the way was cut. */
export class CutOff extends Error {}

/** Sends a file. progress: called with the share that is sent, 0 to 1. Throws FileRefused and CutOff. */
export function upload(
  url: string,
  clientId: string,
  file: File,
  signal: AbortSignal,
  progress: (share: number) => void,
): Promise<SentFile> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.responseType = "json";
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("X-CSRFToken", token());
    request.setRequestHeader("X-Client-Id", clientId);
    // In a header and not in the address: addresses stand in logs.
    request.setRequestHeader("X-File-Name", encodeURIComponent(file.name.replace(/\p{Surrogate}/gu, "_")));
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      if (request.status === 200) resolve(request.response as SentFile);
      else if (request.status === 502 || request.status === 504) reject(new CutOff());
      else reject(refusal(request));
    });
    request.addEventListener("error", () => reject(new CutOff()));
    request.addEventListener("abort", () => reject(new CutOff()));
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

function refusal({ status, response }: XMLHttpRequest): FileRefused {
  const later = status >= 500 || status === 401 || status === 429;
  return new FileRefused((response as { detail?: string } | null)?.detail ?? "", later);
}

function token(): string {
  return document.querySelector<HTMLInputElement>('input[name="csrf_token"]')?.value ?? "";
}
