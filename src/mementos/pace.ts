/** How often a web archive is asked. */
import type { Clock } from "../http/clock.js";
import { Stopped } from "../http/fetch-error.js";
import type { WebArchive } from "../schema/web-archive.js";

/** How much of what an archive allows is used. */
const SHARE = 0.8;

export type Paces = Readonly<Record<"index" | "replay", Pace>>;

export function pacesOf({ perMinute }: WebArchive, clock: Clock): Paces {
  return { index: new Pace(perMinute.index, clock), replay: new Pace(perMinute.replay, clock) };
}

/**
 * Lets requests start evenly, at four fifths of what the archive allows a minute. The first one waits as every later
 * one does: then no minute holds more than that, also where a run that was killed, or another before this one, asked
 * until now.
 */
class Pace {
  readonly #clock: Clock;
  /** Milliseconds between two starts. */
  readonly interval: number;
  #next: number;
  #turn: Promise<void> = Promise.resolve();

  constructor(perMinute: number, clock: Clock) {
    this.#clock = clock;
    this.interval = Math.ceil(60_000 / (perMinute * SHARE));
    this.#next = clock.now() + this.interval;
  }

  /** No request starts before a time. */
  pauseUntil(time: number): void {
    this.#next = Math.max(this.#next, time);
  }

  /** Waits until a request may start. @throws {Stopped} when the signal says so */
  take(signal?: AbortSignal): Promise<void> {
    const taken = this.#turn.then(async () => {
      if (signal?.aborted) throw new Stopped();
      for (let wait = this.#wait(); wait > 0; wait = this.#wait())
        await this.#clock.sleep(wait, signal);
      this.#next = this.#clock.now() + this.interval;
    });
    this.#turn = taken.catch(() => undefined);
    return taken;
  }

  #wait(): number {
    return this.#next - this.#clock.now();
  }
}
