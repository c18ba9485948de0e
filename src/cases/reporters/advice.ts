/** What to do about a case that failed. */
import { join, relative } from "node:path";
import { CASE_FILES } from "../case.js";
import type { CheckedCase } from "../check.js";

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
