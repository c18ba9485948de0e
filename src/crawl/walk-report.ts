/** The report of a walk: what it has seen, added to what the walks before it saw. */
import type { Listing } from "../model.js";
import { NOTHING_SEEN, type Walk } from "../schema/run-report.js";
import { tried } from "../site/selector-words.js";
import type { Site } from "../site/site.js";
import { sortFindings } from "./findings.js";
import { addHealth, unmatchedFields } from "./health.js";
import { addRemains } from "./left-behind.js";
import { type ListingMementos, unlistedNotes } from "./listing-mementos.js";
import type { Why } from "./paging.js";
import type { WalkParts } from "./walk-parts.js";

export class WalkReport {
  readonly #site: Site;
  readonly #before: Walk | undefined;
  readonly #isOwnList: boolean;
  /** How many articles were to be read. */
  taken: number;
  /** True when a limit ended the walk before the list did. */
  cutOff: boolean;
  /** Why the first page could not be read; null when it was. */
  unreachable: Why | null = null;
  #first: Pick<Listing, "translations" | "starts" | "feeds"> | null = null;
  /** What shows that the first page is not read as a list. */
  readonly #drift: string[] = [];

  /** @param isOwnList true for a walk that is not that of the list before it in another language */
  constructor(site: Site, before: Walk | undefined, isOwnList = before === undefined) {
    this.#site = site;
    this.#before = before;
    this.#isOwnList = isOwnList;
    const { taken, cutOff } = before ?? NOTHING_SEEN;
    this.taken = taken;
    this.cutOff = cutOff;
  }

  /** Takes a listing page: the first one says more than the others. */
  see({ translations, starts, feeds, rows, saysEmpty, url, note }: Listing): void {
    if (this.#first !== null) return;
    this.#first = { translations, ...(starts && { starts }), ...(feeds && { feeds }) };
    if (rows.length > 0 || saysEmpty) return;
    const why = note === undefined ? "" : `; ${note}`;
    this.#drift.push(
      `listing.rows matched nothing on the first page, ${url} ${tried(this.#site.listing.rows)}${why}`,
    );
  }

  end({ source, ledger, paging, items, mementos, ...parts }: WalkParts): Walk {
    const { dates, relocations, requests, sessions } = parts;
    const seen = this.#before ?? NOTHING_SEEN;
    const site = this.#site;
    const { ended, findings, pages, notes, drift } = paging;
    const isListed = (url: string) => ledger.has(url);
    const isWhole = ended && !this.cutOff;
    const unlisted = (isWhole ? source.unlisted?.(isListed) : null) ?? [];
    const doubts = items.plausibility.doubts((block) => items.leftBehind.repeats(block));
    const implausible = sortFindings(doubts.findings, site);
    const apart = [...mementos.findings(), ...(source.unanswered?.() ?? [])];
    const between = sortFindings(apart, site);
    const accepted = [...paging.accepted, ...implausible.accepted, ...between.accepted];
    const health = items.health.health();
    const outcomes = ledger.outcomes();
    const label = this.#label();
    return {
      ...seen,
      outcomes,
      listed: ledger.listed,
      listingPages: seen.listingPages + pages,
      taken: this.taken,
      ended: seen.ended && ended,
      complete:
        seen.complete &&
        isWhole &&
        findings.length === 0 &&
        // What no capture shows may have been on the site all the same.
        mementos.seen.length === 0 &&
        dates.gaps.length === 0 &&
        // A page that is known to be missing is not known to be empty.
        !accepted.some(({ finding }) => finding === "page-unread") &&
        !outcomes.some(({ state }) => state === "not-reached"),
      cutOff: this.cutOff,
      ...this.#ofMementos(mementos, unlisted),
      moved: [...seen.moved, ...relocations.found],
      gaps: [
        ...seen.gaps,
        ...this.#lostList(),
        ...findings.map(({ message }) => message),
        ...between.open.map(({ message }) => message),
        ...dates.gaps,
      ],
      lasting: [...seen.lasting, ...[this.#lost, ...findings].flatMap((one) => one?.code ?? [])],
      open: [
        ...seen.open,
        ...findings.map(({ code, ...one }) => one),
        ...between.open,
        ...implausible.open,
      ],
      accepted: [...seen.accepted, ...accepted],
      notes: [
        ...seen.notes,
        ...[
          ...sessions.notes,
          ...requests.notes,
          ...dates.notes,
          ...mementos.notes,
          ...unlistedNotes(unlisted),
          ...notes,
          ...doubts.notes,
        ].map((note) => label + note),
      ],
      drift: [
        ...seen.drift,
        ...[
          ...(ledger.listed > seen.listed ? [] : this.#drift),
          ...(drift === null ? [] : [drift]),
          ...unmatchedFields(health, site).drift,
          ...implausible.open.map(({ message }) => message),
        ].map((line) => label + line),
      ],
      feeds: [...new Set([...seen.feeds, ...(this.#first?.feeds ?? [])])],
      warnings: items.warnings,
      health: addHealth(seen.health, health),
      remains: addRemains(seen.remains, items.leftBehind.remains(site, isListed)),
      ...(this.#isOwnList && {
        unreachable: this.unreachable?.reason ?? null,
        listings: this.#first?.translations ?? {},
        starts: this.#first?.starts ?? [],
      }),
    };
  }

  /** Which list it is, of several, and in what language. */
  #label(): string {
    const { language, list } = this.#site;
    const name = [...(list === null ? [] : [list]), ...(this.#isOwnList ? [] : [language])];
    return name.length === 0 ? "" : `${name.join(", ")}: `;
  }

  /** Why the first page of one of several lists could not be read. */
  get #lost(): Why | null {
    const isOnly = this.#before === undefined && this.#site.list === null;
    return isOnly ? null : this.unreachable;
  }

  #lostList(): string[] {
    if (this.#lost === null) return [];
    const { language, list, start } = this.#site;
    const what =
      !this.#isOwnList || list === null
        ? `the list in "${language}" could not be read`
        : `the list "${list}" could not be read from ${start}`;
    return [`${what}: ${this.#lost.reason}`];
  }

  #ofMementos({ seen }: ListingMementos, unlisted: readonly string[]): Partial<Walk> {
    const before = this.#before;
    const found = unlisted.map((url) => ({ url, foundIn: ["index" as const] }));
    return {
      ...(seen.length > 0 && { listingMementos: [...(before?.listingMementos ?? []), ...seen] }),
      ...(found.length > 0 && { unlisted: [...(before?.unlisted ?? []), ...found] }),
    };
  }
}
