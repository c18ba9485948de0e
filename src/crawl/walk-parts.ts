/** The parts of a walk: what each knows of the pages, and what each has seen. */
import type { Page, Row, Source } from "../model.js";
import type { Walk } from "../schema/run-report.js";
import type { Site } from "../site/site.js";
import { DupeFilter } from "./dupefilter.js";
import { type ArticleEvent, type ItemOptions, ItemPipeline } from "./item-pipeline.js";
import type { ReadingStore } from "./kept-readings.js";
import { ListDates } from "./list-dates.js";
import { ListingMementos } from "./listing-mementos.js";
import { ListingRequests } from "./listing-requests.js";
import { Paging } from "./paging.js";
import { Reader } from "./reader.js";
import { type KnownArticle, Relocations } from "./relocated.js";
import { SessionParameters } from "./session-parameters.js";

export interface WalkOptions extends ItemOptions {
  readonly source: Source;
  /** Read at most so many articles; null for all. */
  readonly limit?: number | null;
  /** Articles of earlier runs: one that no row names is requested, to see whether it has another URL now. */
  readonly known?: readonly KnownArticle[];
  /** What earlier walks of the run have listed and written, and what they saw: this one continues both. */
  readonly dupefilter?: DupeFilter;
  readonly before?: Walk;
  /** True for a walk that is not that of the list before it in another language. */
  readonly isOwnList?: boolean;
  /** What earlier runs have read. */
  readonly readings?: ReadingStore;
  readonly onEvent?: (event: WalkEvent) => void;
  /** Called with every row that is new, and its list. */
  readonly onRow?: (site: Site, row: Row, page: Page) => void;
  /** Called with every page, in the order in which they are read. */
  readonly onPage?: (page: Page) => void;
}

/** What happens on the way, for progress. */
export type WalkEvent =
  | ArticleEvent
  | {
      readonly event: "listing";
      readonly url: string;
      readonly rows: number;
      readonly pageNumber: number | null;
      readonly pageCount: number | null;
    };

export type WalkParts = ReturnType<typeof partsOf>;

export function partsOf(options: WalkOptions) {
  const { site, source, dupefilter = new DupeFilter(), known = [], before } = options;
  const requests = new ListingRequests(site);
  const reader = new Reader(site, options.readings);
  return {
    site,
    source,
    requests,
    reader,
    ledger: dupefilter.ledger,
    paging: new Paging(site, source.isFixed, requests),
    sessions: new SessionParameters(site),
    dates: new ListDates(site, reader),
    /** Of a site that is read from web archives. */
    mementos: new ListingMementos(site),
    relocations: new Relocations(known),
    items: new ItemPipeline(options, dupefilter, new Map(before?.warnings)),
  };
}
