/** Where to look when a case fails: the line of the expected value, or of the selector that finds nothing; the page; what to do. */
import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { readPlain } from "../disk/read.js";
import { siteFileOf } from "../site/load.js";
import type { Alternative, Site } from "../site/site.js";
import { CASE_FILES } from "./case.js";
import type { CheckedCase } from "./check.js";
import type { Verdict } from "./compare.js";

/** A line of a file, from 1. */
interface Place {
  readonly file: string;
  readonly line: number;
}

export type PlaceOf = (one: CheckedCase, verdict: Verdict) => Place;

/** @param siteFile the site file by which the cases were read, when it is not the one that they name */
export function placeOf(one: CheckedCase, verdict: Verdict, siteFile: string | null): Place {
  const inCase = (name: string, line: number) => ({ file: join(one.folder, name), line });
  if (verdict.field === "case") return inCase(CASE_FILES.about, 1);
  const file = siteFile ?? siteFileOf(one.about?.readBy.site ?? "", one.folder);
  if (cameToNothing(verdict) && file !== null && one.site !== null) {
    const line = selectorLine(file, one.site, verdict.field);
    if (line !== null) return { file, line };
  }
  if (verdict.body !== null) {
    const { expected, actual } = verdict.body;
    return inCase(CASE_FILES.body, firstDifference(expected, actual));
  }
  const row = /^row (\d+)/.exec(verdict.differences[0]?.at ?? "")?.[1];
  return inCase(CASE_FILES.expected, keyLine(one.folder, verdict.field, Number(row ?? 0)));
}

/** Something was expected and nothing was found: the selector is to be looked at, not the value. */
function cameToNothing({ differences, body }: Verdict): boolean {
  if (body !== null) return body.actual === "";
  return (
    differences.length > 0 &&
    differences.every(({ actual }) => actual === null || actual === "null")
  );
}

/** Line of a key of expected.json, which holds one key a line; of that key in a row, from 1, if `row` is not 0. */
function keyLine(folder: string, key: string, row: number): number {
  const lines = (readPlain(folder, CASE_FILES.expected)?.toString("utf8") ?? "").split("\n");
  const found = (indent: number) =>
    lines.flatMap((line, index) =>
      line.startsWith(`${" ".repeat(indent)}${JSON.stringify(key)}:`) ? [index + 1] : [],
    );
  return (row > 0 ? found(6)[row - 1] : undefined) ?? found(2)[0] ?? 1;
}

/** Line of a site file with a selector of the field; null when the preset has them all. */
function selectorLine(path: string, site: Site, field: string): number | null {
  if (!existsSync(path)) return null;
  const lines = readFileSync(path, "utf8").split("\n");
  const { article, listing } = selectorsOf(site, field);
  const found = [...article, ...listing].map((select) => {
    return lines.findIndex((line) => line.includes(select)) + 1;
  });
  return found.find((line) => line > 0) ?? null;
}

/** The selectors that give a field of a verdict, in a listing and on an article page. */
export function selectorsOf({ listing, fields }: Site, field: string) {
  if (field === "rows") return { listing: listing.rows, article: [] };
  const of = (ways: readonly Alternative[] = []) => ways.map(({ select }) => select);
  if (field === "next") return { listing: of(listing.next), article: [] };
  const [, own] = /^fields\.(.*)$/s.exec(field) ?? [];
  // `dateText` is read from where `date` is.
  const rules = fields[own ?? field.replace(/Text$/, "")];
  return { listing: of(rules?.listing), article: of(rules?.article) };
}

/** The first line that differs, from 1. */
function firstDifference(expected: string, actual: string): number {
  const [want, got] = [expected.split("\n"), actual.split("\n")];
  const at = want.findIndex((line, index) => line !== got[index]);
  return at === -1 ? want.length : at + 1;
}

/** Path of the page to look at; of a walk the first one. */
export function savedPageOf({ folder, about }: Pick<CheckedCase, "folder" | "about">): string {
  const file = about?.kind === "walk" ? about.pages[0]?.file : CASE_FILES.page;
  return join(folder, file ?? CASE_FILES.page);
}

/** One line: how to look at the page, and how to take the result over where it is right. */
export function adviceFor(one: Pick<CheckedCase, "folder" | "about">): string {
  const { about } = one;
  if (about === null) return "record the case again, or remove its folder";
  const page = relative(".", savedPageOf(one)) || ".";
  const { readBy, url } = about;
  const isFile = /\.(?:[mc]?[jt]s|json)$/.test(readBy.site);
  const site = isFile ? relative(".", join(one.folder, readBy.site)) : readBy.site;
  return `look: sitelift inspect ${page} --url ${url} --site ${site}; where the new result is right: sitelift test --update`;
}
