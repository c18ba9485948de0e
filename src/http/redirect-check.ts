/**
 * Requests old URLs from a running site and expects, for each, one permanent redirect to a page. A page that leads on by
 * itself counts as one: it is what a generator can write without a server.
 */

import { setTimeout as sleep } from "node:timers/promises";
import { Agent, request } from "undici";
import { parseUrl } from "../text.js";
import { REDIRECTS } from "./completeness.js";
import { parseRetryAfter } from "./polite/retry-after.js";

/** An old URL and the path that it must redirect to. */
export interface ExpectedRedirect {
  /** Path and query, percent-encoded. */
  readonly from: string;
  /** Value of the Host header; null for the host of the site. */
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

interface RedirectFinding {
  readonly code: RedirectProblem;
  readonly from: string;
  readonly message: string;
}

export interface RedirectCheck {
  /** What is wrong, in the order of the URLs. */
  readonly findings: readonly RedirectFinding[];
  /** Old URLs at which a page leads on, and no redirect of the server. */
  readonly aliases: number;
  /** Where those pages lead to, sorted; that of the running site left out. */
  readonly aliasOrigins: readonly string[];
}

/** What the beginning of a page says of where it belongs. */
interface LeadsOn {
  /** Where it leads by itself; null for a page that does not. */
  readonly alias: {
    readonly url: URL;
    /** Seconds until then. Search engines take up to one for a permanent redirect. */
    readonly delay: number;
  } | null;
  /** What it names as its own URL; null where it names none. */
  readonly canonical: string | null;
}
type AliasPage = NonNullable<LeadsOn["alias"]>;
type Read = (html: string, url: string) => LeadsOn;

interface Response {
  readonly status: number;
  /** Of a redirect; null for any other response. */
  readonly location: string | null;
  /** Beginning of a page; empty for any other response. */
  readonly html: string;
}

/** Seconds until a page leads on that search engines take for a permanent redirect. */
const LONGEST_DELAY = 1;
/** Bytes of a page: what leads on is in its head. */
const HEAD = 64 * 1024;
/** Redirects that are followed before a chain counts as a loop. */
const MAX_REDIRECTS = 10;
const TIMEOUT_MS = 30_000;
/** Requests at a time: a site on the user's own small machine must bear it. */
const CONCURRENCY = 4;

/**
 * Requests every old URL.
 *
 * @param origin scheme, host and port of the site, such as `http://127.0.0.1:8080`
 * @param read reads the beginning of a page
 * @param onChecked called after each
 * @returns never rejects for what a site does
 */
export async function checkRedirects(
  origin: string,
  expected: readonly ExpectedRedirect[],
  read: Read,
  onChecked: () => void = () => undefined,
): Promise<RedirectCheck> {
  const site = new RunningSite(origin, read);
  const findings: (RedirectFinding | null)[] = [];
  const queue = expected.entries();
  const work = async () => {
    for (const [index, one] of queue) {
      findings[index] = await site.check(one);
      onChecked();
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  await site.close();
  return {
    findings: findings.filter((finding) => finding !== null),
    aliases: site.aliases,
    aliasOrigins: [...site.aliasOrigins].sort(),
  };
}

class RunningSite {
  aliases = 0;
  readonly aliasOrigins = new Set<string>();
  readonly #origin: string;
  readonly #read: Read;
  readonly #agent = new Agent({
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
    connect: { timeout: TIMEOUT_MS },
  });

  constructor(origin: string, read: Read) {
    this.#origin = origin;
    this.#read = read;
  }

  /** Null when the redirect is right. Never throws. */
  async check({ from, host, to }: ExpectedRedirect): Promise<RedirectFinding | null> {
    const found = (code: RedirectProblem, message: string) => ({ code, from, message });
    try {
      const url = this.#origin + from;
      const { status, location, html } = await this.#get(url, host);
      const page = this.#read(html, url);
      const alias = page.alias ?? (await this.#aliasBelow(url, location, host));
      if (alias !== null) return await this.#checkAlias(alias, to, host, found);
      if (location === null)
        return found(
          "no-redirect",
          `expected a redirect to ${to}, found status ${status}${belongsTo(page)}`,
        );
      const target = this.#resolve(location, url, host);
      if (target === null)
        return found("wrong-target", `expected ${to}, found ${location} on another host`);
      const end = await this.#follow(target, host);
      if (end.redirects === MAX_REDIRECTS)
        return found("loop", `${location} leads to a redirect loop`);
      if (end.redirects > 0)
        return found("chain", `${end.redirects + 1} redirects, by ${location} to ${end.url}`);
      if (decoded(target) !== decoded(this.#origin + to))
        return found("wrong-target", `expected ${to}, found ${location}`);
      if (status !== 301 && status !== 308)
        return found("not-permanent", `expected status 301 or 308, found ${status}`);
      return end.status === 200
        ? null
        : found("target-missing", `${to} gives status ${end.status}, expected 200`);
    } catch (error) {
      return found("unreachable", (error as Error).message);
    }
  }

  /** What the page of a folder leads to: servers of files redirect to its path with a slash first. */
  async #aliasBelow(url: string, location: string | null, host: string | null) {
    const target = location === null ? null : this.#resolve(location, url, host);
    const folder = parseUrl(url);
    if (target === null || folder === null) return null;
    folder.pathname += "/";
    return target === folder.href
      ? this.#read((await this.#get(target, host)).html, target).alias
      : null;
  }

  /** The host of such a page is that of the build, such as `baseURL` of Hugo, and need not be the one that is asked. */
  async #checkAlias(
    { url, delay }: AliasPage,
    to: string,
    host: string | null,
    found: (code: RedirectProblem, message: string) => RedirectFinding,
  ): Promise<RedirectFinding | null> {
    const page = `a page that leads to ${url.href} (meta refresh)`;
    const target = this.#here(url);
    if (decoded(target) !== decoded(this.#origin + to))
      return found("wrong-target", `expected ${to}, found ${page}`);
    if (delay > LONGEST_DELAY)
      return found("not-permanent", `expected a redirect to ${to}, found ${page} after ${delay} s`);
    const end = await this.#get(target, host);
    const next = this.#read(end.html, target).alias;
    // A page that shows itself anew, such as one of news, leads nowhere else.
    const isOnward = next !== null && decoded(this.#here(next.url)) !== decoded(target);
    if (end.location !== null || isOnward)
      return found("chain", `2 redirects, by ${page}, where the next one is`);
    if (end.status !== 200)
      return found("target-missing", `${to} gives status ${end.status}, expected 200`);
    this.aliases++;
    if (url.origin !== this.#origin) this.aliasOrigins.add(url.origin);
    return null;
  }

  #here({ pathname, search }: URL): string {
    return this.#origin + pathname + search;
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }

  async #follow(start: string, host: string | null) {
    let url = start;
    for (let redirects = 0; ; redirects++) {
      if (redirects === MAX_REDIRECTS) return { url, status: 0, redirects };
      const { status, location } = await this.#get(url, host);
      const next = location === null ? null : this.#resolve(location, url, host);
      if (next === null) return { url, status, redirects };
      url = next;
    }
  }

  /** A target as a URL of the running site; null for one on another host. */
  #resolve(location: string, base: string, host: string | null): string | null {
    const target = parseUrl(location, base);
    if (target === null) return null;
    const { hostname, pathname, search } = target;
    const here = new URL(this.#origin);
    return hostname === here.hostname || hostname === host ? here.origin + pathname + search : null;
  }

  /** GET, since some servers answer HEAD with 405; of the body only the head of a page is kept. */
  async #get(url: string, host: string | null): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      const { statusCode, headers, body } = await request(url, {
        dispatcher: this.#agent,
        headers: host === null ? {} : { host },
      });
      const isPage = statusCode === 200 && /html/i.test(String(headers["content-type"]));
      const html = isPage ? await beginning(body) : "";
      if (!isPage) await body.dump();
      // One retry where a server is overloaded.
      if (attempt === 1 && (statusCode === 429 || statusCode === 503)) {
        const asked = parseRetryAfter(String(headers["retry-after"] ?? ""), Date.now());
        await sleep(Math.min(asked ?? 1000, 30_000));
        continue;
      }
      const location = REDIRECTS.has(statusCode) ? headers.location : null;
      return { status: statusCode, location: typeof location === "string" ? location : null, html };
    }
  }
}

async function beginning(body: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body) {
    pieces.push(piece);
    size += piece.length;
    if (size >= HEAD) break;
  }
  return Buffer.concat(pieces).subarray(0, HEAD).toString();
}

/** A canonical link tells search engines where a page belongs, and takes nobody there. */
function belongsTo({ canonical }: LeadsOn): string {
  return canonical === null
    ? ""
    : ` and a page whose canonical link names ${canonical}, which takes no reader there`;
}

function decoded(url: string): string {
  try {
    return decodeURI(url);
  } catch {
    return url;
  }
}
