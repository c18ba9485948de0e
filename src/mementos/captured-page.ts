/** A capture as a page: its redirects are followed, each to the capture that is nearest in time. */
import { REDIRECTS } from "../http/completeness.js";
import type { Exchange } from "../http/exchange.js";
import { FetchError } from "../http/fetch-error.js";
import { offlineExchange } from "../http/offline.js";
import { DEFAULT_LIMITS, MEDIA_LIMITS } from "../http/wire/limits.js";
import type { WireResponse } from "../http/wire/receive.js";
import type { Memento, Page } from "../model.js";
import type { Site } from "../site/site.js";
import { parseUrl } from "../text.js";
import { isoOf } from "../warc/date.js";
import { Unanswered } from "./ask.js";
import { candidatesOf, noCaptureWords } from "./choose.js";
import type { Holdings } from "./holdings.js";
import type { IndexRow } from "./rows.js";

export interface Candidate {
  readonly holdings: Holdings;
  readonly row: IndexRow;
}

/** What came, and the capture that it is of. */
export type Fetched = { readonly memento: Memento } & (
  | { readonly page: Page }
  | { readonly error: Unanswered | FetchError }
);

export class CapturedPages {
  readonly #exchange: Exchange;
  /** What the next hop is answered from, and the capture that answered the last one. */
  #due: Candidate | null = null;
  #last: Memento | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(site: Pick<Site, "start" | "origins" | "media">) {
    this.#exchange = offlineExchange(site, {
      attempts: 1,
      limits: { ...DEFAULT_LIMITS, ...MEDIA_LIMITS },
      // What the archive has fetched may be read; its own limits are kept by its pace.
      ignoreRobots: true,
      stored: (url) => this.#hop(url),
    });
  }

  /** Fetches a capture, one at a time. It is not judged. */
  fetch(
    url: string,
    what: "page" | "data" | "either" | "media",
    candidate: Candidate,
  ): Promise<Fetched> {
    const { holdings, row } = candidate;
    const fetched = this.#turn.then(async () => {
      let memento: Memento = { archive: holdings.remote.archive.name, time: isoOf(row.time) };
      this.#due = candidate;
      this.#last = null;
      try {
        const page = await this.#exchange.fetch(url, { what });
        memento = this.#last ?? memento;
        return { memento, page: { ...page, memento } };
      } catch (error) {
        if (!(error instanceof Unanswered || error instanceof FetchError)) throw error;
        return { memento: this.#last ?? memento, error };
      }
    });
    this.#turn = fetched.catch(() => undefined);
    return fetched;
  }

  /** Answers one hop: the first from the capture that is tried, later ones from the capture nearest to it. */
  async #hop(url: URL): Promise<WireResponse> {
    const due = this.#due;
    if (due === null) throw new FetchError(`it leads to ${url.href}, which is not archived there`);
    const { holdings, row } = due;
    this.#due = null;
    const read = await holdings.remote.fetch(row);
    if ("state" in read && read.state === "excluded")
      throw new Unanswered(holdings.remote.archive.name, url.href, read.reason, true);
    if (!("response" in read)) throw new FetchError(noCaptureWords(read));
    const { response, time } = read;
    this.#last = { archive: holdings.remote.archive.name, time };
    if (!response.whole) throw new FetchError("the capture holds only a part of the response");
    const target = parseUrl(response.headers.location ?? "", url.href);
    if (REDIRECTS.has(response.status) && target !== null && /^https?:$/.test(target.protocol))
      this.#due = await nearest(holdings, target.href, row);
    return response;
  }
}

/** The capture of where a captured redirect leads that is nearest in time, and no error. */
async function nearest(
  holdings: Holdings,
  url: string,
  { time }: IndexRow,
): Promise<Candidate | null> {
  const { from, to } = holdings.remote.archive;
  const wanted = { prefer: `nearest:${isoOf(time)}`, from, to, what: "media" } as const;
  const [row] = candidatesOf(await holdings.of(url), wanted).rows;
  return row === undefined ? null : { holdings, row };
}
