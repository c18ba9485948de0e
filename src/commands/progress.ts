/** How far a crawl or a build has come. */
import type { MediaEvent } from "../crawl/media.js";
import type { WalkEvent } from "../crawl/walk.js";
import { eventWords, type FetchEvent } from "../http/events.js";
import type { Terminal } from "./terminal.js";

/** Milliseconds after which a person who waits wants to know why. */
const LONG_WAIT = 10_000;

export class Progress {
  readonly #terminal: Terminal;
  readonly #states = new Map<string, number>();
  #listing = "listing page 1";
  #share = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  read(event: WalkEvent): void {
    this.#terminal.event(event);
    if (event.event === "listing") {
      const { pageNumber, pageCount } = event;
      this.#listing = `listing page ${pageNumber ?? "?"}${pageCount === null ? "" : ` of ${pageCount}`}`;
      this.#share = pageNumber === null || pageCount === null ? 0 : pageNumber / pageCount;
    } else this.#states.set(event.state, (this.#states.get(event.state) ?? 0) + 1);
    this.#show();
  }

  /** Something of the network that a person who waits wants to know. */
  fetching(event: FetchEvent): void {
    const message = eventWords(event);
    if (message === null) return;
    this.#terminal.event({ ...event, message });
    // Said at once, also where progress is shown every ten seconds: nothing else happens until it is over.
    const isLong = event.event === "wait" && event.waitMs >= LONG_WAIT;
    if (event.event === "robots" || event.event === "warning" || isLong)
      this.#terminal.warn(message);
    else this.#terminal.progress(() => message);
  }

  /** An image or attachment that came, or did not. */
  media(event: MediaEvent): void {
    this.#terminal.event(event);
    this.#terminal.progress(() => `images and attachments: ${event.done} of ${event.of}`);
  }

  #show(): void {
    this.#terminal.progress(() => {
      const states = [...this.#states].map(([state, n]) => `${n} ${state}`).join(", ");
      const share = this.#share === 0 ? "" : ` (${Math.round(this.#share * 100)} %)`;
      return `${this.#listing}${share} · ${states || "no article yet"}`;
    });
  }
}
