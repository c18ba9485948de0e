/** Receives one response, within deadlines and caps. */
import { type Client, type Dispatcher, errors } from "undici";
import type { Post } from "../../model.js";
import { FetchError } from "../fetch-error.js";
import { CollectedBytes } from "./collected-bytes.js";
import type { Limits } from "./limits.js";

/** Bytes of a body in a millisecond that are not slow. */
const LEAST_SPEED = 1;

const ODD_HEADERS = "the response headers are malformed";

export interface WireResponse {
  readonly status: number;
  /** Names in lower case; repeated headers joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
  /** Body without its transfer coding, content coding untouched. */
  readonly body: Uint8Array;
  /** False when reading stopped because it was enough. */
  readonly whole: boolean;
  /** Set-Cookie headers: joined, they cannot be told apart. */
  readonly cookies?: readonly string[];
}

/**
 * Sends a GET or a POST and collects its response. Lengths and chunk ends are checked by undici.
 *
 * @throws {FetchError} when a deadline passed or a cap was reached; what undici throws, otherwise
 */
export function receive(
  client: Client,
  url: URL,
  headers: Readonly<Record<string, string>>,
  limits: Limits,
  {
    enough = Number.POSITIVE_INFINITY,
    post,
  }: { readonly enough?: number | undefined; readonly post?: Post | undefined } = {},
): Promise<WireResponse> {
  return new Promise((resolve, reject) => {
    let connection: Dispatcher.DispatchController | null = null;
    let response = { status: 0, headers: {} as Readonly<Record<string, string>> };
    const received = new CollectedBytes();
    let isSettled = false;
    const settle = (run: () => void, abort: string | null) => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(total);
      clearTimeout(idle);
      clearInterval(pace);
      run();
      received.clear();
      if (abort !== null) connection?.abort(new Error(abort));
    };
    const finish = (whole: boolean) => {
      const body = () => received.take().subarray(0, enough);
      settle(() => resolve({ ...response, body: body(), whole }), whole ? null : "enough");
    };
    const fail = (error: unknown) => settle(() => reject(error), "given up");
    const failLarge = () =>
      fail(new FetchError(`the body is larger than ${limits.wireBytes} bytes as sent`));
    const deadline = (ms: number, what: string) => {
      const give = () => fail(new FetchError(`${what} after ${ms / 1000} s`, { retry: true }));
      return setTimeout(give, ms);
    };
    const total = deadline(limits.total, "the response was not complete");
    let idle = deadline(limits.headers, "no response");
    let pace: NodeJS.Timeout | undefined;
    const watchPace = () => {
      if (!Number.isFinite(limits.slow)) return;
      let least = 0;
      pace = setInterval(() => {
        least += limits.slow * LEAST_SPEED;
        if (received.length < least)
          fail(
            new FetchError(`slow: ${received.length} bytes in ${least / LEAST_SPEED / 1000} s`, {
              retry: true,
            }),
          );
      }, limits.slow);
    };
    const failAt = (error: Error) => {
      // What is wrong in headers after Content-Length, undici calls a wrong length.
      const isHead =
        response.status === 0 && error instanceof errors.ResponseContentLengthMismatchError;
      fail(isHead ? new FetchError(ODD_HEADERS, { retry: true, cause: error }) : error);
    };
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(controller) {
        connection = controller;
        if (isSettled) controller.abort(new Error("too late"));
      },
      onResponseStart(_, status, received) {
        // An interim response (1xx) is followed by the final one.
        if (status < 200) return;
        const cookies = [received["set-cookie"] ?? []].flat();
        response = { status, headers: joined(received), ...(cookies.length > 0 && { cookies }) };
        clearTimeout(idle);
        idle = deadline(limits.idle, "no more data");
        watchPace();
        const declared = Number(response.headers["content-length"] ?? 0);
        if (declared > limits.wireBytes && enough > limits.wireBytes) failLarge();
      },
      onResponseData(_, chunk) {
        if (isSettled) return;
        received.add(chunk);
        if (received.length >= enough) finish(false);
        else if (received.length > limits.wireBytes) failLarge();
        else idle.refresh();
      },
      onResponseEnd: () => finish(true),
      onResponseError: (_, error) => failAt(error),
    };
    const path = url.pathname + url.search;
    try {
      const request =
        post === undefined
          ? { method: "GET" as const, headers: { ...headers } }
          : {
              method: "POST" as const,
              headers: { ...headers, ...headersOf(post) },
              body: Buffer.from(post.body),
            };
      client.dispatch({ ...request, path }, handler);
    } catch (error) {
      failAt(error as Error);
    }
  });
}

/** Servers of load-more buttons look for the second, which scripts have sent since jQuery. */
function headersOf({ type, isAjax }: Post): Readonly<Record<string, string>> {
  return { "content-type": type, ...(isAjax ? { "x-requested-with": "XMLHttpRequest" } : {}) };
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
