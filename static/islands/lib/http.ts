/** Requests to our own server, with the token against cross-site requests. */

function csrfToken(): string {
  return document.querySelector<HTMLInputElement>('input[name="csrf_token"]')?.value ?? "";
}

/** The answer had another status than 2xx. */
export class RequestFailed extends Error {
  constructor(readonly status: number) {
    super(`the server answered ${status}`);
  }
}

/** GET of JSON. Throws RequestFailed, or the browser's own error when there is no connection. */
export async function getJson<T>(url: string, signal?: AbortSignal): Promise<T> {
  const answer = await fetch(url, { headers: { Accept: "application/json" }, ...(signal ? { signal } : {}) });
  if (!answer.ok) throw new RequestFailed(answer.status);
  return (await answer.json()) as T;
}

/** POST of JSON, answered by JSON or nothing. Throws as getJson does. */
export async function postJson<T>(url: string, body: unknown): Promise<T | undefined> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new RequestFailed(answer.status);
  const text = await answer.text();
  return text ? (JSON.parse(text) as T) : undefined;
}

/** Sends a form as the browser would, without leaving the page. */
export async function postForm(form: HTMLFormElement, submitter?: HTMLElement | null): Promise<void> {
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form, submitter ?? null) });
  if (!answer.ok) throw new RequestFailed(answer.status);
}
