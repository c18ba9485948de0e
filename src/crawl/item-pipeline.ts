/** The item pipeline: an article that was read becomes an entry, a duplicate, an exclusion or a rejection. */
import type { Draft, Entry, Failure, Page, Sink, State, Warning } from "../model.js";
import { judge } from "../schema/entry.js";
import type { Site } from "../site/site.js";
import type { Facts, Opened } from "./article.js";
import type { DupeFilter, Moved } from "./dupefilter.js";
import { HealthCount } from "./health.js";
import type { Listed, OutcomeDetails } from "./ledger.js";
import { LeftBehind } from "./left-behind.js";
import type { Overrides } from "./overrides.js";
import { Plausibility } from "./plausibility.js";

export interface ItemOptions {
  readonly site: Site;
  readonly sinks: readonly Sink[];
  /** Leave out articles dated before this calendar date (`YYYY-MM-DD`). */
  readonly since?: string | null;
  /** Decisions of people, applied before an article is judged. */
  readonly overrides?: Overrides;
  readonly onEvent?: (event: ArticleEvent) => void;
}

/** What became of an article, for progress. */
export type ArticleEvent = {
  readonly event: "article";
  readonly url: string;
  readonly state: State;
  readonly reason?: string;
};

/** How often each warning was given, and where first. */
export type WarningCounts = Map<string, { readonly count: number; readonly first: string }>;

export class ItemPipeline {
  /** What the selectors found in the articles. */
  readonly health: HealthCount;
  /** What their pages hold beside. */
  readonly leftBehind = new LeftBehind();
  /** What the articles have in common and should not. */
  readonly plausibility = new Plausibility();
  readonly warnings: WarningCounts;
  readonly #options: ItemOptions;
  readonly #dupefilter: DupeFilter;

  constructor(options: ItemOptions, dupefilter: DupeFilter, warnings: WarningCounts) {
    this.health = new HealthCount(options.site);
    this.warnings = warnings;
    this.#options = options;
    this.#dupefilter = dupefilter;
  }

  /**
   * Reads an article and settles it. An error of a stage is the failure of this article, one of a sink is
   * an error of the run.
   *
   * @param page its own page, or the listing page of a row that has none
   */
  async process(listed: Listed, page: Page, open: () => Promise<Opened>): Promise<void> {
    const opened = await this.#stage("extract", listed, open);
    if (opened === null) return;
    const { facts, finish } = opened;
    if (facts.soft404 !== null) {
      await opened.leave?.();
      return this.settle(listed, "failed", { ...facts.soft404, status: page.status });
    }
    const identity = await this.#stage("extract", listed, () =>
      this.#dupefilter.identify(listed, facts),
    );
    if (identity === null) return;
    if ("duplicateOf" in identity) {
      await opened.leave?.();
      const { duplicateOf: entry, url, ledBy } = identity;
      const duplicate = { reason: `of ${url}`, entry };
      if (ledBy === undefined) return this.settle(listed, "duplicate", duplicate);
      this.#dupefilter.ledger.change(ledBy, { state: "duplicate", ...duplicate });
      return this.settle(listed, "written", { entry });
    }
    const { url, more, moved } = identity;
    if (moved !== null) await this.#move(moved);
    this.health.see(facts.sighting);
    if (facts.content !== null) this.leftBehind.see(facts.content);
    const converted = await this.#stage("convert", listed, () => finish(url, more));
    if (converted === null) return;
    const { warnings } = converted;
    const draft = await this.#stage("convert", listed, () =>
      this.#decided(converted.draft, [url, listed.url]),
    );
    if (draft === null) return;
    if ("excluded" in draft)
      return this.settle(listed, "excluded", { reason: draft.excluded, withdrawn: true });
    this.plausibility.see(draft, url, facts);
    await this.#deliver(listed, draft, warnings, url, page, facts);
  }

  async #deliver(
    listed: Listed,
    draft: Draft,
    warnings: readonly Warning[],
    url: string,
    page: Page,
    facts: Facts,
  ): Promise<void> {
    const { date } = draft.data;
    const { since, sinks, site } = this.#options;
    if (since != null && typeof date === "string" && date < since) {
      const reason = `filter: dated ${date}, before ${since}`;
      return this.settle(listed, "excluded", { reason });
    }
    this.note(warnings, url);
    const verdict = await this.#stage("validate", listed, () => judge(draft, site));
    if (verdict === null) return;
    if ("issues" in verdict) {
      const { issues } = verdict;
      const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : "";
      const rejection = { id: draft.id, url, draft, issues, page };
      for (const sink of sinks) await sink.rejection?.(rejection);
      const reason = `${issues[0]?.path}: ${issues[0]?.message}${more}`;
      return this.settle(listed, "rejected", { reason });
    }
    this.#dupefilter.write(draft.id, listed, facts);
    const origin = { listing: listed.row?.listing ?? page.url, page: page.url };
    const { memento } = page;
    const entry: Entry =
      memento === undefined
        ? verdict
        : { ...verdict, provenance: { ...verdict.provenance, memento } };
    for (const sink of sinks) await sink.entry?.(entry, origin);
    this.settle(listed, "written", { entry: draft.id });
  }

  async #move({ id, url, warning }: Moved): Promise<void> {
    for (const sink of this.#options.sinks) await sink.move?.(id, url, warning);
    this.note([warning], url);
  }

  settle(listed: Listed, state: State, details: OutcomeDetails): void {
    this.#dupefilter.ledger.settle(listed, state, details);
    const { reason } = details;
    const { url } = listed;
    const event = { event: "article", url, state } as const;
    this.#options.onEvent?.(reason === undefined ? event : { ...event, reason });
  }

  /** Counts warnings of a page. */
  note(warnings: readonly Warning[], url: string): void {
    for (const { code } of warnings) {
      const { count = 0, first = url } = this.warnings.get(code) ?? {};
      this.warnings.set(code, { count: count + 1, first });
    }
  }

  #decided(draft: Draft, urls: readonly string[]): Draft | { readonly excluded: string } {
    const { aliases } = draft.data;
    const all = Array.isArray(aliases) ? [...urls, ...aliases.map(String)] : urls;
    return this.#options.overrides?.decide(draft, all) ?? draft;
  }

  /** Runs a stage on one article; an error that it throws is the failure of that article. Another run would find it again. */
  async #stage<T>(
    name: Exclude<Failure["stage"], "fetch">,
    listed: Listed,
    run: () => T | Promise<T>,
  ): Promise<T | null> {
    try {
      return await run();
    } catch (error) {
      this.settle(listed, "failed", { reason: `${name}: ${reasonOf(error)}`, code: "unusable" });
      return null;
    }
  }
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
