/** The site file of what was chosen, and what could not be found. */
import type { SiteInput } from "../site/site.js";
import type { ArticleDate } from "./body.js";
import type { DateProposal } from "./date.js";
import type { PagerProposal } from "./pager.js";
import { noNext } from "./preset.js";
import type { Choice, Reads } from "./proposal.js";
import type { TitleProposal } from "./title.js";

/** What was chosen; null for what was not found. */
export interface Parts {
  readonly rows: Choice;
  readonly title: TitleProposal | null;
  readonly link: Choice | null;
  readonly date: DateProposal | null;
  readonly type: Choice | null;
  readonly summary: Choice | null;
  readonly pager: PagerProposal;
  /** Null when there is no article page. */
  readonly article: {
    /** A selector. */
    readonly title: string | null;
    readonly date: ArticleDate | null;
    readonly body: Choice | null;
    /** A selector, where the text begins with the title. */
    readonly titleInBody: string | null;
  } | null;
  readonly language: Choice | null;
}

type Fields = NonNullable<SiteInput["fields"]>;

/** The choices, in the order in which they are shown. */
export function choicesOf(parts: Parts): Choice[] {
  const { rows, title, link, date, type, summary, pager, article, language } = parts;
  const found = [
    title?.choice,
    link,
    date?.date,
    date?.format,
    type,
    summary,
    pager.choice,
    article?.body,
  ];
  return [rows, ...found, language].filter((one): one is Choice => !!one);
}

export function siteOf(
  base: { readonly name: string; readonly start: string; readonly language?: string },
  { rows, title, link, date, type, summary, pager, article }: Parts,
): SiteInput {
  const body = article?.body;
  const text = summary === null ? {} : { listing: summary.value };
  const inBody = article?.titleInBody ?? null;
  return {
    ...base,
    listing: {
      rows: rows.value,
      ...(link === null ? {} : { link: link.value }),
      ...pager.listing,
    },
    ...(body ? {} : { article: { follow: false } }),
    ...(inBody === null ? {} : { remove: [inBody] }),
    fields: {
      title: {
        listing: title === null ? "a[href]" : titleOf(title),
        ...(article?.title && inBody === null ? { article: article.title } : {}),
        prefer: "listing",
      },
      ...dateField(date, article?.date ?? null),
      ...(type === null ? {} : { type: { ...TYPE, listing: type.value } }),
      ...(summary === null ? {} : { summary: { ...text, prefer: "listing" } }),
      body: body ? { article: body.value } : { ...text, required: false },
    },
  };
}

function titleOf({ selector, own }: TitleProposal) {
  return own ? { select: selector, read: "own" as const } : selector;
}

const TYPE = {
  prefer: "listing",
  empty: ["-", "–", "—"],
  unknownValues: "keep",
} satisfies Fields["type"];

function dateField(date: DateProposal | null, published: ArticleDate | null): Pick<Fields, "date"> {
  if (date === null && published === null) return {};
  const article = published && { select: published.select, attribute: published.attribute };
  return {
    date: {
      ...(date === null ? {} : { listing: wayOf(date) }),
      ...(article === null ? {} : { article }),
      prefer: "listing",
      ...(date?.format ? { formats: [date.format.value] } : {}),
    },
  };
}

function wayOf({ way: { selector, attribute, own } }: DateProposal) {
  if (attribute !== null) return { select: selector, attribute };
  return own ? { select: selector, read: "own" as const } : selector;
}

/** One sentence for each part that was not found. */
export function missingOf(
  { title, link, date, pager, article, language }: Parts,
  reads: Reads,
  rows: number,
): string[] {
  const missing: string[] = [];
  if (title === null) missing.push("title: nothing in the rows has words of its own in each");
  if (link === null) missing.push("link: the rows link to nothing");
  if (date === null) missing.push("date: no part of the rows reads as one");
  else if (date.problem !== null) missing.push(`date: ${date.problem}`);
  if (pager.problem !== null) missing.push(`next: ${pager.problem}`);
  else if (reads.next === null) missing.push(noNext({ ...reads, pageNumber: null }));
  if (article === null)
    missing.push(
      "body: no article page was looked at, so the listing alone is read; name one with --article",
    );
  else if (article.body === null) missing.push("body: the article page has no paragraphs");
  if (language === null) missing.push("language: the page names none; set `language`");
  if (date?.problem === null && reads.dates < rows)
    missing.push(`date: ${reads.dates} of ${rows} rows have one that can be read`);
  return missing;
}
