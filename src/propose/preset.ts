/** A page that a preset reads needs no selectors: its site file is a name, a start and perhaps a date format. */
import { readDate } from "../dates/date.js";
import { readArticle } from "../extract/article.js";
import { leadSentence } from "../extract/lead-words.js";
import { select } from "../extract/select.js";
import { parsePage } from "../extract/tree.js";
import type { Listing, Page, Reading } from "../model.js";
import { atPage } from "../site/page-urls.js";
import { wayWords } from "../site/selector-words.js";
import type { Site, SiteInput } from "../site/site.js";
import { count } from "../text.js";
import { proposeFormat } from "./format.js";
import { type PagerProposal, proposePager } from "./pager.js";
import type { Choice, Part, Picks, Proposal } from "./proposal.js";
import { nextChoice, onlyChoice, share } from "./rank.js";
import { listingOf, readsOf, siteOfProposal } from "./reads.js";
import type { Recognised } from "./recognise.js";

/** Share of the rows that have a title where a preset reads them. */
const MOST_TITLED = 0.75;
/** Files that are not pages. */
const FILE = /\.(?:pdf|docx?|xlsx?|pptx?|odt|ods|rtf|zip|mp3|mp4|wav|jpe?g|png|gif)$/i;

/** @returns null when the preset does not find the rows and their titles */
export function proposePreset(
  { preset, by }: Recognised,
  listing: Page,
  article: Page | null,
  base: { readonly name: string; readonly start: string; readonly language?: string },
  picks: Picks,
): Proposal | null {
  const start = preset.startsWith("drupal") ? atPage(base.start, "page", 0) : base.start;
  const plain = { name: base.name, preset, start };
  const site = siteOfProposal(plain);
  const read = listingOf(listing, site);
  const titles = read.rows.filter(({ readings }) => readings.title !== undefined).length;
  // A note or a picture may be published without a title.
  if (read.rows.length === 0 || titles < read.rows.length * MOST_TITLED) return null;
  const choices: Choice[] = [
    rowsChoice(read, "", `${by}, and its preset knows them`),
    ...fieldChoices(read, ["title", "date", "type", "summary"], "by the preset"),
  ];
  const missing: string[] = [];
  const dates = read.rows.flatMap(({ readings }) => readings.date ?? []);
  const format = formatChoice(dates, base.language ?? "und", picks, missing);
  if (format !== null) choices.push(format);
  if (titles < read.rows.length)
    missing.push(
      `title: ${read.rows.length - titles} of ${count(read.rows.length, "row")} have none; an article that has none on its page either is rejected`,
    );
  if (dates.length === 0) missing.push("date: no selector of the preset finds one in a row");
  const [lead] = read.leads;
  const pager = read.next === null && lead ? pagerOf(listing, read, picks) : null;
  if (pager?.choice) choices.push(pager.choice);
  else if (read.next === null) missing.push(lead ? `next: ${leadSentence(lead)}` : noNext(read));
  else {
    const matched = read.pageCount === null ? "1 link" : `1 link, ${read.pageCount} pages`;
    choices.push(nextChoice(read.nextSelector ?? "", matched, read.next, "by the preset"));
  }
  if (article !== null) {
    const body = readArticle(parsePage(article, site), site).readings.body;
    // Themes of these systems are their own: what looks at the page itself may know better.
    if (body === undefined && preset !== "drupal7") return null;
    if (body === undefined)
      missing.push("body: no selector of the preset finds it on the article page");
    else choices.push(readChoice("body", [body], 1, "by the preset"));
  }
  const files = read.rows.filter(({ url }) => url !== null && FILE.test(new URL(url).pathname));
  const areFiles = files.length * 2 > read.rows.length;
  if (areFiles)
    missing.push(`body: the rows lead to files (${files[0]?.url}), which are not followed`);
  const fields = {
    ...(format === null ? {} : { date: { formats: [format.value] } }),
    ...(areFiles ? { body: { required: false } } : {}),
  };
  const input: SiteInput = {
    ...plain,
    ...(base.language === undefined ? {} : { language: base.language }),
    ...(isOnePage(read, site) ? { listing: { next: [] } } : {}),
    ...(pager?.choice ? { listing: pager.listing } : {}),
    ...(areFiles ? { article: { follow: false } } : {}),
    ...(Object.keys(fields).length === 0 ? {} : { fields }),
  };
  return { site: input, choices, missing, left: [], reads: readsOf(listing, input) };
}

/** The pager of a theme that has one of its own: what leads on from the rows that the preset reads. */
function pagerOf(listing: Page, { rowSelector }: Listing, picks: Picks): PagerProposal | null {
  if (rowSelector === null) return null;
  const tree = parsePage(listing);
  return proposePager(tree, select(tree.$, null, rowSelector), picks);
}

/** A list whose pager shows on longer lists alone: a crawl would report that `next` matches nothing. */
function isOnePage({ next, pageCount, leads }: Listing, { listing }: Site): boolean {
  const isRead = listing.next.length > 0 && listing.pageLinks.length === 0;
  return next === null && pageCount === null && leads.length === 0 && isRead;
}

export function noNext({
  pageCount,
  pageNumber,
}: Pick<Listing, "pageCount" | "pageNumber">): string {
  return pageCount === null
    ? "next: there is no pager; the list is taken to be one page long"
    : `next: page ${pageNumber ?? "?"} of ${pageCount} has none; look at an earlier page to see it work`;
}

/** What is read as the rows, by a preset or by the kind of the list. */
export function rowsChoice({ rows, rowSelector }: Listing, kind: string, reason: string): Choice {
  const texts = rows.map(({ readings, url }) => readings.title?.raw ?? (kind === "" ? null : url));
  const candidate = { value: rowSelector ?? kind, matched: count(rows.length, "row"), texts };
  return onlyChoice("rows", candidate, reason);
}

/** What is read in the rows as some fields. */
export function fieldChoices({ rows }: Listing, parts: readonly Part[], reason: string): Choice[] {
  return parts.flatMap((part) => {
    const readings = rows.flatMap(({ readings }) => readings[part] ?? []);
    return readings.length === 0 ? [] : [readChoice(part, readings, rows.length, reason)];
  });
}

function readChoice(
  part: Part,
  readings: readonly Reading[],
  total: number,
  reason: string,
): Choice {
  const [first] = readings;
  const value = wayWords(first?.selector ?? "", first?.attribute ?? null);
  const texts = readings.map(({ printed }) => printed);
  return onlyChoice(part, { value, matched: share(readings.length, total), texts }, reason);
}

/** A format, where the dates are figures whose order only the site knows. */
function formatChoice(
  dates: readonly Reading[],
  language: string,
  picks: Picks,
  missing: string[],
): Choice | null {
  const locales = language === "und" ? [] : [language, "en"];
  const unread = dates.flatMap(({ raw }) => {
    const read = readDate(raw, { formats: [], locales });
    return "date" in read ? [] : [{ raw, isRelative: read.relative === true }];
  });
  const relative = unread.find(({ isRelative }) => isRelative);
  if (relative !== undefined)
    missing.push(
      `date: "${relative.raw}" is counted from now and names no calendar day; such dates stay empty`,
    );
  const figures = unread.filter(({ isRelative }) => !isRelative).map(({ raw }) => raw);
  if (figures.length === 0) return null;
  const format = proposeFormat(figures, [], language, picks);
  if (format === null) missing.push(`date: "${figures[0]}" fits no format that is known`);
  return format && { ...format, matched: share(figures.length, dates.length) };
}
