/**
 * The frontier: what is to be visited, in the logical order of the walk.
 *
 * Pages may arrive in any order; they are read in the order in which their requests were added,
 * so that a crawl with many requests in flight and a replay one by one write the same archive.
 * Visits are only handed out within a window ahead of the page being read: what waits to be read
 * stays bounded however long one page takes.
 */
import type { Frontier, PageRequest, PageResponse } from "../model.js";

/** Pages that may be in flight or waiting for their turn. */
const WINDOW = 32;
/** Bytes of pages that may wait for their turn: with more, no further request begins until some are read. */
const WAITING_BYTES = 4 * 1024 * 1024;

export class OrderedFrontier implements Frontier {
  readonly #waiting: PageRequest[] = [];
  /** Visits that begin only when all those before them have been read. */
  readonly #last = new Set<PageRequest>();
  readonly #arrived = new Map<number, PageResponse>();
  #waitingBytes = 0;
  #added = 0;
  #handedOut = 0;
  #read = 0;

  /**
   * Puts a URL at the end of the walk.
   *
   * @param waits true when it is requested only after all else has been read
   * @param how what else is to be said of the request
   */
  add(
    url: string,
    role: PageRequest["role"],
    waits = false,
    how: Omit<PageRequest, "order" | "url" | "role"> = {},
  ): void {
    const request = { order: this.#added++, url, role, ...how };
    this.#waiting.push(request);
    if (waits) this.#last.add(request);
  }

  next(): PageRequest | null {
    const request = this.#waiting[0];
    if (request === undefined || request.order >= this.#read + WINDOW) return null;
    if (this.#last.has(request) && request.order > this.#read) return null;
    // Waiting pages always wait for one in flight, so this cannot deadlock.
    if (this.#waitingBytes > WAITING_BYTES) return null;
    this.#waiting.shift();
    this.#handedOut++;
    return request;
  }

  isFinished(): boolean {
    return this.#waiting.length === 0 && this.#read === this.#handedOut;
  }

  /** Takes a response and gives every response whose turn has come, in order. */
  *inOrder(response: PageResponse): Generator<PageResponse> {
    this.#arrived.set(response.request.order, response);
    this.#waitingBytes += bytesOf(response);
    for (
      let due = this.#arrived.get(this.#read);
      due !== undefined;
      due = this.#arrived.get(this.#read)
    ) {
      this.#arrived.delete(this.#read);
      this.#waitingBytes -= bytesOf(due);
      yield due;
      this.#read++;
    }
  }
}

function bytesOf(response: PageResponse): number {
  return "page" in response ? response.page.body.length : 0;
}
