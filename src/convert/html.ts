/** A field that is read as HTML, the body or one of the site's own: it becomes Markdown, and what is lost an issue. */
import { Text } from "domhandler";
import { type Converted, convertNodes } from "../markdown/to-markdown.js";
import type { Item, Reading } from "../model.js";
import type { Notes } from "./date.js";

export type ConvertedHtml = Omit<Converted, "problem">;

/** @param path of the field in an entry, for an issue */
export function convertHtml(
  item: Item,
  reading: Reading,
  path: string,
  { issues }: Notes,
): ConvertedHtml {
  const { problem, ...converted } = convertNodes(reading.nodes ?? [new Text(reading.raw)], {
    baseUrl: item.bases[reading.from],
    direction: directionOf(item),
    language: item.language,
  });
  if (problem !== null) {
    issues.push({
      path,
      message: problem,
      raw: reading.raw.slice(0, 200),
      selector: reading.selector,
      hint: "The page is kept beside this file; its HTML shows what could not be carried over.",
    });
  }
  return converted;
}

/** Languages written from right to left, by their ISO 639 codes. */
const RIGHT_TO_LEFT = /^(ar|fa|he|iw|ps|sd|ug|ur|yi|dv|ckb)(-|$)/;

export function directionOf({ direction, language }: Item): "ltr" | "rtl" {
  return direction ?? (RIGHT_TO_LEFT.test(language) ? "rtl" : "ltr");
}
