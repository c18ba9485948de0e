/** The frontier in the form in which Crawlee asks for work. */
import type { IRequestManager, Request } from "@crawlee/basic";
import type { Frontier, Visit } from "../model.js";

export interface VisitQueueOptions {
  readonly frontier: Frontier;
  /** Makes the request that Crawlee counts a visit by. */
  readonly request: (visit: Visit) => Request;
  /** Tells Crawlee that there is work. */
  readonly wake: () => void;
}

/**
 * Hands visits to Crawlee and takes back those to be tried again. It holds the visits in hand and no
 * others, so its size does not depend on that of the crawl.
 *
 * Crawlee waits for tasks that run, and asks again after each; a visit that waits for its next
 * attempt is no task and holds no place.
 */
export class VisitQueue implements IRequestManager {
  readonly #options: VisitQueueOptions;
  readonly #visits = new WeakMap<Request, Visit>();
  readonly #ready: Request[] = [];
  readonly #waits = new Map<Request, Promise<void>>();
  #inHand = 0;
  #waiting = 0;
  #ahead: Visit | null = null;
  #handled = 0;
  #stopped = false;

  constructor(options: VisitQueueOptions) {
    this.#options = options;
  }

  /** Hands out nothing more. */
  stop(): void {
    this.#stopped = true;
    this.#options.wake();
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  visitOf(request: Request): Visit | undefined {
    return this.#visits.get(request);
  }

  /** What a request has to wait for when Crawlee gives it back. */
  delay(request: Request, until: Promise<void>): void {
    this.#waits.set(request, until);
  }

  async isEmpty(): Promise<boolean> {
    if (this.#stopped) return true;
    if (this.#ready.length > 0) return false;
    this.#ahead ??= this.#options.frontier.next();
    return this.#ahead === null;
  }

  async isFinished(): Promise<boolean> {
    return this.#stopped || ((await this.isEmpty()) && this.#waiting === 0);
  }

  async fetchNextRequest(): Promise<Request | null> {
    if (await this.isEmpty()) return null;
    const again = this.#ready.shift();
    if (again !== undefined) return again;
    const visit = this.#ahead;
    if (visit === null) return null;
    this.#ahead = null;
    const request = this.#options.request(visit);
    this.#visits.set(request, visit);
    this.#inHand++;
    return request;
  }

  async markRequestHandled(): Promise<void> {
    this.#inHand--;
    this.#handled++;
  }

  async reclaimRequest(request: Request): Promise<null> {
    const until = this.#waits.get(request) ?? Promise.resolve();
    this.#waits.delete(request);
    this.#waiting++;
    // What stops the wait stops the run: the visit is not handed out again.
    void until
      .catch(() => {})
      .then(() => {
        this.#waiting--;
        this.#ready.push(request);
        this.#options.wake();
      });
    return null;
  }

  async handledCount(): Promise<number> {
    return this.#handled;
  }

  getTotalCount(): number {
    return this.#handled + this.#inHand;
  }

  getPendingCount(): number {
    return this.#inHand;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Request> {
    for (;;) {
      const request = await this.fetchNextRequest();
      if (request === null) return;
      yield request;
    }
  }

  addRequest(): never {
    throw new Error("visits are added to the frontier");
  }

  addRequestsBatched(): never {
    throw new Error("visits are added to the frontier");
  }
}
