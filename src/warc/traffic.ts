/** What went over the wire, as sources see it and captures keep it. Types only. */

/** An earlier answer that a new one may be measured against. */
export interface Original {
  /** Record that holds it, `<urn:uuid:…>`. */
  readonly id: string;
  readonly url: string;
  /** Date of the record. */
  readonly date: string;
  /** Payload digest, `sha1:` and base32. */
  readonly digest: string;
  /** SHA-256 of the payload, in hexadecimal. */
  readonly sha256: string;
}

/** A request and its answer. */
export interface Traffic {
  readonly url: string;
  /** Milliseconds since 1970, when the request was sent and when its answer had come. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** IP address of the server; null when the socket no longer knew it. */
  readonly address: string | null;
  /** As they went over the wire, framing and all; of the answer at least its head. */
  readonly request: Uint8Array;
  readonly response: Uint8Array;
  readonly status: number;
  /** Body without its transfer coding, content coding untouched. */
  readonly body: Uint8Array;
  /** False when reading stopped because it was enough. */
  readonly whole: boolean;
  /** The answer that this address gave last time; null when none is known. */
  readonly original: Original | null;
}

/** A request that no whole answer came to. */
export interface LostTraffic {
  readonly url: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly reason: string;
  readonly state: "failed" | "excluded";
  /** True when asking again may help. */
  readonly retry: boolean;
}
