/** Asks a running site for old addresses and wants, for each, one permanent redirect to a page. */
import { setTimeout as pause } from "node:timers/promises";
import { Agent, request } from "undici";

/** One old address and where it must lead. */
export interface ExpectedRedirect {
  /** Path and query, percent-encoded. */
  readonly from: string;
  /** Host that the request names; null for that of the site. */
  readonly host: string | null;
  /** Path, percent-encoded. */
  readonly to: string;
}

type RedirectProblem =
  | "unreachable"
  | "no-redirect"
  | "not-permanent"
  | "wrong-target"
  | "chain"
  | "loop"
  | "target-missing";

export interface RedirectFinding {
  readonly code: RedirectProblem;
  readonly from: string;
  readonly message: string;
}

interface Answer {
  readonly status: number;
  readonly location: string | null;
}

/** Steps that are followed to tell a chain from a loop. */
const STEPS = 10;
const TIMEOUT_MS = 30_000;
/** Requests at a time: it is the user's own site, and a small machine should stand it. */
const AT_A_TIME = 4;

/**
 * Asks for every old address.
 *
 * @param origin scheme, host and port of the site, such as `http://127.0.0.1:8080`
 * @param onAsked called after each
 * @returns what is wrong, in the order of the addresses; never rejects for what a site does
 */
export async function checkRedirects(
  origin: string,
  expected: readonly ExpectedRedirect[],
  onAsked: () => void = () => undefined,
): Promise<RedirectFinding[]> {
  const site = new RunningSite(origin);
  const findings = new Map<number, RedirectFinding>();
  const waiting = expected.entries();
  const work = async () => {
    for (const [index, one] of waiting) {
      const finding = await site.ask(one);
      if (finding !== null) findings.set(index, finding);
      onAsked();
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  await site.close();
  return [...findings].sort(([a], [b]) => a - b).map(([, finding]) => finding);
}

class RunningSite {
  readonly #origin: string;
  readonly #agent = new Agent({
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
    connect: { timeout: TIMEOUT_MS },
  });

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** Null when all is well. Never throws. */
  async ask({ from, host, to }: ExpectedRedirect): Promise<RedirectFinding | null> {
    const found = (code: RedirectProblem, message: string) => ({ code, from, message });
    try {
      const first = await this.#get(this.#origin + from, host);
      if (!isRedirect(first) || first.location === null)
        return found("no-redirect", `expected a redirect to ${to}, found status ${first.status}`);
      const reached = this.#resolve(first.location, this.#origin + from, host);
      if (reached === null)
        return found("wrong-target", `expected ${to}, found ${first.location} on another host`);
      const end = await this.#follow(reached, host);
      if (end.steps === null)
        return found("loop", `it leads in a circle: ${first.location} never ends`);
      if (end.steps > 0)
        return found("chain", `${end.steps + 1} redirects, by ${first.location} to ${end.url}`);
      if (!sameAddress(reached, this.#origin + to))
        return found("wrong-target", `expected ${to}, found ${first.location}`);
      if (first.status !== 301 && first.status !== 308)
        return found("not-permanent", `expected status 301 or 308, found ${first.status}`);
      return end.status === 200
        ? null
        : found("target-missing", `${to} answers with status ${end.status}`);
    } catch (error) {
      return found("unreachable", (error as Error).message);
    }
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }

  async #follow(url: string, host: string | null) {
    let at = url;
    for (let steps = 0; steps < STEPS; steps++) {
      const answer = await this.#get(at, host);
      const next =
        isRedirect(answer) && answer.location !== null
          ? this.#resolve(answer.location, at, host)
          : null;
      if (next === null) return { url: at, status: answer.status, steps };
      at = next;
    }
    return { url: at, status: 0, steps: null };
  }

  /** Absolute address on the site that is asked; null for one elsewhere. */
  #resolve(location: string, base: string, host: string | null): string | null {
    if (!URL.canParse(location, base)) return null;
    const url = new URL(location, base);
    const here = new URL(this.#origin);
    if (url.host !== here.host && url.hostname !== here.hostname && url.hostname !== host)
      return null;
    return here.origin + url.pathname + url.search;
  }

  /** Some servers answer HEAD with 405, so the page is asked for and its body left. */
  async #get(url: string, host: string | null): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      const { statusCode, headers, body } = await request(url, {
        dispatcher: this.#agent,
        headers: host === null ? {} : { host },
      });
      await body.dump();
      // A server that asks for patience gets some, once.
      if (attempt === 1 && (statusCode === 429 || statusCode === 503)) {
        const wait = Number(headers["retry-after"] ?? 1);
        await pause(1000 * Math.min(Number.isFinite(wait) ? wait : 1, 30));
        continue;
      }
      const { location } = headers;
      return { status: statusCode, location: typeof location === "string" ? location : null };
    }
  }
}

function isRedirect({ status }: Answer): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

function sameAddress(a: string, b: string): boolean {
  return decoded(a) === decoded(b);
}

function decoded(url: string): string {
  try {
    return decodeURI(url);
  } catch {
    return url;
  }
}
