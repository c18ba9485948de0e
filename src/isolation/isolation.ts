/**
 * Bounds on what one page may cost. An ordinary page is read where the walk is, since its size bounds its
 * cost. A large one is read in a thread of its own, which ends at a deadline or a limit of memory:
 * nothing else stops work that does not wait. Both ways give the same result.
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { Facts, Judged, Opened } from "../article.js";
import type { Page, Row, Warning } from "../model.js";
import type { Site } from "../site.js";
import { type FlatRow, flatRow } from "./flat.js";

export type Ask =
  | { readonly what: "open"; readonly row: FlatRow; readonly page: Page | null }
  | { readonly what: "finish"; readonly url: string; readonly more: readonly Warning[] };
/** That the work has begun; then facts of what was opened, or the judged article of what was finished. `isOver`: the thread is of no more use. */
export type Reply =
  | { readonly begun: true }
  | { readonly value: Facts | Judged }
  | { readonly error: string; readonly isOver?: boolean };

export interface Bounds {
  /** A page beyond one of these is read in a thread of its own. */
  readonly ordinaryBytes: number;
  readonly ordinaryTags: number;
  /** A page beyond one of these is not read at all. */
  readonly mostBytes: number;
  readonly mostTags: number;
  /** Milliseconds that a page may take to be read, and to be converted. */
  readonly deadline: number;
  /** Megabytes of the thread's heap. */
  readonly memory: number;
}

/** An article of 5 MB is read; an ordinary page of Drupal has 50 kB and 1,500 tags. */
export const BOUNDS: Bounds = {
  ordinaryBytes: 256 * 1024,
  ordinaryTags: 8_000,
  mostBytes: 12 * 1024 * 1024,
  mostTags: 250_000,
  deadline: 30_000,
  memory: 128,
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

/** A thread that reads articles, one at a time; made when it is first needed. */
export class Isolation {
  readonly #site: Site;
  readonly #bounds: Bounds;
  #worker: Worker | null = null;
  /** Takes what the thread says. */
  #told: (reply: Reply) => void = () => {};

  constructor(site: Site, bounds: Bounds = BOUNDS) {
    this.#site = site;
    this.#bounds = bounds;
  }

  /** Opens an article. Rejects when it costs too much, or cannot be read. */
  async open(row: Row, page: Page | null): Promise<Opened> {
    const facts = await this.#ask<Facts>({ what: "open", row: flatRow(row), page });
    return { facts, finish: (url, more) => this.#ask<Judged>({ what: "finish", url, more }) };
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  #ask<T extends Facts | Judged>(ask: Ask): Promise<T> {
    this.#worker ??= this.#start();
    const worker = this.#worker;
    return new Promise<T>((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      this.#told = (reply) => {
        // The time that the thread takes to begin is not the page's.
        if ("begun" in reply) {
          const late = `the page took longer than ${this.#bounds.deadline / 1000} s`;
          timer = setTimeout(
            () => this.#told({ error: late, isOver: true }),
            this.#bounds.deadline,
          );
          return;
        }
        clearTimeout(timer);
        this.#told = () => {};
        if ("value" in reply) return resolve(reply.value as T);
        if (reply.isOver) {
          this.#worker = null;
          void worker.terminate();
        }
        reject(new Error(reply.error));
      };
      worker.postMessage(ask);
    });
  }

  #start(): Worker {
    const worker = startWorker(this.#site, this.#bounds.memory);
    const tell = (reply: Reply) => {
      if (this.#worker === worker) this.#told(reply);
    };
    worker.on("message", tell);
    worker.on("error", (error) => tell({ error: this.#explain(error), isOver: true }));
    worker.on("exit", () => tell({ error: "its thread ended", isOver: true }));
    return worker;
  }

  #explain(error: Error): string {
    return "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY"
      ? `the page needs more than ${this.#bounds.memory} MB of memory`
      : error.message;
  }
}

function startWorker(site: Site, memory: number): Worker {
  const options = {
    workerData: site,
    resourceLimits: { maxOldGenerationSizeMb: memory, maxYoungGenerationSizeMb: 16 },
  };
  const built = new URL("./worker.js", import.meta.url);
  if (existsSync(fileURLToPath(built))) return new Worker(built, options);
  // From its sources, as tests run it, the thread is loaded as a site file is.
  const source = fileURLToPath(new URL("./worker.ts", import.meta.url));
  const jiti = import.meta.resolve("jiti");
  const code = `import(${JSON.stringify(jiti)}).then(({ createJiti }) => createJiti(${JSON.stringify(source)}).import(${JSON.stringify(source)}))`;
  return new Worker(code, { ...options, eval: true });
}
