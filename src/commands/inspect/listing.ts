/** A listing page, shown: its rows, pager and fields. */

import { judgeRow } from "../../cases/read.js";
import { EXIT, type ExitCode } from "../../error.js";
import { leadSentence } from "../../extract/lead-words.js";
import { firstMatch, type Tree } from "../../extract/tree.js";
import type { Issue, Listing, Reading, Row, Warning } from "../../model.js";
import { type FieldRules, fieldsInOrder, type Site } from "../../site/site.js";
import { column, count } from "../../text.js";
import { urlKey } from "../../url/url.js";
import type { Terminal } from "../terminal.js";
import { showField, showTaken, showWarnings, type Taken, winners } from "./fields.js";

/** @param pageWarnings warnings of the page itself, shown before those of its rows */
export function showListing(
  terminal: Terminal,
  tree: Tree,
  site: Site,
  listing: Listing,
  taken: Taken,
  pageWarnings: readonly Warning[],
): ExitCode {
  const read = listing.rows.map((row) => readRow(site, row));
  const rows = read.map(({ row }) => row);
  const issues = read.flatMap((one) => one.issues);
  const warnings = [...pageWarnings, ...listing.warnings, ...read.flatMap((one) => one.warnings)];
  if (rows.length === 0) warnings.push(noRows(listing));
  warnings.push(...wayWarnings(listing, site));
  if (terminal.json) {
    const { url, next, pageCount, pageNumber, rowSelector, nextSelector } = listing;
    const matched = Object.fromEntries(
      fieldsInOrder(site).map(([name]) => [
        name,
        winners(listing.rows.map((row) => row.readings[name])),
      ]),
    );
    const all = [...warnings, ...issues.map(({ code, message }) => ({ code, message }))];
    const shown = { kind: "listing", ...taken, url, rows, next, pageCount, pageNumber };
    const how = { rowSelector, nextSelector, matched, warnings: all };
    terminal.result({ ...shown, ...how });
  } else {
    showPlace(terminal, tree, site, listing, taken);
    terminal.print();
    for (const [name, rules] of fieldsInOrder(site)) {
      const readings = listing.rows.map((row) => row.readings[name]);
      if (rows.length > 0) showRowField(terminal, name, rules, readings, site);
    }
    terminal.print();
    showRows(terminal, rows);
    showWarnings(terminal, warnings);
    showIssues(terminal, issues);
  }
  return rows.length > 0 || isEnd(listing) ? EXIT.complete : EXIT.drift;
}

/** A field that the rows do not have and article pages may is not missing: the body nearly always. */
function showRowField(
  terminal: Terminal,
  name: string,
  { listing, article }: FieldRules,
  readings: readonly (Reading | undefined)[],
  site: Site,
): void {
  const isElsewhere =
    site.article.follow && article.length > 0 && readings.every((one) => one === undefined);
  const ways = isElsewhere && name === "body" ? [] : listing;
  showField(terminal, name, ways, readings, isElsewhere ? "read on the article page" : undefined);
}

function readRow(site: Site, row: Row) {
  const { draft, warnings, issues } = judgeRow(row, site);
  const { title, date, dateText, type, typeText, summary, fields } = draft.data;
  const at = `row ${row.position}: `;
  return {
    row: {
      ...{ title, url: row.url, date, dateText, type, typeText, summary, body: draft.body },
      ...(fields === undefined ? {} : { fields }),
    },
    issues: issues.map((issue) => ({
      ...issue,
      code: "issue",
      message: `${at}${issue.path}: ${issue.message}`,
    })),
    warnings: warnings.map(({ code, message }) => ({ code, message: at + message })),
  };
}

/** No rows are not drift where the list ends: the page says so, or its pager has no next page. */
function isEnd({ saysEmpty, next, pageCount, parts = [] }: Listing): boolean {
  return saysEmpty || parts.length > 0 || (pageCount !== null && next === null);
}

function noRows(listing: Listing): Warning {
  const { saysEmpty, pageCount, parts = [] } = listing;
  if (parts.length > 0)
    return {
      code: "no-rows",
      message: `it is an index of ${count(parts.length, "sitemap")}, which a crawl reads: look at one of them, such as ${parts[0]}`,
    };
  if (saysEmpty) return { code: "no-rows", message: "the page says that its list is empty" };
  return isEnd(listing)
    ? { code: "no-rows", message: `the page is after the last of ${pageCount}; it has no rows` }
    : { code: "no-rows", message: "listing.rows matched nothing: check the selectors" };
}

/** What keeps a crawl from the next page, and what looks like the way there on the first one. */
function wayWarnings(listing: Listing, site: Site): Warning[] {
  const { next, url, rows, pageCount, leads, findings } = listing;
  const lost = findings.map(({ finding, message }) => ({ code: finding, message }));
  const isStart = urlKey(url) === urlKey(site.start);
  const lead = leads.find(({ kind }) => kind === "next") ?? leads[0];
  if (lead === undefined || next !== null || site.listing.next.length === 0) return lost;
  // A pager that is read says itself where it ends.
  if (rows.length === 0 || pageCount !== null) return lost;
  if (!isStart && lead.kind !== "next") return lost;
  return [...lost, { code: "next-unfollowed", message: leadSentence(lead) }];
}

function showPlace(
  terminal: Terminal,
  tree: Tree,
  site: Site,
  listing: Listing,
  taken: Taken,
): void {
  const { bold, dim, green, red } = terminal.colours;
  terminal.print(`${bold("listing page")}  ${listing.url}`);
  showTaken(terminal, taken);
  const within = firstMatch(tree.$, null, site.listing.within);
  const line = (label: string, selector: string | null, found: string) =>
    terminal.print(
      `  ${column(label, 8)} ${selector === null ? red("nothing matched") : green(selector)}  ${dim(found)}`,
    );
  line("within", within.selector ?? "body", "");
  line("rows", listing.rowSelector, `${count(listing.rows.length, "row")}`);
  const { next, nextSelector } = listing;
  const { pageNumber, pageCount } = listing;
  // Without a pager nothing says whether it is the last.
  const none = pageCount === null ? "none" : "none: this is the last page";
  line("next", nextSelector ?? (next === null ? "–" : null), next ?? none);
  const place = [pageNumber ?? [], pageCount === null ? [] : `of ${pageCount}`].flat();
  if (place.length > 0) terminal.print(`  ${column("page", 8)} ${place.join(" ")}`);
}

function showRows(terminal: Terminal, rows: readonly ReturnType<typeof readRow>["row"][]): void {
  const { dim, red, yellow } = terminal.colours;
  rows.forEach(({ title, url, date, dateText, type }, index) => {
    const day = column(String(date ?? dateText ?? "–"), 10);
    terminal.print(
      `${dim(String(index + 1).padStart(3))}  ${date === null ? yellow(day) : day}  ${column(String(type ?? "–"), 10)}  ${title ?? red("no title")}`,
    );
    terminal.print(dim(`     ${url ?? "links to no article"}`));
  });
}

function showIssues(terminal: Terminal, issues: readonly Issue[]): void {
  const hints = new Set<string>();
  for (const { message, hint } of issues) {
    terminal.print(`${terminal.colours.red("issue")} ${message}`);
    // One mistake in a site file is an issue of every row.
    if (!hints.has(hint)) terminal.print(terminal.colours.dim(`      ${hint}`));
    hints.add(hint);
  }
}
