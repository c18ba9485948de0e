/** HTTP exchanges as the crawler sees them and captures store them. Types only. */

import type { Post } from "../model.js";
import type { WarcRecord } from "./record.js";

/** A stored response that a revisit record may refer to. */
export interface RevisitTarget {
  /** Record that holds it, `<urn:uuid:…>`. */
  readonly id: string;
  readonly url: string;
  /** Date of the record. */
  readonly date: string;
  /** Payload digest, `sha1:` and base32. */
  readonly digest: string;
  /** SHA-256 of the payload, in hexadecimal. */
  readonly sha256: string;
  /** Status line and headers of the response, with the empty line that ends them. */
  readonly head: Uint8Array;
}

export interface HttpExchange {
  readonly url: string;
  /** What was sent, where it is a POST. */
  readonly post?: Post | undefined;
  /** Milliseconds since 1970: when the request was sent, and when its response had arrived. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** IP address of the server; null when the socket no longer knew it. */
  readonly address: string | null;
  /** Bytes as sent, framing included; of the response at least its header. */
  readonly request: Uint8Array;
  readonly response: Uint8Array;
  readonly status: number;
  /** Body without its transfer coding, content coding untouched. */
  readonly body: Uint8Array;
  /** False when reading stopped because it was enough. */
  readonly whole: boolean;
  /** The cached response of this URL; null when there is none. */
  readonly cached: RevisitTarget | null;
}

/** A request that got no complete response. */
export interface FailedRequest {
  readonly url: string;
  readonly post?: Post | undefined;
  readonly startedAt: number;
  readonly reason: string;
  readonly state: "failed" | "excluded";
  /** True when a retry may help. */
  readonly retry: boolean;
}

/** What comes of a request, as a capture stores it. */
export type Recorded = HttpExchange | FailedRequest;

/** A page as a browser showed it. */
export interface RenderedPage {
  /** Its name, an URN. */
  readonly url: string;
  /** Where it was in the end. */
  readonly shownUrl: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** HTML in UTF-8. */
  readonly body: Uint8Array;
}

/** A capture of a web archive, as its replay gave it. */
export interface ReplayedCapture {
  /** What it is a capture of, and when it was made, `YYYY-MM-DDThh:mm:ssZ`. */
  readonly url: string;
  readonly time: string;
  /** URL of the replay; of a record in a file, that of the file with `#bytes=first-last`. */
  readonly source: string;
  /** Milliseconds since 1970: when the replay was requested, and when it had come. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** As the site gave them, as far as the replay tells. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** False where the site said that the body is longer. */
  readonly whole: boolean;
  /** Header of the answer of the archive, as it came. */
  readonly head: Uint8Array;
  /** The record that the archive gave, where it gives records: it is stored as it is. */
  readonly record?: WarcRecord | undefined;
}
