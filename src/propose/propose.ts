/**
 * Proposes a site file from a listing page and one article that it links to. Pure: pages in, a
 * proposal with its evidence out. Called again with the answers of a person, it proposes again.
 */
import type { Element } from "domhandler";
import { UNDECLARED } from "../extract/coding.js";
import { readLanguage } from "../extract/language.js";
import { likelyCoding } from "../extract/likely-coding.js";
import { parsePage, type Tree } from "../extract/tree.js";
import type { Page } from "../model.js";
import { articleDate, articleTitle, proposeBody, titleInBody } from "./body.js";
import { candidateOf, candidatesOf, type RowCandidate } from "./candidates.js";
import { compared, withAbsent } from "./compared.js";
import { kindOfData, proposeData } from "./data.js";
import { proposeDate } from "./date.js";
import { proposeLink, proposeSummary, proposeType } from "./fields.js";
import { withLeft } from "./left.js";
import { proposePager } from "./pager.js";
import { proposePreset } from "./preset.js";
import type { Choice, Picks, Proposal } from "./proposal.js";
import { onlyChoice } from "./rank.js";
import { readsOf } from "./reads.js";
import { offersOf, recognise } from "./recognise.js";
import { proposeRows } from "./rows.js";
import { choicesOf, missingOf, type Parts, siteOf } from "./site.js";
import { proposeTitle } from "./title.js";

export interface ProposeOptions {
  readonly name: string;
  readonly picks?: Picks;
  /** Tries the preset of the system that made the page. Default: true. */
  readonly preset?: boolean;
  /** Pages of other articles, and the second page of the list: what is proposed has to be right for them too. */
  readonly others?: readonly Page[];
  readonly second?: Page | null;
}

/**
 * @param article an article that the listing links to; null when there is none to look at
 * @returns null when nothing on the page repeats as the rows of a list do
 */
export function propose(
  listing: Page,
  article: Page | null,
  options: ProposeOptions,
): Proposal | null {
  const coding = undeclared(listing);
  if (coding !== null) return inCoding(coding, listing, article, options);
  const { others = [], second = null } = options;
  const lists = second === null ? [listing] : [listing, second];
  const articles = article === null ? [] : [article, ...others];
  if (kindOfData(listing) !== null) {
    const data = proposeData(listing, article, others, options);
    return data && withAbsent(data, lists, articles);
  }
  const proposal = proposed(listing, article, options);
  if (proposal === null) return null;
  const offers = offersOf(parsePage(listing));
  const whole = offers.length === 0 ? proposal : { ...proposal, offers };
  const all = article === null ? whole : withLeft(whole, listing, articles);
  return withAbsent(all, lists, articles);
}

/** In what a page seems to be written that names no coding; null where it names one. */
function undeclared(page: Page): string | null {
  if (/charset=/i.test(page.headers["content-type"] ?? "")) return null;
  const isUndeclared = parsePage(page).warnings.some(({ code }) => code === UNDECLARED);
  return isUndeclared ? likelyCoding(page.body) : null;
}

/** The same of the same pages, as if they named their coding; the site file names it. */
function inCoding(
  coding: string,
  listing: Page,
  article: Page | null,
  options: ProposeOptions,
): Proposal | null {
  const headers = { "content-type": `text/html; charset=${coding}` };
  const named = (page: Page): Page => ({ ...page, headers: { ...page.headers, ...headers } });
  const { others = [], second = null } = options;
  const more = { others: others.map(named), second: second && named(second) };
  const proposal = propose(named(listing), article && named(article), { ...options, ...more });
  return (
    proposal && {
      ...proposal,
      site: { ...proposal.site, encoding: coding },
      missing: [
        ...proposal.missing,
        `encoding: the page names none; its words look like ${coding}, which the site file names`,
      ],
    }
  );
}

function proposed(
  listing: Page,
  article: Page | null,
  { name, picks = {}, preset = true, others = [], second = null }: ProposeOptions,
): Proposal | null {
  const tree = parsePage(listing);
  const articleTree = article === null ? null : parsePage(article);
  const language = proposeLanguage(tree, articleTree);
  const base = {
    name,
    start: listing.url,
    ...(language === null ? {} : { language: language.value }),
  };
  const known = preset && picks.rows === undefined ? recognise(tree) : null;
  if (known !== null) {
    const short = proposePreset(known, listing, article, base, picks);
    if (short !== null) {
      const choices = language === null ? short.choices : [...short.choices, language];
      return compared({ ...short, choices }, others, second, picks);
    }
  }
  const found = proposeRows(tree, picks);
  if (found === null) return null;
  const { rows, choice } = found;
  const otherTrees = others.map((page) => parsePage(page));
  const parts = partsOf(tree, articleTree, otherTrees, rows, choice, language, picks);
  const site = siteOf({ ...base, start: parts.pager.first ?? base.start }, parts);
  const reads = readsOf(listing, site);
  const missing = missingOf(parts, reads, rows.length);
  const isTitled = parts.title !== null || picks.rows !== undefined;
  const untitled = { ...choice, sure: false, reason: "nothing in them reads as a title of each" };
  const choices = choicesOf(isTitled ? parts : { ...parts, rows: untitled });
  const all = { site, choices, missing, left: [], reads };
  return compared(all, others, second, picks);
}

function partsOf(
  tree: Tree,
  articleTree: Tree | null,
  otherTrees: readonly Tree[],
  rows: readonly Element[],
  rowsChoice: Choice,
  language: Choice | null,
  picks: Picks,
): Parts {
  const page = { tree, rows, candidates: candidatesOf(tree, rows), picks };
  const title = proposeTitle(page);
  const articleTrees = articleTree === null ? [] : [articleTree, ...otherTrees];
  // The first article may be a note of a few words: others have the text in the same place.
  const body = firstOf(articleTrees, (one) => proposeBody(one, picks));
  const ownTitle = articleTree && articleTitle(articleTree, title?.texts[0] ?? null, otherTrees);
  // Without it in the article, every title has to come from the list.
  const isListed = title?.texts.every((text) => text !== null) ?? false;
  const article = articleTree && {
    title: ownTitle,
    date: articleDate(articleTree),
    body,
    titleInBody:
      isListed && ownTitle !== null && body !== null
        ? titleInBody(tree, rows, articleTrees, ownTitle, body.value)
        : null,
  };
  const heading = articleTree?.$("h1").first().text().trim();
  const known = article?.date
    ? rows.map((_, index) =>
        title?.texts[index] === heading ? (article.date?.date ?? null) : null,
      )
    : [];
  const date = proposeDate(page, language?.value ?? "und", known);
  const nodesOf = (selector: string): RowCandidate["nodes"][] =>
    // The row itself does not keep other fields from being in it.
    selector === ":scope" ? [] : [candidateOf(tree, rows, selector).nodes];
  const dated = [
    ...(title === null ? [] : [title.nodes]),
    ...(date ? nodesOf(date.way.selector) : []),
  ];
  const summary = proposeSummary(page, dated);
  const summarised = summary === null ? [] : nodesOf(summary.value);
  return {
    rows: rowsChoice,
    title,
    link: proposeLink(page, title?.selector ?? null),
    date,
    type: proposeType(page, [...dated, ...summarised]),
    summary,
    pager: proposePager(tree, rows, picks),
    article,
    language,
  };
}

function firstOf<T>(trees: readonly Tree[], find: (tree: Tree) => T | null): T | null {
  for (const tree of trees) {
    const found = find(tree);
    if (found !== null) return found;
  }
  return null;
}

function proposeLanguage(listing: Tree, article: Tree | null): Choice | null {
  const value = readLanguage(listing) ?? (article && readLanguage(article));
  if (value === null) return null;
  return onlyChoice("language", { value, matched: "", texts: [] }, "the page says so");
}
