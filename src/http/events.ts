/** What happens while pages are fetched, for progress. */
import type { PageRequest } from "../model.js";

export type FetchEvent =
  | {
      readonly event: "request";
      readonly url: string;
      readonly role: PageRequest["role"] | "media" | "requisite" | "archive" | "link";
      /** From 1. */
      readonly attempt: number;
    }
  | {
      readonly event: "answer";
      readonly url: string;
      readonly status: number;
      /** Bytes of the body, decoded. */
      readonly bytes: number;
    }
  | {
      readonly event: "retry";
      readonly url: string;
      readonly reason: string;
      /** The attempt that failed, and how many there are. */
      readonly attempt: number;
      readonly attempts: number;
      readonly waitMs: number;
    }
  | {
      readonly event: "wait";
      readonly host: string;
      readonly waitMs: number;
      readonly reason: string;
    }
  | {
      readonly event: "robots";
      readonly url: string;
      readonly reason: string;
      /** The attempt that failed. */
      readonly attempt: number;
      readonly waitMs: number;
    }
  | {
      /** A Crawl-delay of robots.txt is longer than the delay that was wanted. */
      readonly event: "pace";
      readonly host: string;
      readonly delayMs: number;
      readonly wantedMs: number;
    }
  | { readonly event: "warning"; readonly message: string };

/** An event in words, for a person who waits; null for what happens with every page. */
export function eventWords(event: FetchEvent): string | null {
  const seconds = (ms: number) => `${Math.round(ms / 100) / 10} s`;
  switch (event.event) {
    case "request":
    case "answer":
      return null;
    case "retry":
      return `${event.url}: ${event.reason}; attempt ${event.attempt + 1} of ${event.attempts} in ${seconds(event.waitMs)}`;
    case "wait":
      return `${event.host}: waiting ${seconds(event.waitMs)} (${event.reason})`;
    case "robots":
      return `${event.url} cannot be read: ${event.reason}; nothing is fetched without it; next attempt in ${seconds(event.waitMs)}`;
    case "pace":
      return `${event.host}: robots.txt asks for a Crawl-delay: one request in ${seconds(event.delayMs)}; a delay of ${event.wantedMs} ms (\`--delay\`, \`politeness.delay\`) has no effect`;
    case "warning":
      return event.message;
  }
}
