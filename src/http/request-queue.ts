/** The frontier in the form in which Crawlee asks for work. */
import type { IRequestManager, Request as Task } from "@crawlee/basic";
import type { Frontier, PageRequest } from "../model.js";

export interface RequestQueueOptions {
  readonly frontier: Frontier;
  /** Makes the task that Crawlee counts a request by. */
  readonly task: (request: PageRequest) => Task;
  /** Tells Crawlee that there is work. */
  readonly wake: () => void;
}

/**
 * Hands requests to Crawlee and takes back those to be tried again. It holds the requests in hand and no
 * others, so its size does not depend on that of the crawl.
 *
 * Crawlee waits for tasks that run, and asks again after each; a request that waits for its next
 * attempt is no task and holds no place.
 */
export class RequestQueue implements IRequestManager {
  readonly #options: RequestQueueOptions;
  readonly #requests = new WeakMap<Task, PageRequest>();
  readonly #ready: Task[] = [];
  readonly #waits = new Map<Task, Promise<void>>();
  #inHand = 0;
  #waiting = 0;
  #ahead: PageRequest | null = null;
  #handled = 0;
  #stopped = false;

  constructor(options: RequestQueueOptions) {
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

  requestOf(task: Task): PageRequest | undefined {
    return this.#requests.get(task);
  }

  /** What a task has to wait for when Crawlee gives it back. */
  delay(task: Task, until: Promise<void>): void {
    this.#waits.set(task, until);
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

  async fetchNextRequest(): Promise<Task | null> {
    if (await this.isEmpty()) return null;
    const again = this.#ready.shift();
    if (again !== undefined) return again;
    const request = this.#ahead;
    if (request === null) return null;
    this.#ahead = null;
    const task = this.#options.task(request);
    this.#requests.set(task, request);
    this.#inHand++;
    return task;
  }

  async markRequestHandled(): Promise<void> {
    this.#inHand--;
    this.#handled++;
  }

  async reclaimRequest(task: Task): Promise<null> {
    const until = this.#waits.get(task) ?? Promise.resolve();
    this.#waits.delete(task);
    this.#waiting++;
    // What stops the wait stops the run: the request is not handed out again.
    void until
      .catch(() => {})
      .then(() => {
        this.#waiting--;
        this.#ready.push(task);
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

  async *[Symbol.asyncIterator](): AsyncGenerator<Task> {
    for (;;) {
      const task = await this.fetchNextRequest();
      if (task === null) return;
      yield task;
    }
  }

  addRequest(): never {
    throw new Error("requests are added to the frontier");
  }

  addRequestsBatched(): never {
    throw new Error("requests are added to the frontier");
  }
}
