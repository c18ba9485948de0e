/** A case: a saved page, or a walk of several, with what is expected of it. The form of case.json, and the files of a case. */
import { z } from "zod";
import type { Sighting } from "../crawl/health.js";
import type { Page, Readings } from "../model.js";
import { optional, sha256 } from "../schema/words.js";

/** Files of a case's folder. A walk keeps its pages in `pages/`. */
export const CASE_FILES = {
  about: "case.json",
  page: "page.html",
  /** A listing page with a row that leads to the article, where that is kept. */
  listing: "listing.html",
  expected: "expected.json",
  body: "expected.md",
  actual: "actual.json",
  actualBody: "actual.md",
} as const;

/** What is known of a saved page besides its bytes. */
const answer = {
  url: z.url().describe("URL that answered, after redirects."),
  requestedUrl: z.url().describe("URL that was requested."),
  status: z.int(),
  headers: z
    .record(z.string(), z.string())
    .describe("The headers that what is read depends on, names in lower case."),
  sha256: sha256.describe(
    "SHA-256 of the page as fetched, before anything was trimmed or scrubbed.",
  ),
};

const savedPage = z.strictObject({ file: z.string(), ...answer });
export type SavedPage = z.output<typeof savedPage>;

const about = {
  caseVersion: z.literal(1),
  site: z.string().describe("Name of the site."),
  readBy: z
    .strictObject({
      site: z
        .string()
        .describe(
          "Built-in name, URL, or path of the site file, taken from the folder of the case.",
        ),
      preset: z.string().optional(),
      language: z.string().optional(),
    })
    .describe("How the site is found again."),
  recorded: z.iso.datetime().describe("When the page was fetched or taken over, in UTC."),
  trimmed: z.boolean(),
  scrubbed: z.boolean(),
  kept: optional(
    z.string().min(1),
    "Why the page is kept although its URL answers with another one: drift passes over it.",
  ),
};

/** What case.json holds. */
export const caseFile = z.discriminatedUnion("kind", [
  z.strictObject({ ...about, kind: z.literal("listing"), ...answer }),
  z.strictObject({
    ...about,
    kind: z.literal("article"),
    ...answer,
    row: savedPage
      .nullable()
      .describe("A listing page with a row that leads to the article; null for none."),
  }),
  z.strictObject({
    ...about,
    kind: z.literal("walk"),
    url: z.url().describe("Where the walk begins."),
    pages: z.array(savedPage).min(1),
  }),
]);
export type CaseFile = z.output<typeof caseFile>;
export type CaseKind = CaseFile["kind"];

export interface Case {
  readonly about: CaseFile;
  /** Its page; of a walk all of them, in the order in which they were fetched. */
  readonly pages: readonly Page[];
  /** A listing page with a row that leads to the article. */
  readonly listing: Page | null;
}

/** What a case is expected to give, or gave: the fields of expected.json and the Markdown of expected.md. */
export interface Expectation {
  readonly fields: Readonly<Record<string, unknown>>;
  /** Null when the site reads no body there. */
  readonly body: string | null;
}

const KEPT_HEADERS = ["content-type", "content-language", "last-modified", "link"];

/** @returns the headers of a page that a case keeps */
export function keptHeaders(page: Page): Record<string, string> {
  return Object.fromEntries(
    KEPT_HEADERS.flatMap((name) => {
      const value = page.headers[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** What was read for one article, with its words. */
interface CaseSighting extends Sighting {
  readonly row: Readings | null;
  readonly article: Readings | null;
  readonly chosen: Readings;
}

export interface CaseResult extends Expectation {
  readonly sightings: readonly CaseSighting[];
  /** Why the case proves nothing, whatever is expected of it. */
  readonly problems: readonly string[];
}
