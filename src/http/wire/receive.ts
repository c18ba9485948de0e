/** Receives one response, within deadlines and caps. */
import { type Client, type Dispatcher, errors } from "undici";
import { FetchError } from "../fetch-error.js";

export interface Limits {
  /** Milliseconds for a connection; until headers have come; between two pieces of a body; for all. */
  readonly connect: number;
  readonly headers: number;
  readonly idle: number;
  readonly total: number;
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
  headerBytes: 64 * 1024,
  wireBytes: 16 * 1024 * 1024,
  decodedBytes: 16 * 1024 * 1024,
};

/** Images, recordings and attachments are larger than pages, and two are in hand at a time: endless ones end below 300 MB of the process. */
export const MEDIA_LIMITS: Partial<Limits> = {
  total: 600_000,
  wireBytes: 48 * 1024 * 1024,
  decodedBytes: 48 * 1024 * 1024,
};

const ODD_HEADERS = "the response headers are malformed";

export interface WireResponse {
  readonly status: number;
  /** Names in lower case; repeated headers joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
  /** Body without its transfer coding, content coding untouched. */
  readonly body: Uint8Array;
  /** False when reading stopped because it was enough. */
  readonly whole: boolean;
}

/**
 * Sends a GET and collects its response. Lengths and chunk ends are checked by undici.
 *
 * @throws {FetchError} when a deadline passed or a cap was reached; what undici throws, otherwise
 */
export function receive(
  client: Client,
  url: URL,
  headers: Readonly<Record<string, string>>,
  limits: Limits,
  enough = Number.POSITIVE_INFINITY,
): Promise<WireResponse> {
  return new Promise((resolve, reject) => {
    const receiver = new Receiver(limits, enough, resolve, reject);
    const path = url.pathname + url.search;
    try {
      client.dispatch({ method: "GET", path, headers: { ...headers } }, receiver);
    } catch (error) {
      receiver.onResponseError(null, error as Error);
    }
  });
}

class Receiver implements Dispatcher.DispatchHandler {
  readonly #limits: Limits;
  readonly #enough: number;
  readonly #resolve: (response: WireResponse) => void;
  readonly #reject: (error: unknown) => void;
  readonly #total: NodeJS.Timeout;
  #idle: NodeJS.Timeout;
  #controller: Dispatcher.DispatchController | null = null;
  #status = 0;
  #headers: Readonly<Record<string, string>> = {};
  #chunks: Buffer[] = [];
  #length = 0;
  #settled = false;

  constructor(
    limits: Limits,
    enough: number,
    resolve: (response: WireResponse) => void,
    reject: (error: unknown) => void,
  ) {
    this.#limits = limits;
    this.#enough = enough;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#total = this.#deadline(limits.total, "the response was not complete");
    this.#idle = this.#deadline(limits.headers, "no response");
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#settled) controller.abort(new Error("too late"));
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    // An interim response (1xx) is followed by the final one.
    if (status < 200) return;
    this.#status = status;
    this.#headers = joined(headers);
    clearTimeout(this.#idle);
    this.#idle = this.#deadline(this.#limits.idle, "no more data");
    const declared = Number(this.#headers["content-length"] ?? 0);
    if (declared > this.#limits.wireBytes && this.#enough > this.#limits.wireBytes)
      this.#fail(this.#tooLarge());
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settled) return;
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (this.#length >= this.#enough) this.#finish(false);
    else if (this.#length > this.#limits.wireBytes) this.#fail(this.#tooLarge());
    else this.#idle.refresh();
  }

  onResponseEnd(): void {
    this.#finish(true);
  }

  onResponseError(_: Dispatcher.DispatchController | null, error: Error): void {
    // What is wrong in headers after Content-Length, undici calls a wrong length.
    const isHead = this.#status === 0 && error instanceof errors.ResponseContentLengthMismatchError;
    this.#fail(isHead ? new FetchError(ODD_HEADERS, { retry: true, cause: error }) : error);
  }

  #finish(whole: boolean): void {
    if (!this.#settle()) return;
    const body = Buffer.concat(this.#chunks).subarray(0, this.#enough);
    this.#chunks = [];
    this.#resolve({ status: this.#status, headers: this.#headers, body, whole });
    if (!whole) this.#controller?.abort(new Error("enough"));
  }

  #fail(error: unknown): void {
    if (!this.#settle()) return;
    this.#chunks = [];
    this.#reject(error);
    this.#controller?.abort(new Error("given up"));
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    clearTimeout(this.#total);
    clearTimeout(this.#idle);
    return true;
  }

  #deadline(ms: number, what: string): NodeJS.Timeout {
    const give = () => this.#fail(new FetchError(`${what} after ${ms / 1000} s`, { retry: true }));
    return setTimeout(give, ms);
  }

  #tooLarge(): FetchError {
    return new FetchError(`the body is larger than ${this.#limits.wireBytes} bytes as sent`);
  }
}

function joined(
  headers: Record<string, string | string[] | undefined>,
): Readonly<Record<string, string>> {
  // `fromEntries` makes own properties, also of names like `__proto__`.
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
}
