/** Drafts, entries and rejections to write. */

import type { Draft, Entry, EntryData, Page, Rejection } from "../../src/model.js";
import { judge } from "../../src/schema/entry.js";
import { NOTHING_SEEN, type Run, type RunOutcome } from "../../src/schema/run-report.js";

export const SITE = "https://office.example";
export const OPTIONS = { site: "office", generator: "sitelift 0.0.0" } as const;

/** A draft of `/news/<name>`; its id begins with the name's letters, filled up with zeros. */
export function draft(
  name: string,
  data: Partial<Record<keyof EntryData, unknown>> = {},
  more: Partial<Draft> = {},
): Draft {
  const id = name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "")
    .padEnd(12, "0");
  return {
    id,
    slug: name,
    data: {
      id,
      title: `About ${name}`,
      date: "2021-12-15",
      type: "news",
      language: "en",
      sourceUrl: `${SITE}/news/${name}`,
      summary: null,
      aliases: [],
      media: [],
      dateText: "12/15/2021",
      typeText: "News",
      direction: "ltr",
      translations: {},
      warnings: [],
      ...data,
    },
    body: `Words about *${name}*.`,
    embedded: [],
    provenance: {
      fields: {
        title: { from: "article", selector: "h1", attribute: null, raw: `About ${name}` },
        date: { from: "listing", selector: ".date", attribute: null, raw: "12/15/2021" },
        body: { from: "article", selector: ".body", attribute: null, raw: null },
      },
      losses: [],
    },
    issues: [],
    ...more,
  };
}

export function entry(...from: Parameters<typeof draft>): Entry {
  const judged = judge(draft(...from));
  if ("issues" in judged) throw new Error(JSON.stringify(judged.issues));
  return judged;
}

export function rejection(name: string, html = "<h1></h1>"): Rejection {
  const rejected = draft(name, { title: "" });
  const judged = judge(rejected);
  if (!("issues" in judged)) throw new Error("expected issues");
  const url = `${SITE}/news/${name}`;
  const page: Page = {
    url,
    requestedUrl: url,
    status: 200,
    headers: { "content-type": "text/html; charset=utf-8", date: "Mon, 01 Jan 2024 00:00:00 GMT" },
    body: Buffer.from(html),
  };
  return { id: rejected.id, url, draft: rejected, issues: judged.issues, page };
}

/** A run that walked nothing. */
export const NO_RUN: Run = {
  ...NOTHING_SEEN,
  interrupted: false,
  capture: null,
  requisites: null,
  ignoredRobots: false,
  outside: null,
  selectors: { lost: [], unmatched: [], thresholds: [] },
  leftBehind: [],
  rows: null,
  fewer: [],
  baseline: null,
  unusedOverrides: [],
};

/** The run that gave these entries and rejections, with further outcomes. */
export function runOf(
  given: readonly (Entry | Rejection)[],
  more: readonly RunOutcome[] = [],
  complete = true,
): Run {
  const outcomes = given.map((one, at): RunOutcome => {
    const listedOn = [`${SITE}/articles#${at + 1}`];
    return "issues" in one
      ? { url: one.url, state: "rejected", reason: one.issues[0]?.message ?? "", listedOn }
      : { url: one.data.sourceUrl, state: "written", entry: one.id, listedOn };
  });
  const all = [...outcomes, ...more];
  return { ...NO_RUN, outcomes: all, listed: all.length, complete };
}
