/** Calls something when calls have paused for a while; a call under way is told to stop when a newer one comes. */
export function pause(ms: number, then: (signal: AbortSignal) => Promise<void>): () => void {
  let timer = 0;
  let running = new AbortController();
  return () => {
    clearTimeout(timer);
    running.abort();
    running = new AbortController();
    const { signal } = running;
    timer = window.setTimeout(() => void then(signal), ms);
  };
}
