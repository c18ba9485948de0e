/** A job of the queue of a fleet: what is to be done, and what a worker has in hand. */
import type { Job } from "bullmq";
import type { Slice } from "./states.js";

/** A failed job is tried so often. */
export const ATTEMPTS = 5;

/** What is in a queue: a slice of a walk, or the archive after the last one. */
export interface FleetJob extends Slice {
  readonly host: string;
  /** SHA-256 of the site and its options. */
  readonly rules: string;
  /** True for the making of the archive after this slice. */
  readonly isArchive?: boolean;
}

export class HeldJob {
  readonly data: FleetJob;
  readonly #job: Job<FleetJob>;
  readonly #token: string;
  readonly #lockMs: number;
  #timer: NodeJS.Timeout | null = null;

  constructor(job: Job<FleetJob>, token: string, lockMs: number) {
    this.data = job.data;
    this.#job = job;
    this.#token = token;
    this.#lockMs = lockMs;
  }

  /** True when no further attempt comes after this one. */
  get isLast(): boolean {
    return this.#job.attemptsMade + 1 >= ATTEMPTS;
  }

  /** Keeps it. @param onLost called when another worker has it: this one was silent for too long */
  keep(onLost: () => void): void {
    const renew = async () => {
      const kept = await this.#job.extendLock(this.#token, this.#lockMs).catch(() => 1);
      if (kept === 0) onLost();
    };
    this.#timer = setInterval(() => void renew(), this.#lockMs / 3);
  }

  /** Ends it. What Redis no longer knows has ended already. */
  async complete(): Promise<void> {
    this.#stop();
    await this.#job.moveToCompleted(null, this.#token, false).catch(() => undefined);
  }

  /** Ends an attempt: after a while comes the next one, if there is one. */
  async fail(error: Error): Promise<void> {
    this.#stop();
    await this.#job.moveToFailed(error, this.#token, false).catch(() => undefined);
  }

  #stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }
}
