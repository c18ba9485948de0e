/**
 * What one response may take, and how long while there are further attempts. Apart from what receives it: a replay knows the
 * limits and has no wire. Pure.
 */
export interface Limits {
  /** Milliseconds for a connection; until headers have come; between two pieces of a body; for all. */
  readonly connect: number;
  readonly headers: number;
  readonly idle: number;
  readonly total: number;
  /** Milliseconds after which a body must come at 1 kB a second or more, and again each time. */
  readonly slow: number;
  /** Most bytes of the headers; of a body as it is sent; of a body after decoding. */
  readonly headerBytes: number;
  readonly wireBytes: number;
  readonly decodedBytes: number;
}

export const DEFAULT_LIMITS: Limits = {
  connect: 10_000,
  headers: 25_000,
  idle: 20_000,
  total: 90_000,
  slow: 25_000,
  headerBytes: 64 * 1024,
  wireBytes: 16 * 1024 * 1024,
  decodedBytes: 16 * 1024 * 1024,
};

/** https://www.sitemaps.org/protocol.html#otherformats allows 50 MB; one such is in hand at a time. */
export const DATA_LIMITS = { wireBytes: 50 * 1024 * 1024, decodedBytes: 50 * 1024 * 1024 };

/** Images, recordings and attachments are larger than pages, and two are in hand at a time: endless ones end below 300 MB of the process. */
export const MEDIA_LIMITS = {
  total: 600_000,
  wireBytes: 48 * 1024 * 1024,
  decodedBytes: 48 * 1024 * 1024,
} satisfies Partial<Limits>;

/** Milliseconds that a response may take at first. */
const FIRST = 4_000;
/** How many times longer than the slowest good response of its host a response may take. */
const SLOWER = 3;

/**
 * A request that hangs holds one of the few places of its host: ten of thirty pages that do not answer at first held a
 * crawl for ten minutes. So an attempt that is not the last gives up what is far slower than its host is, and the
 * next one waits half as long again. The last one waits as long as the limits allow: four that hang take 45 s.
 */
export class Patience {
  readonly #slowest = new Map<string, number>();

  /** Takes how long a response took, in milliseconds. */
  note(host: string, ms: number): void {
    this.#slowest.set(host, Math.max(this.#slowest.get(host) ?? 0, ms));
  }

  /** @param attempt from 1 */
  limits(host: string, attempt: number, limits: Limits): Limits {
    const usual = Math.max(FIRST, SLOWER * (this.#slowest.get(host) ?? 0));
    const ms = (usual * (attempt + 1)) / 2;
    return lower(limits, { headers: ms, idle: ms, slow: ms });
  }
}

/** Of two limits the lower one, each. */
export function lower(limits: Limits, others: Partial<Limits>): Limits {
  const names = Object.keys(others) as (keyof Limits)[];
  const all = names.map((name) => [name, Math.min(limits[name], others[name] ?? limits[name])]);
  return { ...limits, ...Object.fromEntries(all) };
}
