/** The site file of what was chosen, and what could not be. */
import type { Tree } from "../extract/tree.js";
import type { SiteInput } from "../site/site.js";
import { articleDate, articleTitle } from "./body.js";
import type { DateProposal } from "./date.js";
import type { PagerProposal } from "./pager.js";
import { noNext } from "./preset.js";
import type { Choice } from "./proposal.js";

/** What was chosen behind the rows; null for what was not found. */
export interface Parts {
  readonly choices: readonly Choice[];
  readonly title: Choice | null;
  readonly link: Choice | null;
  readonly date: DateProposal | null;
  readonly type: Choice | null;
  readonly summary: Choice | null;
  readonly pager: PagerProposal;
  readonly body: Choice | null;
  readonly listedTitle: string | null;
}

/** @param own the article page; null when there is none */
export function siteOf(
  base: { readonly name: string; readonly start: string; readonly language?: string },
  rows: Choice,
  parts: Parts,
  own: Tree | null,
): SiteInput {
  const { title, link, type, summary, pager, body, listedTitle } = parts;
  const heading = own === null ? null : articleTitle(own, listedTitle);
  const date = dateField(parts.date, own);
  const text = summary?.value || null;
  return {
    ...base,
    listing: {
      rows: rows.value,
      ...(link === null ? {} : { link: link.value }),
      ...pager.listing,
    },
    ...(body === null ? { article: { follow: false } } : {}),
    fields: {
      title: {
        listing: title?.value ?? "a[href]",
        ...(heading === null ? {} : { article: heading }),
        prefer: "listing",
      },
      ...(date === null ? {} : { date }),
      ...(type?.value ? { type: { ...TYPE, listing: type.value } } : {}),
      ...(text === null ? {} : { summary: { listing: text, prefer: "listing" as const } }),
      body: body !== null ? { article: body.value } : { ...listed(text), required: false },
    },
  };
}

const TYPE = {
  prefer: "listing",
  empty: ["-", "–", "—"],
  unknownValues: "keep",
} satisfies NonNullable<SiteInput["fields"]>["type"];

function listed(selector: string | null): { listing?: string } {
  return selector === null ? {} : { listing: selector };
}

function dateField(
  date: DateProposal | null,
  own: Tree | null,
): NonNullable<SiteInput["fields"]>["date"] | null {
  const published = own === null ? null : articleDate(own);
  if (date === null && published === null) return null;
  return {
    ...(date === null ? {} : { listing: placeOf(date) }),
    ...(published === null
      ? {}
      : { article: { select: published.select, attribute: published.attribute } }),
    prefer: "listing",
    ...(date === null || date.formats.length === 0 ? {} : { formats: [...date.formats] }),
  };
}

function placeOf({ place: { selector, attribute, own } }: DateProposal) {
  if (attribute !== null) return { select: selector, attribute };
  return own ? { select: selector, read: "own" as const } : selector;
}

/** One sentence for each part that was not found. */
export function missingOf(
  parts: Parts,
  own: Tree | null,
  next: string | null,
  pageCount: number | null,
): string[] {
  const { title, link, date, pager, body } = parts;
  const lacks: (string | null)[] = [
    title === null ? "title: nothing in the rows has words of its own in each" : null,
    link === null ? "link: the rows link to nothing" : null,
    date === null
      ? "date: no part of the rows reads as one"
      : date.problem === null
        ? null
        : `date: ${date.problem}`,
    pager.problem === null ? null : `next: ${pager.problem}`,
    pager.problem === null && next === null ? noNext({ pageCount, pageNumber: null }) : null,
    own === null
      ? "body: no article page was looked at, so the listing alone is read; name one with --article"
      : body === null
        ? "body: the article page has no paragraphs"
        : null,
  ];
  return lacks.filter((line) => line !== null);
}
