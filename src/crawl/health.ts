/** Selector health: how often each field was found, and by which of its selectors. Pure. */
import type { FieldName, Reading } from "../model.js";
import type { Health, SideHealth, WayHealth } from "../schema/health.js";
import { NO_FIELD, type Run, type Walk } from "../schema/run-report.js";
import { tried, wayWords } from "../site/selector-words.js";
import { type Alternative, fieldsInOrder, type Site } from "../site/site.js";
import { listKind } from "./list-kind.js";

/** Readings without their words and nodes. */
export type Sighted = Readonly<
  Partial<Record<FieldName, Pick<Reading, "selector" | "attribute" | "matches" | "also">>>
>;

/** What was read for one article; null where there was no row, or no page. */
export interface Sighting {
  readonly row: Sighted | null;
  readonly article: Sighted | null;
  /** The reading of each field that counts. */
  readonly chosen: Sighted;
}

interface Tally {
  won: number;
  nodes: [number, number];
  ambiguous: number;
}

class Side {
  of = 0;
  found = 0;
  readonly #ways: Map<string, Tally>;

  constructor(ways: readonly Alternative[]) {
    this.#ways = new Map(
      ways.map(({ select, attribute }) => [
        wayWords(select, attribute),
        { won: 0, nodes: [0, 0], ambiguous: 0 },
      ]),
    );
  }

  see(reading: Sighted[FieldName]): void {
    this.of++;
    if (reading === undefined) return;
    this.found++;
    const { selector, attribute, matches, also } = reading;
    const tally = this.#ways.get(wayWords(selector, attribute));
    if (tally === undefined) return;
    const [least, most] = tally.nodes;
    tally.nodes = [tally.won === 0 ? matches : Math.min(least, matches), Math.max(most, matches)];
    tally.won++;
    if (also.length > 0) tally.ambiguous++;
  }

  health(): SideHealth {
    const ways = [...this.#ways].map(([way, tally]) => ({ way, ...structuredClone(tally) }));
    return { of: this.of, found: this.found, ways };
  }
}

/** Counts what the selectors of a site found. */
export class HealthCount {
  readonly #fields: ReadonlyMap<string, { present: number; listing: Side; article: Side }>;
  #of = 0;

  constructor(site: Site) {
    this.#fields = new Map(
      fieldsInOrder(site).map(([name, { listing, article }]) => {
        return [name, { present: 0, listing: new Side(listing), article: new Side(article) }];
      }),
    );
  }

  see({ row, article, chosen }: Sighting): void {
    this.#of++;
    for (const [name, field] of this.#fields) {
      if (chosen[name] !== undefined) field.present++;
      if (row !== null) field.listing.see(row[name]);
      if (article !== null) field.article.see(article[name]);
    }
  }

  health(): Health {
    const fields = [...this.#fields].map(([name, { present, listing, article }]) => [
      name,
      { of: this.#of, present, listing: listing.health(), article: article.health() },
    ]);
    return Object.fromEntries(fields);
  }
}

/** Fields that are present in a smaller share than the site file demands, one sentence each. */
export function belowThreshold(health: Health, site: Site): string[] {
  return Object.entries(health).flatMap(([name, { of, present }]) => {
    const least = site.health[name];
    if (least === undefined || of === 0 || present >= least * of) return [];
    return [
      `${name} was found in ${present} of ${of} articles (${percent(present, of)}), and health.${name} demands ${percent(least, 1)}`,
    ];
  });
}

/**
 * Fields that the site file reads and that no article had, one sentence each. One article without a title is a
 * finding, all without it are a changed template (`drift`); a field that may be missing is worth a look (`unmatched`),
 * unless the site file says with a least share of 0 that no article may have it.
 */
export function unmatchedFields(
  health: Health,
  site: Site,
  isJudged: (name: FieldName) => boolean = () => true,
): { readonly drift: readonly string[]; readonly unmatched: readonly string[] } {
  const [drift, unmatched]: [string[], string[]] = [[], []];
  for (const [name, { listing, article, required }] of fieldsInOrder(site)) {
    const { of, present } = health[name] ?? { of: 0, present: 0 };
    if (!isJudged(name)) continue;
    const ways = [...listing, ...article];
    if (of === 0 || present > 0) continue;
    const matched = `matched 0 of ${of} article${of === 1 ? "" : "s"} ${tried(ways)}`;
    if (required) drift.push(`fields.${name} is required and ${matched}`);
    else if (ways.length > 0 && site.health[name] !== 0)
      unmatched.push(`fields.${name} ${matched}`);
  }
  return { drift, unmatched };
}

/** What the selectors of a run give cause to report. @param before health of the run before it; null without one */
export function selectorFindings(
  before: Health | null,
  walk: Pick<Walk, "health" | "complete" | "listingPages">,
  site: Site,
): Run["selectors"] {
  const { health } = walk;
  return {
    lost: before === null ? [] : comparedWith(before, health),
    unmatched: [...unmatchedFields(health, site).unmatched, ...unmatchedNext(walk, site)],
    thresholds: belowThreshold(health, site),
  };
}

/** Where nothing looks like a pager, a list of one page looks like one whose pager is not known. */
function unmatchedNext(
  { complete, listingPages }: Pick<Walk, "complete" | "listingPages">,
  site: Site,
): string[] {
  const { next, pageLinks } = site.listing;
  const isOnly = complete && listingPages <= 1 && !listKind(site).isData;
  if (!isOnly || next.length === 0 || pageLinks.length > 0) return [];
  return [
    `listing.next matched nothing on the only listing page that was read ${tried(next)}; \`"next": []\` says that the list has one page`,
  ];
}

/** What matched before and matches no longer, or less often, one sentence each. */
export function comparedWith(before: Health, now: Health): string[] {
  return Object.entries(now).flatMap(([name, field]) =>
    (["listing", "article"] as const).flatMap((from) => {
      const then = before[name]?.[from];
      return then === undefined ? [] : lostWays(then, field[from], from);
    }),
  );
}

const NOUN = { listing: "row", article: "article page" } as const;

function lostWays(before: SideHealth, now: SideHealth, from: "listing" | "article"): string[] {
  if (before.of === 0 || now.of === 0) return [];
  return before.ways.flatMap(({ way, won }) => {
    const then = now.ways.find((one) => one.way === way);
    // A selector that the site file no longer has was taken away on purpose.
    if (then === undefined || won === 0 || then.won > 0) return [];
    const was = `it was ${won} of ${before.of}`;
    return [`\`${way}\` matched 0 of ${now.of} ${NOUN[from]}${now.of === 1 ? "" : "s"}; ${was}`];
  });
}

function percent(part: number, whole: number): string {
  return `${Math.round((part / whole) * 1000) / 10} %`;
}

/** The health of two walks as one. A selector that one of them does not have counts as it does in the other. */
export function addHealth(one: Health, other: Health): Health {
  const sum = (a: SideHealth, b: SideHealth): SideHealth => {
    const ways = new Map(a.ways.map((way) => [way.way, way]));
    for (const way of b.ways) ways.set(way.way, addWay(ways.get(way.way), way));
    return { of: a.of + b.of, found: a.found + b.found, ways: [...ways.values()] };
  };
  const fields = [...new Set([...Object.keys(one), ...Object.keys(other)])].map((name) => {
    const [a, b] = [one[name] ?? NO_FIELD, other[name] ?? NO_FIELD];
    const [of, present] = [a.of + b.of, a.present + b.present];
    return [
      name,
      { of, present, listing: sum(a.listing, b.listing), article: sum(a.article, b.article) },
    ];
  });
  return Object.fromEntries(fields);
}

function addWay(a: WayHealth | undefined, b: WayHealth): WayHealth {
  if (a === undefined || a.won === 0) return b;
  if (b.won === 0) return a;
  const [least, most] = [Math.min(a.nodes[0], b.nodes[0]), Math.max(a.nodes[1], b.nodes[1])];
  return {
    way: a.way,
    won: a.won + b.won,
    nodes: [least, most],
    ambiguous: a.ambiguous + b.ambiguous,
  };
}
