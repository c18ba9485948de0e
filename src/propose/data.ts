/** A site file for a feed, a sitemap or a JSON answer: which kind of list it is, and where an article has what it lacks. Pure. */
import { readArticle } from "../extract/article.js";
import { decode } from "../extract/coding.js";
import { dataFormat } from "../extract/data-tree.js";
import { readLanguage } from "../extract/language.js";
import { parsePage } from "../extract/tree.js";
import type { Page } from "../model.js";
import type { ListingKind } from "../site/listing-schema.js";
import { folderOf } from "../site/page-urls.js";
import type { SiteInput } from "../site/schema.js";
import { parseUrl } from "../text.js";
import { articleDate, articleTitle, proposeBody } from "./body.js";
import { answerShape, type Shape } from "./json-shape.js";
import { fieldChoices, rowsChoice } from "./preset.js";
import type { Choice, Picks, Proposal } from "./proposal.js";
import { onlyChoice, share } from "./rank.js";
import { listingOf, readsOf, siteOfProposal } from "./reads.js";
import { recognise } from "./recognise.js";

/** What a response is a list of, where it is not a web page. */
interface Kind extends Partial<Shape> {
  readonly kind: Exclude<ListingKind, "pages">;
  /** What on it says so. */
  readonly by: string;
}

/** @returns null for a web page, and for JSON that holds no list */
export function kindOfData(page: Page): Kind | null {
  const { text } = decode(page, null);
  const format = dataFormat(text);
  if (format === null) return null;
  if (/(?:urlset|sitemapindex)$/.test(format))
    return { kind: "sitemap", by: `its first element is ${format}` };
  if (format !== "json") return { kind: "feed", by: `its first element is ${format}` };
  return answerShape(text);
}

/**
 * @param article an article that the list names; null when there is none to look at
 * @param others pages of other articles
 * @returns null for a web page, and where nothing is listed
 */
export function proposeData(
  page: Page,
  article: Page | null,
  others: readonly Page[],
  { name, picks = {} }: { readonly name: string; readonly picks?: Picks },
): Proposal | null {
  const found = kindOfData(page);
  if (found === null) return null;
  const { kind, by, ...shape } = found;
  const language = languageOf(page, article);
  const base = {
    start: firstPage(kind, page.url),
    ...(language === null ? {} : { language }),
    listing: { kind, ...shape.listing, ...(kind === "sitemap" ? matchOf(page) : {}) },
  };
  // The rows of a sitemap are URLs alone.
  const inRows: Fields = kind === "sitemap" ? { title: { article: "h1" } } : (shape.fields ?? {});
  const listing = listingOf(page, siteOfProposal({ name, ...base, fields: inRows }));
  const { rows } = listing;
  if (rows.length === 0) return null;
  const bodies = rows.filter(({ readings }) => readings.body !== undefined).length;
  const isApi = kind === "wp-json" || kind === "jsonapi";
  const onPages = isApi || article === null ? null : ofArticles([article, ...others], picks);
  const missing: string[] = [];
  if (language === null) missing.push("language: the list names none; set `language`");
  if (onPages === null && !isApi)
    missing.push(
      bodies === 0
        ? "body: the list holds no texts, and none was found on an article page; name one with --article"
        : `body: no text was found on an article page, so those of the list are taken (${share(bodies, rows.length)})`,
    );
  if (listing.next === null && kind === "feed") missing.push(`next: ${listing.note ?? "none"}`);
  const fields = isApi ? {} : joined(inRows, onPages?.fields ?? {});
  const site: SiteInput = {
    name,
    ...(onPages?.preset === undefined ? {} : { preset: onPages.preset }),
    ...base,
    ...(onPages === null && !isApi && bodies > 0 ? { article: { follow: false } } : {}),
    ...((onPages?.preset !== undefined && kind === "sitemap") || Object.keys(fields).length === 0
      ? {}
      : { fields }),
  };
  const choices = [
    rowsChoice(listing, kind, `${by}: ${kind}`),
    ...fieldChoices(
      listing,
      onPages === null ? [...IN_ROWS, "body"] : IN_ROWS,
      "by the kind of list",
    ),
    ...(onPages?.choices ?? []),
  ];
  return { site, choices, missing, left: [], reads: readsOf(page, site) };
}

const IN_ROWS = ["title", "date", "type", "summary"] as const;

type Fields = NonNullable<SiteInput["fields"]>;

/** The fields of the rows, with where article pages have them. */
function joined(rows: Fields, pages: Fields): Fields {
  const names = [...new Set([...Object.keys(rows), ...Object.keys(pages)])];
  return Object.fromEntries(
    names.map((name) => [name, Object.assign({}, rows[name], pages[name])]),
  ) as Fields;
}

/** The folder that most pages of a sitemap are in, whatever its numbers; nothing where all are in one. */
function matchOf(page: Page): { readonly match?: string } {
  const { rows } = listingOf(
    page,
    siteOfProposal({
      ...{ name: "sitemap", start: page.url, listing: { kind: "sitemap" } },
      fields: { title: { article: "h1" } },
    }),
  );
  const counts = new Map<string, number>();
  for (const { url } of rows) {
    const folder = folderOf(url ?? page.url);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  const [[folder = "/"] = []] = [...counts].sort(([, one], [, other]) => other - one);
  if (counts.size < 2 || folder === "/") return {};
  const pattern = folder.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll("0", "\\d+");
  return { match: `^https?://[^/]+${pattern}[^/]+/?$` };
}

interface OnPages {
  readonly preset?: string;
  readonly fields?: Fields;
  readonly choices: readonly Choice[];
}

/** Where article pages have title, date and text: by the preset of their system, else by what they are; null where no text is found. */
function ofArticles(pages: readonly Page[], picks: Picks): OnPages | null {
  const [page] = pages;
  if (page === undefined) return null;
  const trees = pages.map((one) => parsePage(one));
  const [tree, ...others] = trees;
  if (tree === undefined) return null;
  const known = recognise(tree);
  if (known !== null && known.preset !== "drupal7") {
    const { preset, by } = known;
    const site = siteOfProposal({ name: "page", preset, start: page.url });
    const reads = pages.map((one) => readArticle(parsePage(one, site), site).readings);
    const body = reads.flatMap((one) => one.body ?? []);
    if (body.length > 0 && reads.every(({ title }) => title !== undefined)) {
      const candidate = {
        ...{ value: body[0]?.selector ?? "", matched: share(body.length, pages.length) },
        texts: body.map(({ printed }) => printed),
      };
      return { preset, choices: [onlyChoice("body", candidate, `${by}, and its preset knows it`)] };
    }
  }
  const title = articleTitle(tree, null, others);
  const date = articleDate(tree);
  const body = trees.map((one) => proposeBody(one, picks)).find((one) => one !== null) ?? null;
  if (body === null) return null;
  return {
    fields: {
      ...(title === null ? {} : { title: { article: title } }),
      ...(date === null
        ? {}
        : { date: { article: { select: date.select, attribute: date.attribute } } }),
      body: { article: body.value },
    },
    choices: [body],
  };
}

/** Whichever page of the list is given, the site file starts at the first. */
function firstPage(kind: ListingKind, url: string): string {
  const start = parseUrl(url);
  if (start === null) return url;
  // A crawl adds what the API is to be asked for.
  const own = { feed: ["paged"], "wp-json": ["page", "per_page", "_embed"] }[String(kind)] ?? [];
  for (const name of own) start.searchParams.delete(name);
  return start.href;
}

function languageOf(page: Page, article: Page | null): string | null {
  const { text } = decode(page, null);
  const head = text.slice(0, 4_000);
  const said =
    /<language>\s*([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\s*<|xml:lang="([^"]+)"|"(?:language|langcode)":\s*"([A-Za-z-]{2,12})"/.exec(
      head,
    );
  const own = said?.[1] ?? said?.[2] ?? said?.[3];
  return (article && readLanguage(parsePage(article))) ?? own ?? null;
}
