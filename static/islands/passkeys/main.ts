/** Buttons that make or show a passkey. Without this script, or in a browser without passkeys, none is to be seen. */

import { postJson, RequestFailed } from "../lib/http";
import { readJson } from "../lib/texts";
import { type CreationJson, create, get, type RequestJson } from "./credentials";

interface Texts {
  cancelled: string;
  refused: string;
  known: string;
  too_many: string;
  stale: string;
  failed: string;
}

const texts = readJson<Texts>("passkey-texts");

if ("PublicKeyCredential" in window) {
  for (const part of document.querySelectorAll<HTMLElement>("[data-passkeys-only]")) part.hidden = false;
  for (const part of document.querySelectorAll<HTMLElement>("[data-passkey]")) prepare(part);
}

function prepare(part: HTMLElement): void {
  const button = part.querySelector("button");
  const problem = part.querySelector<HTMLElement>("[role=alert]");
  if (!button || !problem) return;
  part.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    problem.hidden = true;
    try {
      await walk(part.dataset);
    } catch (error) {
      problem.textContent = words(error);
      problem.hidden = false;
      button.disabled = false;
      button.focus();
    }
  });
}

/** The whole ceremony: options from the server, the device, the answer to the server, and on to where it says. */
async function walk({ passkey, options, finish, next }: DOMStringMap): Promise<void> {
  if (!options || !finish) throw new Error("the button does not say where to ask");
  const asked = await postJson<unknown>(options, {});
  const credential = passkey === "create" ? await create(asked as CreationJson) : await get(asked as RequestJson);
  const answer = await postJson<{ onward: string }>(finish, { credential, next });
  location.assign(answer?.onward ?? "/");
}

function words(error: unknown): string {
  if (error instanceof RequestFailed) {
    if (error.status === 422) return texts.refused;
    if (error.status === 429) return texts.too_many;
    return error.status === 403 ? texts.stale : texts.failed;
  }
  if (!(error instanceof DOMException)) return texts.failed;
  if (error.name === "InvalidStateError") return texts.known;
  return error.name === "NotAllowedError" || error.name === "AbortError" ? texts.cancelled : texts.failed;
}
