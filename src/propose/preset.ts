/** A page of Drupal 7 that the preset reads needs no selectors: its site file is a name, a start and perhaps a date format. */

import { readDate } from "../dates/date.js";
import { readArticle } from "../extract/article.js";
import { parsePage } from "../extract/tree.js";
import type { FieldName, Listing, Page, Reading } from "../model.js";
import { wayWords } from "../site/selector-words.js";
import type { SiteInput } from "../site/site.js";
import { atPage } from "../url.js";
import { formatOf } from "./format.js";
import type { Choice, Part, Picks, Proposal } from "./proposal.js";
import { listingOf, readsOf, siteOfProposal } from "./reads.js";
import { samplesOf, share } from "./words.js";

/** Files that are no pages. */
const FILE = /\.(?:pdf|docx?|xlsx?|pptx?|odt|ods|rtf|zip|mp3|mp4|wav|jpe?g|png|gif)$/i;

/** @returns null when the preset does not find the rows and their titles */
export function proposePreset(
  listing: Page,
  article: Page | null,
  base: { readonly name: string; readonly start: string; readonly language?: string },
  picks: Picks,
): Proposal | null {
  const start = atPage(base.start, "page", 0);
  const plain = { name: base.name, preset: "drupal7", start };
  const site = siteOfProposal(plain);
  const read = listingOf(listing, site);
  const titles = read.rows.filter(({ readings }) => readings.title !== undefined).length;
  if (read.rows.length === 0 || titles < read.rows.length) return null;
  const choices: Choice[] = [rowsChoice(read), ...fieldChoices(read)];
  const missing: string[] = [];
  const dates = read.rows.flatMap(({ readings }) => readings.date ?? []);
  const format = formatChoice(dates, base.language ?? "und", picks, missing);
  if (format !== null) choices.push(format);
  if (dates.length === 0) missing.push("date: no selector of the preset finds one in a row");
  if (read.next === null) missing.push(noNext(read));
  else choices.push(nextChoice(read, read.next));
  if (article !== null) {
    const body = readArticle(parsePage(article, site.remove), site).readings.body;
    if (body === undefined)
      missing.push("body: no selector of the preset finds it on the article page");
    else choices.push(choiceOf("body", [body], 1));
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
    ...(areFiles ? { article: { follow: false } } : {}),
    ...(Object.keys(fields).length === 0 ? {} : { fields }),
  };
  return { site: input, choices, missing, reads: readsOf(listing, input) };
}

export function noNext({
  pageCount,
  pageNumber,
}: Pick<Listing, "pageCount" | "pageNumber">): string {
  return pageCount === null
    ? "next: there is no pager; the list is taken to be one page long"
    : `next: page ${pageNumber ?? "?"} of ${pageCount} has none; look at an earlier page to see it work`;
}

function rowsChoice({ rows, rowSelector }: Listing): Choice {
  return {
    part: "rows",
    value: rowSelector ?? "",
    matched: `${rows.length} rows`,
    samples: samplesOf(rows.map(({ readings }) => readings.title?.raw ?? null)),
    reason: "the page is Drupal 7's, and its preset knows them",
    sure: true,
    options: [],
  };
}

function fieldChoices({ rows }: Listing): Choice[] {
  const parts = ["title", "date", "type", "summary"] as const satisfies readonly FieldName[];
  return parts.flatMap((part) => {
    const readings = rows.flatMap(({ readings }) => readings[part] ?? []);
    return readings.length === 0 ? [] : [choiceOf(part, readings, rows.length)];
  });
}

function choiceOf(part: Part, readings: readonly Reading[], total: number): Choice {
  const [first] = readings;
  return {
    part,
    value: wayWords(first?.selector ?? "", first?.attribute ?? null),
    matched: share(readings.length, total),
    samples: samplesOf(readings.map(({ printed }) => printed)),
    reason: "by the preset",
    sure: true,
    options: [],
  };
}

function nextChoice({ nextSelector, pageCount }: Listing, next: string): Choice {
  return {
    part: "next",
    value: nextSelector ?? "",
    matched: pageCount === null ? "1 link" : `1 link, ${pageCount} pages`,
    samples: [next],
    reason: "by the preset",
    sure: true,
    options: [],
  };
}

/** A format, where the dates are figures whose order only the site can tell. */
function formatChoice(
  dates: readonly Reading[],
  language: string,
  picks: Picks,
  missing: string[],
): Choice | null {
  const locales = language === "und" ? [] : [language, "en"];
  const readings = dates.map(({ raw }) => ({ raw, read: readDate(raw, { formats: [], locales }) }));
  const unread = readings.filter(({ read }) => !("date" in read));
  const relative = unread.filter(({ read }) => "relative" in read);
  if (relative.length > 0)
    missing.push(
      `date: "${relative[0]?.raw}" is counted from now and names no calendar day; such dates stay empty`,
    );
  const figures = unread.filter((one) => !relative.includes(one)).map(({ raw }) => raw);
  if (figures.length === 0) return null;
  const finding = formatOf(figures, [], language);
  if (finding === null) {
    missing.push(`date: "${figures[0]}" fits no format that is known`);
    return null;
  }
  const options = finding.formats.map((value) => ({
    value,
    matched: "",
    samples: samplesOf(figures),
  }));
  const best = options.find(({ value }) => value === picks.format) ?? options[0];
  if (best === undefined) return null;
  const picked = picks.format === best.value;
  return {
    part: "format",
    ...best,
    matched: share(figures.length, dates.length),
    reason: picked ? "chosen by you" : finding.reason,
    sure: picked || finding.sure,
    options: options.length > 1 ? options : [],
  };
}
