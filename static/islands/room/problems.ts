/** From what a browser throws to what a person can do about it. Pure but for `obstacle`, which looks at the browser. */

export type Input = "camera" | "microphone";

/** The key of the text for an error of getUserMedia (Media Capture and Streams, 10.2). */
export function problemKey(error: unknown, kind: Input): string {
  switch (error instanceof Error ? error.name : "") {
    case "NotAllowedError":
    case "SecurityError":
      return "denied";
    case "NotFoundError":
    case "OverconstrainedError":
      return `${kind}_missing`;
    case "NotReadableError":
    case "AbortError":
      return `${kind}_busy`;
    default:
      return "device_failed";
  }
}

/** The key of the text for what makes a call impossible in this browser, or undefined. */
export function obstacle(): string | undefined {
  if (!window.isSecureContext) return "insecure";
  if (!("RTCPeerConnection" in window) || !navigator.mediaDevices?.getUserMedia) return "no_webrtc";
  return undefined;
}
