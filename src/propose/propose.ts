/**
 * Proposes a site file from a listing page and one article that it links to. Pure: pages in, a
 * proposal with its evidence out. Called again with the answers of a person, it proposes again.
 */
import type { Element } from "domhandler";
import { readLanguage } from "../extract/article.js";
import { isDrupal7, parsePage, type Tree } from "../extract/tree.js";
import type { Page } from "../model.js";
import { articleDate, proposeBody } from "./body.js";
import { type Candidate, candidateOf, candidatesOf } from "./candidates.js";
import { proposeDate } from "./date.js";
import { proposeSummary, proposeType } from "./labels.js";
import { proposePager } from "./pager.js";
import { proposePreset } from "./preset.js";
import type { Choice, Picks, Proposal } from "./proposal.js";
import { readsOf } from "./reads.js";
import { proposeRows } from "./rows.js";
import { missingOf, type Parts, siteOf } from "./site.js";
import { proposeLink, proposeTitle } from "./title.js";

export interface ProposeOptions {
  /** Name of the site. */
  readonly name: string;
  readonly picks?: Picks;
  /** Tries the preset of Drupal 7 on a page of Drupal 7. Default: true. */
  readonly preset?: boolean;
}

/**
 * @param article an article that the listing links to; null when there is none to look at
 * @returns null when nothing on the page repeats as the rows of a list do
 */
export function propose(
  listing: Page,
  article: Page | null,
  { name, picks = {}, preset = true }: ProposeOptions,
): Proposal | null {
  const tree = parsePage(listing);
  const own = article === null ? null : parsePage(article);
  const language = proposeLanguage(tree, own);
  const base = {
    name,
    start: listing.url,
    ...(language === null ? {} : { language: language.value }),
  };
  if (preset && isDrupal7(tree) && picks.rows === undefined) {
    const short = proposePreset(listing, article, base, picks);
    if (short !== null)
      return language === null ? short : { ...short, choices: [...short.choices, language] };
  }
  const found = proposeRows(tree, picks);
  if (found === null) return null;
  const parts = partsOf(tree, own, found.rows, language?.value ?? "und", picks);
  const choices = [found.choice, ...parts.choices, ...(language === null ? [] : [language])];
  const start = parts.pager.first ?? base.start;
  const input = siteOf({ ...base, start }, found.choice, parts, own);
  const reads = readsOf(listing, input);
  const missing = missingOf(parts, own, reads.next, reads.pageCount);
  if (language === null) missing.push("language: the page names none; set `language`");
  if (parts.date !== null && parts.date.problem === null && reads.dates < found.rows.length)
    missing.push(`date: ${reads.dates} of ${found.rows.length} rows have one that can be read`);
  return { site: input, choices, missing, reads };
}

function partsOf(
  tree: Tree,
  own: Tree | null,
  rows: readonly Element[],
  language: string,
  picks: Picks,
): Parts {
  const candidates = candidatesOf(tree, rows);
  const title = proposeTitle(tree, rows, candidates, picks);
  const titles = title === null ? null : candidateOf(tree, rows, title.value);
  const link = proposeLink(tree, rows, title?.value ?? null, picks);
  const known = knownDates(rows, titles, own);
  const date = proposeDate(rows, candidates, language, known, picks);
  const dated = date === null ? null : nodesOf(tree, rows, date.place.selector);
  const taken = [...(titles === null ? [] : [titles.nodes]), ...(dated === null ? [] : [dated])];
  const summary = proposeSummary(candidates, taken, rows.length, picks);
  const texts =
    summary === null || summary.value === "" ? [] : [nodesOf(tree, rows, summary.value)];
  const type = proposeType(candidates, [...taken, ...texts], rows.length, picks);
  const pager = proposePager(tree, rows, picks);
  const body = own === null ? null : proposeBody(own, picks);
  const all = [title, link, date?.date, date?.format, type, summary, pager.choice, body];
  return {
    choices: all.filter((choice): choice is Choice => choice !== null && choice !== undefined),
    title,
    link,
    date,
    type,
    summary,
    pager,
    body,
    listedTitle: titles?.texts[0] ?? null,
  };
}

/** The row itself is no place that keeps others from lying in it. */
function nodesOf(tree: Tree, rows: readonly Element[], selector: string): Candidate["nodes"] {
  return selector === ":scope" ? rows.map(() => null) : candidateOf(tree, rows, selector).nodes;
}

/** The date that the article page gives machines, for the row that links to it. */
function knownDates(
  rows: readonly Element[],
  titles: Candidate | null,
  own: Tree | null,
): (string | null)[] {
  const date = own === null ? null : articleDate(own);
  if (own === null || date === null) return [];
  const heading = own.$("h1").first().text().trim();
  return rows.map((_, index) => (titles?.texts[index] === heading ? date.date : null));
}

function proposeLanguage(tree: Tree, own: Tree | null): Choice | null {
  const language = readLanguage(tree) ?? (own === null ? null : readLanguage(own));
  if (language === null) return null;
  return {
    part: "language",
    value: language,
    matched: "",
    samples: [],
    reason: "the page says so",
    sure: true,
    options: [],
  };
}
