/** What one response may take. Apart from what receives it: a replay knows the limits and has no wire. */
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
  headers: 30_000,
  idle: 20_000,
  total: 90_000,
  slow: Number.POSITIVE_INFINITY,
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
