/** The links of a run's entries that lead to other sites, each once for every day of an article that has it. */
import { destinations } from "../../markdown/destinations.js";
import type { Entry } from "../../model.js";
import type { OutsideLink } from "../../schema/holdings.js";
import { byCodeUnits, parseUrl } from "../../text.js";
import { sameOrigin } from "../../url.js";

export class OutsideLinks {
  readonly #origins: readonly string[];
  readonly #found = new Map<string, OutsideLink>();

  constructor(origins: readonly string[]) {
    this.#origins = origins;
  }

  add({ body, data }: Pick<Entry, "body" | "data">): void {
    for (const { address, kind, attribute } of destinations(body)) {
      // What a page shows is media.
      if (kind === "image" || attribute === "src") continue;
      const url = parseUrl(address, data.sourceUrl);
      if (url === null || !/^https?:$/.test(url.protocol)) continue;
      if (this.#origins.some((origin) => sameOrigin(origin, url.href))) continue;
      url.hash = "";
      this.#found.set(keyOf(url.href, data.date), { url: url.href, day: data.date });
    }
  }

  /** Sorted, so that they are asked in the same order whatever came first. */
  all(): readonly OutsideLink[] {
    return [...this.#found].sort(([a], [b]) => byCodeUnits(a, b)).map(([, link]) => link);
  }
}

/** By what a link of an article of a day is found. */
export function keyOf(url: string, day: string | null): string {
  return `${url.replace(/#.*$/s, "")} ${day ?? ""}`;
}
