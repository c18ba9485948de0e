/**
 * Parameters that hold a session, by which a server tells its readers apart: another value in every response, of the same
 * links. A crawl without cookies is a new reader each time. Found by asking for the first listing page twice.
 */
import type { Listing } from "../model.js";
import type { Site } from "../site/site.js";
import { gather } from "../text.js";
import { looksRandom, parametersOf, urlKey, withoutSession } from "../url/url.js";

/** Shortest value that may be that of a session where every link has the same: none is as short as a language. */
const SHORTEST = 6;

export class SessionParameters {
  readonly #known: ReadonlySet<string>;
  /** URLs of the first response, and the parameters that may hold a session. */
  #first: { readonly urls: readonly string[]; readonly suspects: readonly string[] } | null = null;
  #isDone = false;
  /** What was found, in lower case. */
  readonly found: string[] = [];
  /** One sentence about each of them. */
  readonly notes: string[] = [];

  constructor({ start, listing }: Site) {
    const own = parametersOf(start).map(([name]) => name);
    this.#known = new Set([...own, listing.pageParameter?.toLowerCase() ?? ""]);
  }

  /**
   * Takes the first listing page, as often as it comes. @returns why it is to be asked for again; null when it is not,
   * and then `found` is what all pages are to be read without
   */
  retryReason({ rows, next }: Listing): string | null {
    if (this.#isDone) return null;
    const urls = [...rows.map(({ url }) => url), next].map((url) => url ?? "");
    if (this.#first === null) {
      const suspects = this.#suspectsOf(urls);
      this.#first = { urls, suspects };
      this.#isDone = suspects.length === 0;
      return this.#isDone
        ? null
        : `its links have ${suspects.join(", ")}, which may hold a session`;
    }
    this.#isDone = true;
    this.#compare(this.#first.suspects, this.#first.urls, urls);
    return null;
  }

  #suspectsOf(urls: readonly string[]): string[] {
    const values = new Map<string, string[]>();
    for (const url of urls)
      for (const [name, value] of parametersOf(url)) gather(values, name, value);
    return [...values.keys()].filter((name) => {
      const all = values.get(name) ?? [];
      const [first = ""] = all;
      const isShared =
        all.length > 1 && first.length >= SHORTEST && all.every((one) => one === first);
      return !this.#known.has(name) && (isShared || all.some(looksRandom));
    });
  }

  /** Finds those that are the only difference between two responses, and without which the links still differ. */
  #compare(suspects: readonly string[], before: readonly string[], now: readonly string[]): void {
    const valueIn = (url: string, name: string) =>
      parametersOf(url).find(([own]) => own === name)?.[1];
    const changing = suspects.filter((name) =>
      before.every((url, at) => {
        const value = valueIn(url, name);
        return value === undefined || value !== valueIn(now[at] ?? "", name);
      }),
    );
    const names = new Set(changing);
    const bare = (urls: readonly string[]) => urls.map((url) => urlKey(withoutSession(url, names)));
    const [one, other] = [bare(before), bare(now)];
    const isAll = one.length === other.length && one.every((key, at) => key === other[at]);
    if (!isAll || changing.length === 0) return;
    const list = changing.join(", ");
    const what = `every response has another ${list} in the links of the list`;
    if (new Set(one).size < new Set(before.map(urlKey)).size) {
      this.notes.push(`${what}, and nothing else tells the links apart`);
      return;
    }
    this.found.push(...changing);
    const quoted = changing.map((name) => `"${name}"`).join(", ");
    this.notes.push(
      `${what}: left out of every URL, as \`"sessionParameters": [${quoted}]\` in the site file does from the start`,
    );
  }
}
