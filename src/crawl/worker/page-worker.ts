/**
 * Bounds on what one page may cost. An ordinary page is read where the walk is, since its size bounds its
 * cost. A large one is read in a process of its own, which ends at a deadline or a limit of memory:
 * nothing else stops work that does not wait, or keeps its memory apart. Both ways give the same result.
 */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Converted } from "../../convert/draft.js";
import type { Listing, Page, Row, Warning } from "../../model.js";
import type { Site } from "../../site/site.js";
import type { Facts, Opened } from "../article.js";
import {
  deserialiseListing,
  type SerialisedListing,
  type SerialisedRow,
  serialiseRow,
} from "./serialise.js";

export type Ask =
  | { readonly what: "site"; readonly site: Site }
  | { readonly what: "listing"; readonly page: Page }
  | { readonly what: "canonical"; readonly page: Page }
  | { readonly what: "open"; readonly row: SerialisedRow; readonly page: Page | null }
  | { readonly what: "finish"; readonly url: string; readonly more: readonly Warning[] };
type Value = SerialisedListing | string | null | Facts | Converted;
/** That the work has begun; then the result. `isOver`: the process cannot be used any more. */
export type Reply =
  | { readonly begun: true }
  | { readonly value: Value }
  | { readonly error: string; readonly isOver?: boolean };

export interface Bounds {
  /** A page beyond one of these is read in a process of its own. */
  readonly ordinaryBytes: number;
  readonly ordinaryTags: number;
  /** A page beyond one of these is not read at all. */
  readonly mostBytes: number;
  readonly mostTags: number;
  /** Milliseconds that a page may take to be read, and to be converted. */
  readonly deadline: number;
  /** Megabytes of the process's heap. */
  readonly memory: number;
  /** The same for a page beyond so many bytes. */
  readonly huge: { readonly bytes: number; readonly deadline: number; readonly memory: number };
}

/**
 * An article of 1 MB of text and emphasis is read within the smaller memory. One of 5 MB needs 300 to 400 MB, for as
 * long as it is read; one of 16 MB fails alone. An ordinary page of Drupal has 50 kB and 1,500 tags.
 */
export const BOUNDS: Bounds = {
  ordinaryBytes: 128 * 1024,
  ordinaryTags: 8_000,
  mostBytes: 12 * 1024 * 1024,
  mostTags: 250_000,
  deadline: 30_000,
  memory: 72,
  huge: { bytes: 2 * 1024 * 1024, deadline: 90_000, memory: 420 },
};

/** Whether a page is ordinary or large; throws when it is too large to be read at all. */
export function isLarge({ body }: Page, bounds: Bounds = BOUNDS): boolean {
  if (body.length > bounds.mostBytes)
    throw new Error(`the page has ${body.length} bytes; at most ${bounds.mostBytes} are read`);
  if (body.length <= bounds.ordinaryTags) return false;
  let tags = 0;
  for (let at = body.indexOf(0x3c); at >= 0; at = body.indexOf(0x3c, at + 1)) tags++;
  if (tags > bounds.mostTags)
    throw new Error(`the page has ${tags} tags; at most ${bounds.mostTags} are read`);
  return body.length > bounds.ordinaryBytes || tags > bounds.ordinaryTags;
}

/** A process that reads pages, one at a time; started when it is first needed. */
export class PageWorker {
  readonly #site: Site;
  readonly #bounds: Bounds;
  #process: ChildProcess | null = null;
  /** What the process may cost. */
  #allowed: Pick<Bounds, "deadline" | "memory">;
  /** Takes what the process says. */
  #onReply: (reply: Reply) => void = () => {};

  constructor(site: Site, bounds: Bounds = BOUNDS) {
    this.#site = site;
    this.#bounds = bounds;
    this.#allowed = bounds;
  }

  /** Reads a listing page. Rejects, as all of these do, when it costs too much or cannot be read. */
  async listing(page: Page): Promise<Listing> {
    return deserialiseListing(await this.#ask<SerialisedListing>({ what: "listing", page }));
  }

  /** The URL that an article page gives as its own; null when it gives none. */
  canonical(page: Page): Promise<string | null> {
    return this.#ask<string | null>({ what: "canonical", page });
  }

  async open(row: Row, page: Page | null): Promise<Opened> {
    const facts = await this.#ask<Facts>({ what: "open", row: serialiseRow(row), page });
    return { facts, finish: (url, more) => this.#ask<Converted>({ what: "finish", url, more }) };
  }

  close(): void {
    this.#process?.kill("SIGKILL");
    this.#process = null;
  }

  #ask<T extends Value>(ask: Ask): Promise<T> {
    if ("page" in ask) this.#allow(ask.page);
    this.#process ??= this.#start();
    const child = this.#process;
    return new Promise<T>((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      this.#onReply = (reply) => {
        // The time that the process takes to begin is not the page's.
        if ("begun" in reply) {
          const late = `the page took longer than ${this.#allowed.deadline / 1000} s`;
          const isLate = () => this.#onReply({ error: late, isOver: true });
          timer = setTimeout(isLate, this.#allowed.deadline);
          return;
        }
        clearTimeout(timer);
        this.#onReply = () => {};
        if ("value" in reply) return resolve(reply.value as T);
        if (reply.isOver) this.close();
        reject(new Error(reply.error));
      };
      child.send(ask, (error) => {
        if (error !== null) this.#onReply({ error: error.message, isOver: true });
      });
    });
  }

  /** A process keeps the heap that it began with: a page of the other kind gets another one. */
  #allow(page: Page | null): void {
    const { huge } = this.#bounds;
    const allowed = page !== null && page.body.length > huge.bytes ? huge : this.#bounds;
    if (allowed !== this.#allowed) this.close();
    this.#allowed = allowed;
  }

  #start(): ChildProcess {
    const { memory } = this.#allowed;
    const child = startProcess(memory);
    const receive = (reply: Reply) => {
      if (this.#process === child) this.#onReply(reply);
    };
    // One that ends between two pages is replaced at the next.
    const end = (error: string) => {
      receive({ error, isOver: true });
      if (this.#process === child) this.#process = null;
    };
    child.on("message", (reply) => receive(reply as Reply));
    child.on("error", ({ message }) => end(message));
    // V8 ends a process whose heap is full; nothing else ends this one.
    const full = `the page needs more than ${memory} MB of memory`;
    child.on("exit", () => end(full));
    child.send({ what: "site", site: this.#site } satisfies Ask);
    return child;
  }
}

function startProcess(memory: number): ChildProcess {
  // From its sources, as tests run it, the process is the built one: a loader of sources costs it two seconds.
  const program = fileURLToPath(new URL("./worker.js", import.meta.url));
  const inSources = import.meta.url.endsWith(".ts");
  const built = inSources ? program.replace(/src(.)crawl/, "dist$1src$1crawl") : program;
  // Young objects wait in three semi-spaces of 16 MB otherwise.
  const limits = [`--max-old-space-size=${memory}`, "--max-semi-space-size=1"];
  return fork(built, {
    execArgv: limits,
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
}
