/** What an archive holds, counted entry by entry for the report of a run. */
import {
  FIELD_NAMES,
  type Loss,
  type Memento,
  type Outcome,
  type Provenance,
} from "../../model.js";
import { type Composite, type Holdings, UNDATED } from "../../schema/holdings.js";
import { countStates } from "../../schema/ledger.js";
import { byCodeUnits, gather } from "../../text.js";
import { isoTime } from "../../warc/date.js";
import type { EntryText } from "../archive-index.js";
import type { LinkFacts } from "../links.js";

/** What a line of provenance.jsonl adds to the report; a line of an older archive may lack it. */
type Noted = Partial<Pick<Provenance, "fields" | "losses" | "warnings" | "overrides" | "memento">>;

/** What setting the links of all entries has shown. */
interface Linked extends Pick<Holdings["links"], "fragments"> {
  readonly links: LinkFacts;
  readonly translations: Pick<Holdings["translations"], "missing">;
  /** Media files by path. */
  readonly media: ReadonlyMap<string, { readonly bytes: number; readonly mediaType: string }>;
}

/** Entries by two words of each: how many have both. */
type Pairs = Map<string, Map<string, number>>;

/** Counts entries one by one, so that none has to be kept in memory. */
export class Tally {
  readonly #languages = new Map<string, number>();
  readonly #warnings = new Map<string, { entry: string; message: string }[]>();
  readonly #missing: Record<keyof Holdings["missing"], string[]> = {
    date: [],
    type: [],
    summary: [],
    body: [],
  };
  readonly #losses = new Map<string, Loss & { count: number; entries: number }>();
  readonly #failed = new Map<string, { address: string; reason: string; entries: string[] }>();
  readonly #overridden: { entry: string; keys: readonly string[] }[] = [];
  /** Entries by month and type, by field and where its value came from, and by language and that of a translation. */
  readonly #months: Pairs = new Map();
  readonly #coverage: Pairs = new Map();
  readonly #pairs: Pairs = new Map();
  /** For each language, how many entries are in it or have a translation into it. */
  readonly #present = new Map<string, number>();
  readonly #composite = new CompositeTally();
  /** Entries that have a translation. */
  #linked = 0;
  #named = 0;
  #entries = 0;

  /** @param failure why a file was not stored, by its URL @param captured when it was, if it is from a web archive */
  add(
    { id, data, body }: EntryText,
    noted: Noted,
    failure: (url: string) => string,
    captured: (url: string) => string | null = () => null,
  ): void {
    const { losses = [], warnings = [], overrides = [], memento } = noted;
    this.#entries++;
    if (memento !== undefined) this.#composite.add(id, memento, data.media, captured);
    const month = data.date?.slice(0, 7) ?? UNDATED;
    incrementPair(this.#months, month, data.type ?? "");
    const values = { ...data, body: body.trim() === "" ? null : body };
    const own = Object.entries(data.fields ?? {}).map(([name, value]) => [
      name,
      Array.isArray(value) && value.length === 0 ? null : value,
    ]);
    const all: Readonly<Record<string, unknown>> = { ...values, ...Object.fromEntries(own) };
    for (const field of [...FIELD_NAMES, ...Object.keys(data.fields ?? {})]) {
      const source =
        all[field] === null
          ? "none"
          : overrides.includes(field) || overrides.includes(`fields.${field}`)
            ? "override"
            : (noted.fields?.[field]?.from ?? "unknown");
      incrementPair(this.#coverage, field, source);
    }
    increment(this.#languages, data.language);
    const others = Object.keys(data.translations);
    if (others.length > 0) this.#linked++;
    for (const other of others) incrementPair(this.#pairs, data.language, other);
    for (const language of new Set([data.language, ...others])) increment(this.#present, language);
    for (const [at, message] of data.warnings.entries())
      gather(this.#warnings, warnings[at] ?? "other", { entry: id, message });
    for (const field of ["date", "type", "summary"] as const)
      if (data[field] === null) this.#missing[field].push(id);
    if (body.trim() === "") this.#missing.body.push(id);
    for (const { construct, kind, count, sample } of losses) {
      const none = { construct, kind, count: 0, entries: 0, sample };
      const known = held(this.#losses, `${construct}\n${kind}`, none);
      known.count += count;
      known.entries++;
    }
    for (const { sourceUrl: address, path } of data.media)
      if (path !== null) this.#named++;
      else {
        const none = { address, reason: failure(address), entries: [] };
        held(this.#failed, address, none).entries.push(id);
      }
    if (overrides.length > 0) this.#overridden.push({ entry: id, keys: overrides });
  }

  /** What all of them hold and lack, together with what else is known of the archive. */
  holdings(
    { links, fragments, translations, media }: Linked,
    ledger: readonly Outcome[],
    more: {
      readonly redirects: number;
      readonly unknownOverrides: readonly string[];
      /** True where links to other sites were asked. */
      readonly asked?: boolean;
    },
  ): Holdings {
    const { entries, files, external, other, embedded, notMigrated, broken } = links;
    const composite = this.#composite.report(ledger);
    return {
      entries: this.#entries,
      ...(composite && { composite }),
      languages: sorted(this.#languages),
      months: nested(this.#months),
      coverage: Object.fromEntries([...this.#coverage].map(([name, of]) => [name, sorted(of)])),
      ...listsOf(ledger),
      notWritten: ledger
        .filter(({ state }) => state !== "written")
        .map(({ url, state, reason = null, code, entry = null }) => {
          return { url, state, reason, ...(code && { code }), entry };
        }),
      warnings: [...this.#warnings]
        .map(([code, entries]) => ({ code, entries }))
        .sort((a, b) => byCodeUnits(a.code, b.code)),
      missing: this.#missing,
      losses: [...this.#losses.values()].sort(
        (a, b) => byCodeUnits(a.construct, b.construct) || byCodeUnits(a.kind, b.kind),
      ),
      media: {
        files: media.size,
        bytes: [...media.values()].reduce((sum, { bytes }) => sum + bytes, 0),
        named: this.#named,
        kinds: kindsOf(media.values()),
        failed: [...this.#failed.values()].sort((a, b) => byCodeUnits(a.address, b.address)),
      },
      links: {
        ...{ entries, files, external, other },
        hosts: sorted(links.hosts),
        ...{ embedded, notMigrated, broken, fragments },
        ...(more.asked ? { dead: links.dead } : {}),
      },
      translations: {
        linked: this.#linked,
        pairs: nested(this.#pairs),
        without: this.#without(),
        missing: translations.missing,
      },
      overrides: {
        applied: this.#overridden,
        excluded: ledger
          .filter(({ reason }) => reason?.startsWith("override: "))
          .map(({ url }) => url),
        unknown: more.unknownOverrides,
      },
      redirects: more.redirects,
    };
  }

  #without(): Record<string, number> {
    if (this.#languages.size < 2) return {};
    const lacks = (language: string) => this.#entries - (this.#present.get(language) ?? 0);
    return sorted([...this.#languages.keys()].map((language) => [language, lacks(language)]));
  }
}

/** Days between the captures of a page and of what it shows after which that is worth a look. */
const FAR = 30;
const DAY = 24 * 60 * 60 * 1000;

/** How the reason of a URL begins that no archive has a capture of. */
const NEVER = "not archived: ";

/** What an archive is whose entries come from captures of web archives. */
class CompositeTally {
  readonly #archives = new Map<string, number>();
  /** By month, how many of each archive. */
  readonly #spread: Pairs = new Map();
  /** Milliseconds since 1970. */
  readonly #times: number[] = [];
  readonly #far: { entry: string; address: string; days: number }[] = [];

  /** @param captured when the file of a URL was captured, `YYYY-MM-DDThh:mm:ssZ`; null where that is not known */
  add(
    entry: string,
    { archive, time }: Memento,
    media: EntryText["data"]["media"],
    captured: (url: string) => string | null,
  ): void {
    increment(this.#archives, archive);
    incrementPair(this.#spread, time.slice(0, 7), archive);
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
      spread: nested(this.#spread),
      from: at(0),
      median: at(Math.floor((times.length - 1) / 2)),
      to: at(times.length - 1),
      neverCaptured: ledger.flatMap(({ url, reason }) => (reason?.startsWith(NEVER) ? [url] : [])),
      farMedia: this.#far.sort((a, b) => b.days - a.days || byCodeUnits(a.entry, b.entry)),
    };
  }
}

/** How many URLs each of several lists named, and what became of them; nothing for a site with one list. */
function listsOf(ledger: readonly Outcome[]): Pick<Holdings, "lists"> {
  const lists = new Map<string, Outcome[]>();
  for (const line of ledger) for (const name of line.lists ?? []) gather(lists, name, line);
  if (lists.size === 0) return {};
  const counted = (lines: readonly Outcome[]) => ({
    listed: lines.length,
    ...countStates(lines),
    alsoInOthers: lines.filter(({ lists: all = [] }) => all.length > 1).length,
  });
  return { lists: sorted([...lists].map(([name, lines]) => [name, counted(lines)])) };
}

/** What a map has under a key, which is put there when it has nothing. */
function held<T>(map: Map<string, T>, key: string, first: T): T {
  const known = map.get(key) ?? first;
  map.set(key, known);
  return known;
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function incrementPair(pairs: Pairs, key: string, other: string): void {
  increment(held(pairs, key, new Map()), other);
}

function sorted<T>(of: Iterable<readonly [string, T]>): Record<string, T> {
  return Object.fromEntries([...of].sort(([a], [b]) => byCodeUnits(a, b)));
}

function nested(pairs: Pairs): Record<string, Record<string, number>> {
  return sorted([...pairs].map(([key, inner]) => [key, sorted(inner)]));
}

function kindsOf(media: Iterable<{ readonly bytes: number; readonly mediaType: string }>) {
  const kinds = new Map<string, { mediaType: string; files: number; bytes: number }>();
  for (const { bytes, mediaType } of media) {
    const kind = held(kinds, mediaType, { mediaType, files: 0, bytes: 0 });
    kind.files++;
    kind.bytes += bytes;
  }
  return [...kinds.values()].sort((a, b) => byCodeUnits(a.mediaType, b.mediaType));
}
