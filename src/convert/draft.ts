/** Item to draft: printed words become typed values, HTML becomes Markdown. What will not convert is an issue, never null in silence. */
import { mergeItem } from "../extract/item.js";
import type {
  Article,
  Draft,
  FieldName,
  Issue,
  Item,
  Provenance,
  Reading,
  Row,
  Warning,
} from "../model.js";
import { wayWords } from "../site/selector-words.js";
import { type FieldRules, isReserved, type Site } from "../site/site.js";
import { entryId, slugFor, urlKey } from "../url/url.js";
import { convertDate, type Notes } from "./date.js";
import { type ConvertedHtml, convertHtml, directionOf } from "./html.js";
import { mediaOf } from "./media.js";
import { withoutControls, wordWarnings } from "./plain.js";
import { chosenOf, convertFields, sameWords } from "./value.js";

export interface Converted {
  readonly draft: Draft;
  readonly warnings: readonly Warning[];
}

/** Merges and converts an article whose URL is known. @param article null when the row links to none */
export function convertArticle(
  site: Site,
  url: string,
  row: Omit<Row, "listing" | "position">,
  article: Article | null,
): Converted & { readonly item: Item } {
  const item = mergeItem(site, row, article);
  return { item, ...convertItem(item, url, site) };
}

/**
 * Converts an item. Never throws on what a page holds.
 *
 * @param url identity of the article
 * @param more that the canonical URL which its page names is another article's, if so
 */
export function convertItem(
  item: Item,
  url: string,
  site: Site,
  more: readonly Warning[] = [],
): Converted {
  const warned = { ...item, warnings: [...item.warnings, ...more] };
  const notes: Notes = { issues: [], warnings: [...warned.warnings, ...wordWarnings(warned)] };
  for (const name of item.disagreements) notes.issues.push(disagreement(item, name));
  const id = entryId(url);
  const title = words(item.readings.title);
  const { body: read } = item.readings;
  const body = read === undefined ? NOTHING : convertHtml(item, read, "body", notes);
  const summary = words(item.readings.summary);
  const own = convertFields(item, site, notes);
  const data = {
    id,
    title,
    date: convertDate(item, site, notes),
    type: convertType(item, site, notes),
    language: item.language,
    sourceUrl: url,
    // A row that holds the whole article is its body, not a summary of it.
    summary: summary !== null && sameWords(summary, words(item.readings.body)) ? null : summary,
    aliases: otherUrls(url, item, more.length > 0),
    media: mediaOf(
      [body, ...own.html].map(({ markdown }) => markdown),
      item.bases[read?.from ?? "listing"],
      site,
      [...item.media, ...own.media],
    ),
    dateText: printed(item.readings.date),
    typeText: printed(item.readings.type),
    direction: directionOf(item),
    translations: item.translations,
    warnings: notes.warnings.map((warning) => warning.message),
    ...(own.values && { fields: own.values }),
  };
  for (const [name, rules] of Object.entries(site.fields))
    if (rules.required && item.readings[name] === undefined)
      notes.issues.push(name === "body" && item.isLocked ? locked(url) : missing(rules, name));
  const draft: Draft = {
    id,
    slug: slugFor(url, title ?? "", id),
    data,
    body: body.markdown,
    provenance: {
      fields: sourcesOf(item),
      losses: [body, ...own.html].flatMap(({ losses }) => losses),
      warnings: notes.warnings.map((warning) => warning.code),
      markup: item.markup,
    },
    issues: notes.issues,
    anchors: body.anchors,
    embedded: [body, ...own.html].flatMap(({ embedded }) => embedded),
  };
  return { draft, warnings: notes.warnings };
}

const NOTHING: ConvertedHtml = { markdown: "", losses: [], anchors: [], embedded: [] };

function words(reading: Reading | undefined): string | null {
  // `trim` would take a byte order mark too, which is a character of the text.
  return withoutControls(reading?.raw ?? "").replace(/^ +| +$/g, "") || null;
}

function printed(reading: Reading | undefined): string | null {
  return reading === undefined ? null : withoutControls(reading.printed);
}

function convertType(item: Item, site: Site, { issues }: Notes): string | null {
  const reading = item.readings.type;
  const text = words(reading);
  if (reading === undefined || text === null) return site.type;
  const rules = site.fields.type;
  const chosen = chosenOf(text, rules);
  if (chosen !== undefined) return chosen;
  issues.push({
    path: "data.type",
    message: `expected one of ${Object.keys(rules.values ?? {}).join(", ")}, found "${reading.raw}"`,
    raw: reading.raw,
    selector: reading.selector,
    hint: `Add "${reading.raw}" to fields.type.values of the site file, or set fields.type.unknownValues to "keep".`,
  });
  return null;
}

function pathOf(name: FieldName): string {
  if (name === "body") return name;
  return isReserved(name) ? `data.${name}` : `data.fields.${name}`;
}

function missing(rules: FieldRules, name: FieldName): Issue {
  const ways = [...rules.listing, ...rules.article].map(({ select, attribute }) =>
    wayWords(select, attribute),
  );
  return {
    path: pathOf(name),
    message: `${name} is required and no selector found it`,
    raw: null,
    selector: ways.join(" | ") || null,
    hint: `Run \`sitelift inspect\` on the page, and add a selector to fields.${name}.`,
  };
}

function locked(url: string): Issue {
  return {
    path: "body",
    message: "the site asks for a password in the place of the text",
    raw: null,
    selector: null,
    hint: `Ask the site for the text. Where it is to stay out, write in \`accept\` of the site file: { "finding": "article-rejected", "place": "${url}", "reason": "…" }.`,
  };
}

function disagreement(item: Item, name: FieldName): Issue {
  const [one, other] = [item.readings[name], item.others[name]];
  return {
    path: pathOf(name),
    message: `listing and article must agree; the ${one?.from} says "${one?.raw.slice(0, 80)}", the ${other?.from} says "${other?.raw.slice(0, 80)}"`,
    raw: one?.raw ?? null,
    selector: one?.selector ?? null,
    hint: `Set fields.${name}.prefer to "listing" or "article" to say which one counts.`,
  };
}

function sourcesOf(item: Item): Provenance["fields"] {
  return Object.fromEntries(
    Object.entries(item.readings).map(([name, { from, selector, attribute, raw, nodes }]) => [
      name,
      { from, selector, attribute, raw: nodes === null ? raw : null },
    ]),
  );
}

/** @param isLed true where the canonical URL leads to another article: then it leads nobody to this one */
function otherUrls(url: string, { met, canonical }: Item, isLed: boolean): string[] {
  const byKey = new Map<string, string>();
  for (const other of met) {
    const key = urlKey(other);
    const isOwn = key !== urlKey(url) && !(isLed && other === canonical);
    if (isOwn && !byKey.has(key)) byKey.set(key, other);
  }
  return [...byKey.values()].sort();
}
