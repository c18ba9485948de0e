/** Why a page did not come. */
import type { Code } from "../model.js";
import { codeOfStatus } from "../schema/failure-code.js";
import type { FailedRequest } from "../warc/exchange.js";

/** An error of one page. Whatever else is thrown while fetching is an error of the run. */
export class FetchError extends Error {
  override readonly name = "FetchError";
  /** `excluded`: a rule of the site or of ours forbids the request. `not-reached`: there was nobody to ask. */
  readonly state: "failed" | "excluded" | "not-reached";
  /** True when a retry may help. */
  readonly retry: boolean;
  /** Status of the response; null when there was none. */
  readonly status: number | null;

  /** Why another run would find the same: by its status, or as the wire gave it; undefined where one may get the page. */
  readonly code: Code | undefined;

  /** @param message what was tried and what came; without the URL, which its reader knows */
  constructor(
    message: string,
    options: {
      state?: FetchError["state"];
      retry?: boolean;
      status?: number | null;
      /** Null for none. Default: by the status; without one, what is not tried again came and cannot be read. */
      code?: Code | null;
      cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.state = options.state ?? "failed";
    this.retry = options.retry ?? false;
    this.status = options.status ?? null;
    this.code = options.code === undefined ? this.#code() : (options.code ?? undefined);
  }

  #code(): Code | undefined {
    if (this.status !== null) return codeOfStatus(this.status);
    return this.state === "failed" && !this.retry ? "unusable" : undefined;
  }

  /** As a capture stores it. */
  get recorded(): Pick<FailedRequest, "reason" | "state" | "retry"> {
    const { message: reason, state, retry } = this;
    return { reason, retry, state: state === "excluded" ? state : "failed" };
  }
}

/** The run was stopped before a request began. */
export class Stopped extends Error {
  override readonly name = "Stopped";
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset",
  EPIPE: "connection closed",
  ENOTFOUND: "the host name is not known",
  EAI_AGAIN: "the host name could not be resolved",
  ETIMEDOUT: "connection timed out",
  EHOSTUNREACH: "host unreachable",
  ENETUNREACH: "network unreachable",
  UND_ERR_CONNECT_TIMEOUT: "connection timed out",
  UND_ERR_SOCKET: "connection closed before the response was complete",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "body is not as long as Content-Length says",
  UND_ERR_HEADERS_OVERFLOW: "headers are too large",
};

/** What went wrong on the wire, in words: of the network's errors, all may pass but oversized headers. */
export function networkError(error: unknown): FetchError {
  if (error instanceof FetchError) return error;
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  const words = message.includes("Invalid EOF state") ? WORDS.UND_ERR_SOCKET : WORDS[code];
  const reason = words === undefined ? message || code : `${words} (${code})`;
  return new FetchError(reason, { retry: code !== "UND_ERR_HEADERS_OVERFLOW", cause: error });
}

function codeOf(error: unknown): string {
  // Where a name has several IP addresses, Node tries each and throws all their errors at once.
  const first = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error && "code" in first ? String(first.code) : "";
}
