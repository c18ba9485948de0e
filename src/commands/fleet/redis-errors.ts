/** What a worker says while Redis does not answer: each connection of each queue says so every second or two. */
import type { Terminal } from "../terminal.js";

/** Milliseconds in which the same is said once. */
const EVERY = 60_000;

export function redisErrors(terminal: Pick<Terminal, "warn" | "event">, now = Date.now) {
  const said = new Map<string, number>();
  return (error: Error & { readonly code?: string }): void => {
    // An error of several IP addresses has no message.
    const message = error.message || (error.code ?? error.name);
    if (now() - (said.get(message) ?? Number.NEGATIVE_INFINITY) < EVERY) return;
    said.set(message, now());
    terminal.warn(`Redis: ${message}`);
    terminal.event({ event: "redis", message });
  };
}
