/** How far a crawl or a build has come. */
import type { MediaEvent } from "../../crawl/media.js";
import type { RequisiteEvent } from "../../crawl/requisites.js";
import type { WalkEvent } from "../../crawl/walk.js";
import { eventWords, type FetchEvent } from "../../http/events.js";
import { waitWords } from "../../text.js";
import type { Terminal } from "../terminal.js";

/** Milliseconds after which a person who waits wants to know why. */
const LONG_WAIT = 10_000;

/** Pages and milliseconds after which the pace of what was done says something of what is to come. */
const [ENOUGH_PAGES, ENOUGH_MS] = [10, 5000];

export class Progress {
  readonly #terminal: Terminal;
  readonly #states = new Map<string, number>();
  #listing = "listing page 1";
  /** Rows so far, those of the pages that are still to come, and whether none are. */
  #rows = 0;
  #toCome = 0;
  #isLast = false;
  /** Milliseconds between two requests, where a site asks for more than was wanted. */
  #pace = 0;
  #isPaceSaid = false;

  readonly #now: () => number;
  /** Pages that were read, and when the first of them was. */
  #pages = 0;
  #since = 0;

  /** @param now milliseconds */
  constructor(terminal: Terminal, now: () => number = () => Date.now()) {
    this.#terminal = terminal;
    this.#now = now;
  }

  read(event: WalkEvent): void {
    this.#terminal.event(event);
    if (this.#pages++ === 0) this.#since = this.#now();
    if (event.event === "listing") {
      const { rows, pageNumber, pageCount } = event;
      this.#rows += rows;
      this.#isLast = pageNumber !== null && pageNumber === pageCount;
      const left = pageNumber === null || pageCount === null ? 0 : pageCount - pageNumber;
      // A pager that shows the next page alone does not know the last one.
      const isCounted = this.#isLast || left > 1;
      this.#toCome = isCounted ? left * (rows + 1) : 0;
      this.#listing = `listing page ${pageNumber ?? "?"}${isCounted ? ` of ${pageCount}` : ""}`;
      if (this.#pace > 0 && !this.#isPaceSaid) this.#terminal.warn(this.#paceWords());
      this.#isPaceSaid ||= this.#pace > 0;
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
    if (event.event === "pace") this.#pace = Math.max(this.#pace, event.delayMs);
    if (["pace", "robots", "warning"].includes(event.event) || isLong) this.#terminal.warn(message);
    else this.#terminal.progress(() => message);
  }

  /** What a person is to know that changes nothing of the result. */
  warn(message: string): void {
    this.#terminal.note(message);
  }

  media(event: MediaEvent): void {
    this.#terminal.event(event);
    this.#terminal.progress(() => `images and attachments: ${event.done} of ${event.of}`);
  }

  requisite(event: RequisiteEvent): void {
    this.#terminal.event(event);
    this.#terminal.progress(() => `files that pages need: ${event.done} of ${event.of}`);
  }

  #show(): void {
    this.#terminal.progress(() => {
      const states = [...this.#states].map(([state, n]) => `${n} ${state}`).join(", ");
      const share =
        this.#isLast && this.#rows > 0 ? ` of ${this.#rows} (${this.#percent()} %)` : "";
      const done = states === "" ? "no article yet" : states + share;
      return [this.#listing, done, ...this.#pacing()].join(" · ");
    });
  }

  /** The pace with its reason, and the time left: by robots.txt, or as measured where the total is known. */
  #pacing(): string[] {
    if (this.#pace > 0)
      return [`one request in ${this.#pace / 1000} s (Crawl-delay)`, this.#timeLeft(this.#pace)];
    const ms = this.#now() - this.#since;
    if (this.#pages < ENOUGH_PAGES || ms < ENOUGH_MS) return [];
    const pace = `${this.#pages} pages, ${((this.#pages / ms) * 1000).toFixed(1)} a second`;
    const isKnown = this.#isLast || this.#toCome > 0;
    return isKnown ? [pace, this.#timeLeft(ms / this.#pages)] : [pace];
  }

  get #done(): number {
    return [...this.#states.values()].reduce((sum, n) => sum + n, 0);
  }

  #percent(): number {
    return Math.min(100, Math.floor((this.#done / this.#rows) * 100));
  }

  /** How long what is known takes. @param pace milliseconds for a page */
  #timeLeft(pace: number): string {
    const ms = (Math.max(0, this.#rows - this.#done) + this.#toCome) * pace;
    return `${this.#isLast || this.#toCome > 0 ? "about" : "at least"} ${waitWords(ms)} left`;
  }

  #paceWords(): string {
    return `${this.#rows} articles listed so far, one request in ${this.#pace / 1000} s: ${this.#timeLeft(this.#pace)}`;
  }
}
