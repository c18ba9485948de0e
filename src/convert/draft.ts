/** Item to draft: printed words become typed values, HTML becomes Markdown. What will not convert is an issue, never null in silence. */
import { Text } from "domhandler";
import { type Converted, convertNodes } from "../markdown/to-markdown.js";
import type { Draft, FieldName, Issue, Item, Provenance, Reading, Warning } from "../model.js";
import { wayWords } from "../site/selector-words.js";
import type { Site } from "../site/site.js";
import { entryId, slugFor } from "../url.js";
import { convertDate, type Notes } from "./date.js";
import { mediaOf } from "./media.js";
import { withoutControls, wordWarnings } from "./plain.js";

/** Converts an item. Never throws on what a page holds. */
export function convertItem(
  item: Item,
  site: Site,
): { draft: Draft; warnings: readonly Warning[] } {
  const notes: Notes = { issues: [], warnings: [...item.warnings, ...wordWarnings(item)] };
  for (const name of item.disagreements) notes.issues.push(disagreement(item, name));
  const id = entryId(item.url);
  const title = words(item.readings.title);
  const body = convertBody(item, notes);
  const summary = words(item.readings.summary);
  const data = {
    id,
    title,
    date: convertDate(item, site, notes),
    type: convertType(item, site, notes),
    language: item.language,
    sourceUrl: item.url,
    // A row that holds the whole article is its body, not a summary of it.
    summary: summary !== null && same(summary, words(item.readings.body)) ? null : summary,
    aliases: item.aliases,
    media: mediaOf(body.markdown, item.baseUrl, site, item.media),
    dateText: printed(item.readings.date),
    typeText: printed(item.readings.type),
    direction: directionOf(item),
    translations: item.translations,
    warnings: notes.warnings.map((warning) => warning.message),
  };
  for (const name of Object.keys(site.fields) as FieldName[]) {
    if (site.fields[name].required && item.readings[name] === undefined)
      notes.issues.push(missing(site, name));
  }
  const draft: Draft = {
    id,
    slug: slugFor(item.url, title ?? "", id),
    data,
    body: body.markdown,
    provenance: {
      fields: sourcesOf(item),
      losses: body.losses,
      warnings: notes.warnings.map((warning) => warning.code),
      markup: item.markup,
    },
    issues: notes.issues,
    anchors: body.anchors,
    embedded: body.embedded,
  };
  return { draft, warnings: notes.warnings };
}

/** Languages written from right to left, by their ISO 639 codes. */
const RIGHT_TO_LEFT = /^(ar|fa|he|iw|ps|sd|ug|ur|yi|dv|ckb)(-|$)/;

function directionOf({ direction, language }: Item): "ltr" | "rtl" {
  return direction ?? (RIGHT_TO_LEFT.test(language) ? "rtl" : "ltr");
}

function words(reading: Reading | undefined): string | null {
  // `trim` would take a byte order mark too, which is a character of the text.
  return withoutControls(reading?.raw ?? "").replace(/^ +| +$/g, "") || null;
}

function printed(reading: Reading | undefined): string | null {
  return reading === undefined ? null : withoutControls(reading.printed);
}

function same(a: string, b: string | null): boolean {
  const fold = (text: string) =>
    text
      .normalize("NFC")
      .replace(/[\s\u00a0]+/g, " ")
      .trim();
  return b !== null && fold(a) === fold(b);
}

function convertBody(item: Item, { issues }: Notes): Omit<Converted, "problem"> {
  const reading = item.readings.body;
  if (reading === undefined) return { markdown: "", losses: [], anchors: [], embedded: [] };
  const { problem, ...converted } = convertNodes(reading.nodes ?? [new Text(reading.raw)], {
    baseUrl: item.baseUrl,
    direction: directionOf(item),
    language: item.language,
  });
  if (problem !== null) {
    issues.push({
      path: "body",
      message: problem,
      raw: reading.raw.slice(0, 200),
      selector: reading.selector,
      hint: "The page is kept beside this file; its HTML shows what could not be carried over.",
    });
  }
  return converted;
}

function convertType(item: Item, site: Site, { issues }: Notes): string | null {
  const reading = item.readings.type;
  const text = words(reading);
  if (reading === undefined || text === null) return null;
  const { values, unknownValues } = site.fields.type;
  const known = Object.entries(values ?? {}).find(([printed]) => same(printed, text));
  if (known !== undefined) return known[1];
  if (unknownValues === "null") return null;
  if (unknownValues === "keep")
    return text
      .normalize("NFC")
      .toLowerCase()
      .replace(/[\s\u00a0]+/g, "-");
  issues.push({
    path: "data.type",
    message: `expected one of ${Object.keys(values ?? {}).join(", ")}, found "${reading.raw}"`,
    raw: reading.raw,
    selector: reading.selector,
    hint: `Add "${reading.raw}" to fields.type.values of the site file, or set fields.type.unknownValues to "keep".`,
  });
  return null;
}

function missing(site: Site, name: FieldName): Issue {
  const rules = site.fields[name];
  const ways = [...rules.listing, ...rules.article].map(({ select, attribute }) =>
    wayWords(select, attribute),
  );
  return {
    path: name === "body" ? "body" : `data.${name}`,
    message: `${name} is required and no selector found it`,
    raw: null,
    selector: ways.join(" | ") || null,
    hint: `Run \`sitelift inspect\` on the page, and add a selector to fields.${name}.`,
  };
}

function disagreement(item: Item, name: FieldName): Issue {
  const [one, other] = [item.readings[name], item.others[name]];
  return {
    path: name === "body" ? "body" : `data.${name}`,
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
