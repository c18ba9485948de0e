/** `sitelift inspect`: what each selector matched on one page, and what came of it. */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import process from "node:process";
import { convertItem } from "../convert/draft.js";
import { CliError, EXIT, type ExitCode } from "../error.js";
import { readArticle } from "../extract/article.js";
import { mergeItem } from "../extract/item.js";
import { readListing } from "../extract/listing.js";
import { firstMatch, parsePage, type Tree } from "../extract/tree.js";
import {
  type Article,
  FIELD_NAMES,
  type Listing,
  type Page,
  type Reading,
  type Row,
  type Warning,
} from "../model.js";
import type { Alternative, Site } from "../site.js";
import { urlKey } from "../url.js";
import { judge } from "../validate/entry.js";
import { column, count, Terminal } from "./terminal.js";

export interface InspectOptions {
  readonly site?: string;
  readonly preset?: string;
  readonly language?: string;
  readonly url?: string;
  readonly as?: "listing" | "article";
  readonly json?: boolean;
}

export async function inspect(
  site: Site,
  target: string,
  options: InspectOptions,
): Promise<ExitCode> {
  const isAddress = /^https?:\/\//i.test(target);
  const address = isAddress ? target : options.url;
  const page = isAddress ? await fetchPage(target, site) : savedPage(target, address ?? site.start);
  const tree = parsePage(page, site.remove);
  const listing = readListing(tree, site);
  const article = readArticle(tree, site);
  const kind = options.as ?? kindOf(page, site, listing, article);
  const terminal = new Terminal(options);
  return kind === "listing"
    ? showListing(terminal, tree, site, listing)
    : showArticle(terminal, tree, site, article, page);
}

async function fetchPage(url: string, site: Site): Promise<Page> {
  const { fetchOne } = await import("../sources/live.js");
  return fetchOne(url, site);
}

function savedPage(path: string, url: string): Page {
  const file = resolve(path);
  if (!existsSync(file)) {
    throw new CliError(`"${path}" is neither an address nor a file`, {
      hint: "An address begins with http:// or https://; a file is taken from the working folder.",
    });
  }
  return { url, requestedUrl: url, status: 200, headers: {}, body: readFileSync(file) };
}

/** A page with a pager lists; else one with a body is an article; else one with rows lists. */
function kindOf(page: Page, site: Site, listing: Listing, article: Article): "listing" | "article" {
  const start = urlKey(site.start).split("?")[0];
  if (
    listing.rows.length > 0 &&
    (listing.pageCount !== null || urlKey(page.url).split("?")[0] === start)
  )
    return "listing";
  if (article.readings.body !== undefined) return "article";
  return listing.rows.length > 0 ? "listing" : "article";
}

/** A row, converted as a crawl would convert it if it linked to no page. */
function readRow(site: Site, row: Row) {
  const { draft, warnings } = convertItem(mergeItem(site, row.url ?? row.listing, row, null), site);
  const { title, date, dateText, type, typeText, summary } = draft.data;
  const issues = draft.issues.filter(({ path }) => path !== "body");
  return {
    row: { title, url: row.url, date, dateText, type, typeText, summary },
    issues,
    warnings,
  };
}

function showListing(terminal: Terminal, tree: Tree, site: Site, listing: Listing): ExitCode {
  const read = listing.rows.map((row) => readRow(site, row));
  const warnings: Warning[] = [...listing.warnings];
  read.forEach(({ warnings: own, issues }, index) => {
    for (const { code, message } of own)
      warnings.push({ code, message: `row ${index + 1}: ${message}` });
    for (const { path, message } of issues)
      warnings.push({ code: "issue", message: `row ${index + 1}: ${path}: ${message}` });
  });
  const rows = read.map(({ row }) => row);
  if (terminal.json) {
    const { next, pageCount, pageNumber, rowSelector, nextSelector } = listing;
    const matched = Object.fromEntries(
      FIELD_NAMES.map((name) => [name, winners(listing.rows.map((row) => row.readings[name]))]),
    );
    process.stdout.write(
      `${JSON.stringify({ kind: "listing", url: listing.url, rows, next, pageCount, pageNumber, rowSelector, nextSelector, matched, warnings }, null, 2)}\n`,
    );
    return rows.length > 0 ? EXIT.complete : EXIT.drift;
  }
  const { bold, dim, green, red, yellow } = terminal.colours;
  terminal.say(`${bold("listing page")}  ${listing.url}`);
  const within = firstMatch(tree.$, null, site.listing.within);
  const line = (label: string, selector: string | null, found: string) =>
    terminal.say(
      `  ${column(label, 8)} ${selector === null ? red("nothing matched") : green(selector)}  ${dim(found)}`,
    );
  line("within", within.selector ?? "body", "");
  line("rows", listing.rowSelector, `${count(listing.rows.length, "row")}`);
  line(
    "next",
    listing.nextSelector ?? (listing.next === null ? "–" : null),
    listing.next ?? "none: this is the last page",
  );
  terminal.say(
    `  ${column("page", 8)} ${listing.pageNumber ?? "?"} of ${listing.pageCount ?? "?"}`,
  );
  terminal.say();
  const total = listing.rows.length;
  for (const name of FIELD_NAMES) {
    const readings = listing.rows.map((row) => row.readings[name]);
    showField(terminal, name, site.fields[name].listing, readings, total);
  }
  terminal.say();
  rows.forEach((row, index) => {
    terminal.say(
      `${dim(String(index + 1).padStart(3))}  ${column(String(row.date ?? "–"), 10)}  ${column(String(row.type ?? "–"), 10)}  ${row.title ?? red("no title")}`,
    );
    terminal.say(dim(`     ${row.url ?? "links to no article"}`));
  });
  showWarnings(terminal, warnings, yellow);
  return rows.length > 0 ? EXIT.complete : EXIT.drift;
}

/** Which alternative gave a field, and how often. */
function winners(readings: readonly (Reading | undefined)[]): Record<string, number> {
  const wins: Record<string, number> = {};
  for (const reading of readings) {
    if (reading === undefined) continue;
    const way =
      reading.attribute === null ? reading.selector : `${reading.selector} (${reading.attribute})`;
    wins[way] = (wins[way] ?? 0) + 1;
  }
  return wins;
}

function showField(
  terminal: Terminal,
  name: string,
  ways: readonly Alternative[],
  readings: readonly (Reading | undefined)[],
  total: number,
): void {
  const { bold, dim, green, red } = terminal.colours;
  const found = readings.filter((reading) => reading !== undefined).length;
  const share = `${found} of ${total}`;
  terminal.say(
    `  ${bold(column(name, 8))} ${found === total ? green(share) : found === 0 ? red(share) : share}`,
  );
  const wins = winners(readings);
  for (const [way, times] of Object.entries(wins))
    terminal.say(`           ${green(`${times} ×`)} ${way}`);
  if (found === 0)
    for (const { select, attribute } of ways)
      terminal.say(dim(`           0 × ${select}${attribute === null ? "" : ` (${attribute})`}`));
}

function showWarnings(
  terminal: Terminal,
  warnings: readonly Warning[],
  yellow: (text: string) => string,
): void {
  if (warnings.length === 0) return;
  terminal.say();
  for (const { code, message } of warnings)
    terminal.say(`${yellow("warning")} ${code}: ${message}`);
}

function showArticle(
  terminal: Terminal,
  tree: Tree,
  site: Site,
  article: Article,
  page: Page,
): ExitCode {
  const row: Row = {
    listing: site.start,
    position: 1,
    url: page.url,
    base: tree.base,
    readings: {},
  };
  const { draft, warnings } = convertItem(
    mergeItem(site, article.canonical ?? article.url, row, article),
    site,
  );
  const verdict = judge(draft);
  const issues = "issues" in verdict ? verdict.issues : [];
  if (terminal.json) {
    const entry =
      "issues" in verdict
        ? null
        : { id: verdict.id, slug: verdict.slug, data: verdict.data, body: verdict.body };
    const fields = draft.provenance.fields;
    process.stdout.write(
      `${JSON.stringify({ kind: "article", entry, draft: entry === null ? { data: draft.data, body: draft.body } : undefined, fields, losses: draft.provenance.losses, issues, warnings }, null, 2)}\n`,
    );
    return issues.length === 0 ? EXIT.complete : EXIT.findings;
  }
  const { bold, dim, red, yellow } = terminal.colours;
  terminal.say(`${bold("article page")}  ${article.url}`);
  terminal.say(
    dim(
      `  canonical ${article.canonical ?? "–"}, language ${article.language ?? "–"}, translations ${Object.keys(article.translations).join(", ") || "–"}`,
    ),
  );
  terminal.say();
  for (const name of FIELD_NAMES)
    showField(terminal, name, site.fields[name].article, [article.readings[name]], 1);
  terminal.say();
  for (const [key, value] of Object.entries(draft.data)) {
    if (value === null || (typeof value === "object" && Object.keys(value).length === 0)) continue;
    terminal.say(
      `${dim(column(key, 12))} ${typeof value === "string" ? value : JSON.stringify(value)}`,
    );
  }
  terminal.say();
  terminal.say(draft.body);
  for (const { construct, kind, count: times, sample } of draft.provenance.losses)
    terminal.say(dim(`${kind}: ${times} × ${construct} (${sample})`));
  showWarnings(terminal, warnings, yellow);
  for (const { path, message, hint } of issues) {
    terminal.say(`${red("issue")} ${path}: ${message}`);
    terminal.say(dim(`      ${hint}`));
  }
  return issues.length === 0 ? EXIT.complete : EXIT.findings;
}
