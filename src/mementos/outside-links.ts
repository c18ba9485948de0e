/** Links to other sites that are dead, and the captures that are nearest to the day of the article. */
import { FetchError, Stopped } from "../http/fetch-error.js";
import { Throttle } from "../http/polite/lanes.js";
import { ROBOTS_BYTES } from "../http/polite/robots.js";
import { RobotsPolicy } from "../http/polite/robots-policy.js";
import { follow } from "../http/redirects.js";
import { productToken } from "../http/user-agent.js";
import { DEFAULT_LIMITS } from "../http/wire/limits.js";
import type { WireResponse } from "../http/wire/receive.js";
import type { Transport } from "../http/wire/transport.js";
import type { DeadLink, OutsideLink } from "../schema/holdings.js";
import { type ArchiveOptions, Unanswered } from "./ask.js";
import { candidatesOf } from "./choose.js";
import type { Holdings } from "./holdings.js";

export interface LinkOptions extends Omit<ArchiveOptions, "wire" | "paces" | "attempts"> {
  /** Null where nothing may be requested. */
  readonly transport: Transport | null;
}

/** What one page of a stranger's site may cost: the first byte says whether it is there. */
const LIMITS = { ...DEFAULT_LIMITS, headers: 15_000, total: 20_000 };
/** Milliseconds between two requests to one host, unless its robots.txt asks for more. */
const APART = 1_000;

/**
 * Asks every link once, and of each that is dead the web archives.
 *
 * @returns those that are known to be dead, in the order that was given
 */
export async function deadLinks(
  links: readonly OutsideLink[],
  all: readonly Holdings[],
  options: LinkOptions,
): Promise<readonly DeadLink[]> {
  const asker = new LinkAsker(options);
  const found: DeadLink[] = [];
  for (const link of links) {
    if (options.signal?.aborted) break;
    const why = await asker.death(link.url);
    if (why !== null) found.push({ ...link, why, ...(await captureOf(link, all)) });
  }
  return found;
}

/** URL at which readers see the capture of a link that is nearest to a day. */
async function captureOf(
  { url, day }: OutsideLink,
  all: readonly Holdings[],
): Promise<Pick<DeadLink, "capture" | "without">> {
  if (day === null) return { capture: null, without: "the article has no date" };
  let without = "no web archive has a capture of it";
  const wanted = { prefer: `nearest:${day}`, from: null, to: null, what: "media" } as const;
  for (const holdings of all) {
    const { base, kind } = holdings.remote.archive;
    // These have records, and no page that a reader may open.
    if (kind === "files" || kind.startsWith("commoncrawl")) continue;
    try {
      // One question gives the nearest.
      if (kind === "memento") {
        const time = await holdings.remote.nearest(url, `${day.replaceAll("-", "")}120000`);
        if (time !== null) return { capture: `${base}${time}/${url}` };
        continue;
      }
      const { rows } = candidatesOf(await holdings.of(url, false), wanted);
      const row = rows.find(({ status }) => status === 200 || status === null);
      if (row !== undefined) return { capture: `${base}${row.time}/${row.url}` };
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      without = `${error.excluded ? "excluded by the archive" : "the archive failed"}: ${error.message}`;
    }
  }
  return { capture: null, without };
}

class LinkAsker {
  readonly #options: LinkOptions;
  readonly #robots: RobotsPolicy;
  readonly #throttle: Throttle;
  readonly #known = new Map<string, string | null>();

  constructor(options: LinkOptions) {
    const { clock, signal, userAgent } = options;
    this.#options = options;
    this.#throttle = new Throttle({ concurrency: 1, delay: APART, clock, signal });
    this.#robots = new RobotsPolicy({
      ask: async (url) =>
        (await follow(url, refuseOther, (hop) => this.#get(hop, ROBOTS_BYTES))).response,
      token: productToken(userAgent),
      retryPolicy: { attempts: 1, clock, random: () => 0, ...(signal && { signal }) },
      patience: 0,
      onRetry: () => {},
      onCrawlDelay: ({ hostname }, ms) => void this.#throttle.setCrawlDelay(hostname, ms),
    });
  }

  /** Why it is known to be dead; null where it answers, or where nothing is known. */
  async death(url: string): Promise<string | null> {
    const known = this.#known.get(url);
    if (known !== undefined) return known;
    const why = await this.#ask(url).then(deathOf, (error: unknown) => {
      if (error instanceof Stopped) return null;
      if (!(error instanceof FetchError)) throw error;
      return UNKNOWN_HOST.test(error.message) ? "the host name is not known any more" : null;
    });
    this.#known.set(url, why);
    return why;
  }

  async #ask(url: string): Promise<WireResponse | null> {
    const { answers, recorder, clock, transport } = this.#options;
    const stored = await answers.find(url);
    if (stored !== null || transport === null) return stored?.response ?? null;
    const startedAt = clock.now();
    try {
      await this.#robots.check(new URL(url));
      const { traffic, ...response } = await this.#get(new URL(url), 1);
      const times = { startedAt: traffic.startedAt, endedAt: clock.now() };
      await recorder?.exchange({ url, ...traffic, ...times, ...response, cached: null });
      return response;
    } catch (error) {
      if (!(error instanceof FetchError)) throw error;
      await recorder?.failure({ url, startedAt, ...error.recorded, retry: false });
      throw error;
    }
  }

  async #get(url: URL, enough: number) {
    const { transport, userAgent, onEvent } = this.#options;
    if (transport === null) throw new Stopped();
    const release = await this.#throttle.acquire(url.hostname);
    try {
      onEvent?.({ event: "request", url: url.href, role: "link", attempt: 1 });
      const headers = { "user-agent": userAgent, accept: "*/*" };
      return await transport.get(url, headers, { enough, limits: LIMITS });
    } finally {
      release();
    }
  }
}

/** robots.txt may be elsewhere, and nothing but HTTP is asked for it. */
async function refuseOther({ protocol }: URL): Promise<void> {
  if (!/^https?:$/.test(protocol)) throw new FetchError(`${protocol} is not asked`);
}

/** Of a name that its own name server does not know; that a resolver does not answer says nothing. */
const UNKNOWN_HOST = /the host name is not known \(ENOTFOUND\)/;

/** Only what says that it is gone is dead: an error may pass, and a redirect leads somewhere. */
function deathOf(response: WireResponse | null): string | null {
  const status = response?.status;
  return status === 404 || status === 410 ? `HTTP ${status}` : null;
}
