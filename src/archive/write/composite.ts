/** What an archive is whose entries come from captures of web archives, counted entry by entry. */
import type { Media, Memento, Outcome } from "../../model.js";
import type { Composite } from "../../schema/holdings.js";
import { byCodeUnits } from "../../text.js";
import { isoTime } from "../../warc/date.js";

/** Days between the captures of a page and of what it shows after which that is worth a look. */
const FAR = 30;
const DAY = 24 * 60 * 60 * 1000;

/** How the reason of a URL begins that no archive has a capture of. */
const NEVER = "not archived: ";

export class CompositeTally {
  readonly #archives = new Map<string, number>();
  /** By month, how many of each archive. */
  readonly #spread = new Map<string, Map<string, number>>();
  /** Milliseconds since 1970. */
  readonly #times: number[] = [];
  readonly #far: { entry: string; address: string; days: number }[] = [];

  /** @param captured when the file of a URL was captured, `YYYY-MM-DDThh:mm:ssZ`; null where that is not known */
  add(
    entry: string,
    { archive, time }: Memento,
    media: readonly Pick<Media, "sourceUrl" | "path">[],
    captured: (url: string) => string | null,
  ): void {
    this.#archives.set(archive, (this.#archives.get(archive) ?? 0) + 1);
    const month = this.#spread.get(time.slice(0, 7)) ?? new Map<string, number>();
    this.#spread.set(time.slice(0, 7), month.set(archive, (month.get(archive) ?? 0) + 1));
    const at = Date.parse(time);
    this.#times.push(at);
    for (const { sourceUrl: address, path } of media) {
      const then = path === null ? null : captured(address);
      const days = then === null ? 0 : Math.round(Math.abs(Date.parse(then) - at) / DAY);
      if (days > FAR) this.#far.push({ entry, address, days });
    }
  }

  /** Null for an archive without captures of web archives. */
  report(ledger: readonly Outcome[]): Composite | null {
    const times = this.#times.toSorted((a, b) => a - b);
    const [first] = times;
    if (first === undefined) return null;
    const at = (index: number) => isoTime(times[index] ?? first);
    return {
      entries: times.length,
      archives: sorted(this.#archives),
      spread: sorted(new Map([...this.#spread].map(([month, of]) => [month, sorted(of)]))),
      from: at(0),
      median: at(Math.floor((times.length - 1) / 2)),
      to: at(times.length - 1),
      neverCaptured: ledger.flatMap(({ url, reason }) => (reason?.startsWith(NEVER) ? [url] : [])),
      farMedia: this.#far.sort((a, b) => b.days - a.days || byCodeUnits(a.entry, b.entry)),
    };
  }
}

function sorted<T>(of: ReadonlyMap<string, T>): Record<string, T> {
  return Object.fromEntries([...of].sort(([a], [b]) => byCodeUnits(a, b)));
}
