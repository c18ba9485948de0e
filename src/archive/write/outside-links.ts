/** The links of a run's entries that lead to other sites, each once for every day of an article that has it. */
import { destinations } from "../../markdown/destinations.js";
import type { Entry } from "../../model.js";
import type { OutsideLink } from "../../schema/holdings.js";
import { byCodeUnits, parseUrl } from "../../text.js";
import { isOfOne } from "../../url/url.js";

/** Sorted, so that they are asked in the same order whatever came first. @param origins of the site */
export async function outsideLinks(
  entries: AsyncIterable<Pick<Entry, "body" | "data">>,
  origins: readonly string[],
): Promise<readonly OutsideLink[]> {
  const found = new Map<string, OutsideLink>();
  for await (const { body, data } of entries)
    for (const { address, kind, attribute } of destinations(body)) {
      // What a page shows is media.
      if (kind === "image" || attribute === "src") continue;
      const url = parseUrl(address, data.sourceUrl);
      if (url === null || !/^https?:$/.test(url.protocol)) continue;
      if (isOfOne(url.href, origins)) continue;
      url.hash = "";
      found.set(keyOf(url.href, data.date), { url: url.href, day: data.date });
    }
  return [...found].sort(([a], [b]) => byCodeUnits(a, b)).map(([, link]) => link);
}

/** By what a link of an article of a day is found. */
export function keyOf(url: string, day: string | null): string {
  return `${url.replace(/#.*$/s, "")} ${day ?? ""}`;
}
