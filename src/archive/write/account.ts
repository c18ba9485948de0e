/**
 * The closing account of an archive: what the person who signs for a migration needs to know, and nothing
 * that depends on when or how often it was run. It follows from the entries, their provenance and the
 * ledger, and from what the last run could not read or fetch.
 */
import type { Loss, Outcome, State } from "../../model.js";
import type { EntryLine } from "../../schema/entry.js";
import { countStates } from "../../schema/ledger.js";
import { byCodeUnits } from "../../text.js";
import type { LinkFacts, Loose } from "../links.js";
import type { Translations } from "./translations.js";

/** What account.json holds. Lists of entries hold their ids. */
export interface ClosingAccount {
  readonly accountVersion: 1;
  readonly site: string;
  /** True when the listing was read to its end. */
  readonly complete: boolean;
  /** Why rows may be missing, and selectors that must match and do not. */
  readonly gaps: readonly string[];
  readonly drift: readonly string[];
  /** What is worth a look and does not say that rows are missing. */
  readonly notes: readonly string[];
  /** Selectors of the site file that matched nothing in the whole run, one sentence each. */
  readonly unmatched: readonly string[];
  /** True when the last run did not ask robots.txt. */
  readonly ignoredRobots: boolean;
  readonly counts: Readonly<Record<"listed" | State, number>>;
  readonly entries: number;
  readonly languages: Readonly<Record<string, number>>;
  /** Listed addresses that no new entry came of, each with its reason. */
  readonly notWritten: readonly {
    readonly url: string;
    readonly state: State;
    readonly reason: string | null;
    readonly entry: string | null;
  }[];
  readonly warnings: readonly Kind<{ readonly entry: string; readonly message: string }>[];
  /** Entries without a value, by field. */
  readonly missing: Readonly<Record<"date" | "type" | "summary" | "body", readonly string[]>>;
  readonly losses: readonly {
    readonly construct: string;
    readonly kind: Loss["kind"];
    readonly count: number;
    readonly entries: number;
    readonly sample: string;
  }[];
  readonly media: {
    readonly files: number;
    readonly bytes: number;
    /** How often entries name a stored file. */
    readonly named: number;
    readonly failed: readonly {
      readonly address: string;
      readonly reason: string;
      readonly entries: readonly string[];
    }[];
  };
  readonly links: {
    readonly entries: number;
    readonly files: number;
    readonly external: number;
    readonly other: number;
    readonly embedded: readonly Loose[];
    readonly notMigrated: readonly Loose[];
    readonly broken: readonly Loose[];
    readonly fragments: readonly {
      readonly entry: string;
      readonly target: string;
      readonly fragment: string;
    }[];
  };
  readonly translations: {
    /** Entries that have at least one. */
    readonly linked: number;
    /** For each language of the archive: entries in other languages that have no translation into it. */
    readonly without: Readonly<Record<string, number>>;
    /** Translations that a page names and the archive does not hold. */
    readonly missing: Translations["missing"];
  };
  readonly overrides: {
    readonly applied: readonly { readonly entry: string; readonly keys: readonly string[] }[];
    readonly excluded: readonly string[];
    readonly unknown: readonly string[];
  };
  readonly redirects: number;
}

interface Kind<T> {
  readonly code: string;
  readonly entries: readonly T[];
}

/** What a provenance line tells the account. */
interface Told {
  readonly losses?: readonly Loss[];
  /** Codes of the warnings, in their order. */
  readonly warnings?: readonly string[];
  /** Keys that a person has set. */
  readonly overrides?: readonly string[];
}

/** What the run tells the account. */
export interface RunFacts {
  readonly site: string;
  readonly complete: boolean;
  readonly gaps: readonly string[];
  readonly drift: readonly string[];
  readonly notes: readonly string[];
  readonly unmatched: readonly string[];
  readonly ignoredRobots: boolean;
  readonly ledger: readonly Outcome[];
  readonly links: LinkFacts;
  readonly fragments: ClosingAccount["links"]["fragments"];
  readonly translations: Translations;
  readonly mediaFiles: Iterable<{ readonly bytes: number }>;
  readonly redirects: number;
  /** Overrides that name nothing of the archive. */
  readonly unknownOverrides: readonly string[];
}

/** Counts entries one by one, so that none has to be kept. */
export class Closing {
  readonly #languages = new Map<string, number>();
  readonly #warnings = new Map<string, { entry: string; message: string }[]>();
  readonly #missing = { date: [], type: [], summary: [], body: [] } as Record<
    keyof ClosingAccount["missing"],
    string[]
  >;
  readonly #losses = new Map<
    string,
    {
      -readonly [Key in keyof ClosingAccount["losses"][number]]: ClosingAccount["losses"][number][Key];
    }
  >();
  readonly #failed = new Map<string, { address: string; reason: string; entries: string[] }>();
  readonly #overridden: { entry: string; keys: readonly string[] }[] = [];
  /** For each language, how many entries are in it or have a translation into it. */
  readonly #present = new Map<string, number>();
  /** Entries that have a translation. */
  #linked = 0;
  #named = 0;
  #entries = 0;

  /** @param failure why a file was not stored, by its address */
  add({ id, data, body }: EntryLine, told: Told, failure: (address: string) => string): void {
    this.#entries++;
    this.#languages.set(data.language, (this.#languages.get(data.language) ?? 0) + 1);
    const others = Object.keys(data.translations);
    if (others.length > 0) this.#linked++;
    for (const language of new Set([data.language, ...others]))
      this.#present.set(language, (this.#present.get(language) ?? 0) + 1);
    for (const [at, message] of data.warnings.entries()) {
      const code = told.warnings?.[at] ?? "other";
      const known = this.#warnings.get(code) ?? [];
      known.push({ entry: id, message });
      this.#warnings.set(code, known);
    }
    for (const field of ["date", "type", "summary"] as const)
      if (data[field] === null) this.#missing[field].push(id);
    if (body.trim() === "") this.#missing.body.push(id);
    for (const loss of told.losses ?? []) this.#lose(loss);
    for (const { sourceUrl, path } of data.media)
      if (path !== null) this.#named++;
      else this.#fail(sourceUrl, failure(sourceUrl), id);
    if (told.overrides !== undefined && told.overrides.length > 0)
      this.#overridden.push({ entry: id, keys: told.overrides });
  }

  #lose({ construct, kind, count, sample }: Loss): void {
    const key = `${construct}\n${kind}`;
    const known = this.#losses.get(key);
    if (known === undefined) this.#losses.set(key, { construct, kind, count, entries: 1, sample });
    else {
      known.count += count;
      known.entries++;
    }
  }

  #fail(address: string, reason: string, entry: string): void {
    const known = this.#failed.get(address);
    if (known === undefined) this.#failed.set(address, { address, reason, entries: [entry] });
    else known.entries.push(entry);
  }

  account(facts: RunFacts): ClosingAccount {
    const { site, complete, gaps, drift, notes, unmatched, ignoredRobots } = facts;
    const { ledger, links, translations } = facts;
    const files = [...facts.mediaFiles];
    const { embedded, notMigrated, broken } = links;
    return {
      accountVersion: 1,
      site,
      complete,
      gaps,
      drift,
      notes,
      unmatched,
      ignoredRobots,
      counts: { listed: ledger.length, ...countStates(ledger) },
      entries: this.#entries,
      languages: sorted(this.#languages),
      notWritten: ledger
        .filter(({ state }) => state !== "written")
        .map(({ url, state, reason, entry }) => ({
          url,
          state,
          reason: reason ?? null,
          entry: entry ?? null,
        })),
      warnings: [...this.#warnings]
        .map(([code, entries]) => ({ code, entries }))
        .sort((a, b) => byCodeUnits(a.code, b.code)),
      missing: this.#missing,
      losses: [...this.#losses.values()].sort(
        (a, b) => byCodeUnits(a.construct, b.construct) || byCodeUnits(a.kind, b.kind),
      ),
      media: {
        files: files.length,
        bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
        named: this.#named,
        failed: [...this.#failed.values()].sort((a, b) => byCodeUnits(a.address, b.address)),
      },
      links: {
        entries: links.entries,
        files: links.files,
        external: links.external,
        other: links.other,
        embedded,
        notMigrated,
        broken,
        fragments: facts.fragments,
      },
      translations: {
        linked: this.#linked,
        without: this.#without(),
        missing: translations.missing,
      },
      overrides: {
        applied: this.#overridden,
        excluded: ledger
          .filter(({ reason }) => reason?.startsWith("override: "))
          .map(({ url }) => url),
        unknown: facts.unknownOverrides,
      },
      redirects: facts.redirects,
    };
  }

  #without(): Record<string, number> {
    const languages = [...this.#languages.keys()].sort(byCodeUnits);
    if (languages.length < 2) return {};
    const lacks = (language: string) => this.#entries - (this.#present.get(language) ?? 0);
    return Object.fromEntries(languages.map((language) => [language, lacks(language)]));
  }
}

function sorted(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([a], [b]) => byCodeUnits(a, b)));
}
