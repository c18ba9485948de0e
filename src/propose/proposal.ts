/** What a proposal consists of: for each part of a site file a choice, with the evidence for it. */
import type { SiteInput } from "../site/site.js";

/** The parts of a site file that are chosen, each with its key there; each rests on those before it. */
export const PLACES = {
  rows: "listing.rows",
  title: "fields.title",
  link: "listing.link",
  date: "fields.date",
  format: "fields.date.formats",
  type: "fields.type",
  summary: "fields.summary",
  next: "listing.next",
  body: "fields.body",
  media: "article.media",
  author: "fields.author",
  authors: "fields.authors",
  tags: "fields.tags",
  image: "fields.image",
  language: "language",
} as const;
export type Part = keyof typeof PLACES;

/** One way to fill a part. */
export interface Option {
  /** A selector, a format or a language, as the site file has it; empty for "none". */
  readonly value: string;
  /** What it matches, in words: "10 rows", "9 of 10". */
  readonly matched: string;
  /** The first words that it gives, at most three. */
  readonly samples: readonly string[];
  /** Its score as a share of the best one's; left out where nothing was weighed. */
  readonly weight?: number;
  /** What the chosen one has more of, with the points of both; left out where nothing was weighed. */
  readonly lost?: string;
}

/** A part that was chosen. */
export interface Choice extends Option {
  readonly part: Part;
  /** Why this one, in a sentence. */
  readonly reason: string;
  /** False where a person should decide. */
  readonly sure: boolean;
  /** What else it may be, the chosen one among them; empty when there is nothing to choose from. */
  readonly options: readonly Option[];
  /** What came next and was not chosen; null when nothing else gives something of its own. */
  readonly runnerUp?: Option | null;
}

/** Answers of a person, which win over what would be chosen. An empty string means "none". */
export type Picks = Readonly<Partial<Record<Part, string>>>;

export interface Proposal {
  readonly site: SiteInput;
  readonly choices: readonly Choice[];
  /** What could not be found, one sentence each. */
  readonly missing: readonly string[];
  /** What the article page holds and the site file does not read, one sentence each. */
  readonly left: readonly string[];
  /** What else the site offers its articles by, one sentence each; left out where there is nothing. */
  readonly offers?: readonly string[];
  /** What the site file reads on the listing page, by the functions that a crawl runs. */
  readonly reads: Reads;
}

export interface Reads {
  readonly rows: number;
  readonly titles: number;
  readonly links: number;
  /** Rows with a calendar date. */
  readonly dates: number;
  readonly next: string | null;
  readonly pageCount: number | null;
  /** URL of the first row's article; null when no row links to one. */
  readonly article: string | null;
  /** URLs of three articles: of the first, a middle and the last row; fewer where there are fewer. */
  readonly articles: readonly string[];
  /** True where the page looks like an article rather than a list. */
  readonly isArticle: boolean;
  /** What shows that rows are not read, or are none, one sentence each. */
  readonly doubts: readonly string[];
}
