/**
 * How long a page in a browser is waited for. The time in which a request of the page is open does not count: the crawl
 * makes it wait for its turn, which robots.txt may say is in ten seconds. The clock is the caller's.
 */

/** Milliseconds that a page may take of itself: in all, to show rows, and to ask for nothing more when it does. */
const [MOST, ROWS, REST] = [80_000, 15_000, 5_000];
/** Milliseconds without a request after which a page with rows is at rest. */
const QUIET = 500;
/** Requests of one page, and of one that has rows already: endless ones end. */
const [MOST_REQUESTS, MOST_AFTER] = [300, 30];

export class PageTime {
  #asked = 0;
  #open = 0;
  #own = 0;
  #quiet = 0;
  /** Its own time when it was looked at first. */
  #begun: number | null = null;
  #rows: { readonly own: number; readonly asked: number } | null = null;

  /** @returns false for a request that is one too many */
  begin(): boolean {
    if (++this.#asked > MOST_REQUESTS) return false;
    this.#open++;
    return true;
  }

  end(): void {
    this.#open--;
    this.#quiet = 0;
  }

  pass(ms: number): void {
    if (this.#open > 0) return;
    this.#own += ms;
    this.#quiet += ms;
  }

  /** True when what the page shows is all that is waited for. */
  isDone(hasRows: boolean): boolean {
    this.#begun ??= this.#own;
    if (!hasRows) return this.#open === 0 && this.#own - this.#begun >= ROWS;
    this.#rows ??= { own: this.#own, asked: this.#asked };
    if (this.#open === 0 && this.#quiet >= QUIET) return true;
    return this.#own - this.#rows.own >= REST || this.#asked - this.#rows.asked >= MOST_AFTER;
  }

  /** True where it has taken all of its time, as by a loop without an end. */
  get isOver(): boolean {
    return this.#own >= MOST;
  }

  /** How many requests were one too many. */
  get unasked(): number {
    return Math.max(0, this.#asked - MOST_REQUESTS);
  }
}
