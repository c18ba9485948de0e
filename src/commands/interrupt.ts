/** Ctrl-C, and what a service is stopped by. */
import process from "node:process";
import { EXIT } from "../error.js";
import type { Terminal } from "./terminal.js";

/** Given at the first of them, for what has nothing to finish. */
export function interrupted(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => controller.abort());
  return controller.signal;
}

/**
 * First Ctrl-C: finish what is in hand and write it. Second: stop at once.
 *
 * @param given of a caller that listens itself
 */
export function listenForInterrupt(terminal: Terminal, given?: AbortSignal) {
  if (given !== undefined) return { signal: given, [Symbol.dispose]: () => {} };
  const controller = new AbortController();
  const listen = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    terminal.warn("interrupted: finishing what is in hand; press Ctrl-C again to stop at once");
    controller.abort();
  };
  process.on("SIGINT", listen);
  process.on("SIGTERM", listen);
  const stop = () => {
    process.off("SIGINT", listen);
    process.off("SIGTERM", listen);
  };
  return { signal: controller.signal, [Symbol.dispose]: stop };
}
