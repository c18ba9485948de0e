/** Records a case: a page as fetched, the headers that matter, and its result as the expectation. */
import { existsSync } from "node:fs";
import { isAbsolute, join, relative, sep } from "node:path";
import { hashOf } from "../disk/read.js";
import { CliError } from "../error.js";
import { readListing } from "../extract/listing.js";
import { parsePage } from "../extract/tree.js";
import type { Page } from "../model.js";
import type { Site } from "../site/site.js";
import { jsonText } from "../text.js";
import { slugify } from "../url/slug.js";
import { entryId, slugFor } from "../url/url.js";
import {
  CASE_FILES,
  type Case,
  type CaseFile,
  type CaseKind,
  type CaseResult,
  keptHeaders,
  type SavedPage,
} from "./case.js";
import { type Files, outcomeFiles, writeFiles } from "./folder.js";
import { readCase, rowOf } from "./read.js";
import { scrubPages } from "./scrub.js";
import { trimCase } from "./trim.js";

export interface NewCase {
  readonly kind: CaseKind;
  /** The page; of a walk all of them, in the order in which they were fetched. */
  readonly pages: readonly Page[];
  /** A listing page with a row that names the article; without it, the article is read alone. */
  readonly listing?: Page | undefined;
  readonly site: Site;
  /** How `site` is found again: as it was named, a site file by its whole path. */
  readonly readBy: CaseFile["readBy"];
  readonly root: string;
  /** Name of the case's folder. Default: made of the page's URL or title. */
  readonly name?: string | undefined;
  /** ISO 8601, in UTC. */
  readonly recorded: string;
  readonly trim?: boolean | undefined;
  readonly scrub?: boolean | undefined;
}

export interface RecordedCase {
  readonly name: string;
  readonly folder: string;
  readonly about: CaseFile;
  readonly result: CaseResult;
  /** Bytes of its pages as fetched and as kept. */
  readonly bytes: { readonly fetched: number; readonly kept: number };
  /** How often each scrubbing rule found something. */
  readonly scrubbed: Readonly<Record<string, number>>;
  /** Writes its files. @throws {CliError} exit code 2, when a case of this name exists and `force` is not set */
  write(force?: boolean): Promise<void>;
}

/**
 * Makes a case of pages. Nothing is written before `write` is called.
 *
 * @throws {CliError} exit code 2, when the listing page has no row that names the article, or a scrubbed
 *   page reads otherwise than the page as fetched
 */
export async function recordCase(options: NewCase): Promise<RecordedCase> {
  const { site, root } = options;
  const raw = rawCase(options);
  const fetched = await readCase(raw, site);
  const name = options.name ?? nameOf(raw, fetched);
  const folder = join(root, ...name.split("/"));
  const clean = options.scrub ? scrubPages(raw) : { saved: raw, found: {} };
  const saved = options.trim ? await trimCase(clean.saved, site) : clean.saved;
  const about = {
    ...saved.about,
    readBy: readByOf(options.readBy, folder),
    trimmed: options.trim ?? false,
    scrubbed: options.scrub ?? false,
  };
  const result = await readCase({ ...saved, about }, site);
  return {
    name,
    folder,
    about,
    result,
    bytes: { fetched: sizeOf(raw), kept: sizeOf(saved) },
    scrubbed: clean.found,
    async write(force = false) {
      if (!force) refuseExisting(root, name, folder);
      const files: Files = [
        [CASE_FILES.about, jsonText(about)],
        ...pageFiles({ ...saved, about }),
        ...outcomeFiles(result, [CASE_FILES.expected, CASE_FILES.body]),
        [CASE_FILES.actual, null],
        [CASE_FILES.actualBody, null],
      ];
      const ignore = `${CASE_FILES.actual}\n${CASE_FILES.actualBody}\n`;
      await writeFiles(root, [
        ...files.map(([path, content]) => [`${name}/${path}`, content] as const),
        ...(existsSync(join(root, ".gitignore")) ? [] : [[".gitignore", ignore] as const]),
      ]);
    },
  };
}

/** Without tokens and e-mail addresses, unless the page then reads otherwise. */
export function scrubbedCase(options: NewCase): Promise<RecordedCase> {
  return recordCase({ ...options, scrub: true }).catch(unlessRefused(() => recordCase(options)));
}

/** An article with its row; one of another page of the list is recorded without. */
export function pageCase(options: NewCase, listing: Page): Promise<RecordedCase> {
  const alone = unlessRefused(() => scrubbedCase(options));
  return scrubbedCase({ ...options, listing }).catch(alone);
}

function unlessRefused<T>(instead: () => Promise<T>) {
  return (error: unknown): Promise<T> => {
    if (!(error instanceof CliError)) throw error;
    return instead();
  };
}

/** Refuses the name of a case that exists. @throws {CliError} exit code 2 */
export function refuseExisting(root: string, name: string, folder = join(root, name)): void {
  if (existsSync(folder))
    throw new CliError(`there is already a case ${name} in ${root}`, {
      hint: "Choose another name with --name, or overwrite it with --force.",
    });
}

function rawCase(options: NewCase): Case {
  const { kind, pages, site, recorded, readBy } = options;
  const [page] = pages;
  if (page === undefined) throw new Error("a case without a page");
  const base = {
    caseVersion: 1 as const,
    site: site.name,
    readBy,
    recorded,
    trimmed: false,
    scrubbed: false,
  };
  if (kind === "walk") {
    const width = Math.max(3, String(pages.length).length);
    const files = pages.map((one, index) =>
      savedPage(one, `pages/${String(index + 1).padStart(width, "0")}.html`),
    );
    return { about: { ...base, kind, url: page.requestedUrl, pages: files }, pages, listing: null };
  }
  const { file: _, ...answer } = savedPage(page, CASE_FILES.page);
  if (kind === "listing") return { about: { ...base, kind, ...answer }, pages, listing: null };
  const { listing = null } = options;
  if (listing !== null) demandRow(listing, page, site);
  const row = listing === null ? null : savedPage(listing, CASE_FILES.listing);
  return { about: { ...base, kind, ...answer, row }, pages, listing };
}

function savedPage(page: Page, file: string): SavedPage {
  const { url, requestedUrl, status, body } = page;
  return { file, url, requestedUrl, status, headers: keptHeaders(page), sha256: hashOf(body) };
}

function demandRow(listing: Page, page: Page, site: Site): void {
  const { rows, url } = readListing(parsePage(listing, site), site);
  if (rowOf(rows, page) !== null) return;
  throw new CliError(`no row of ${url} leads to ${page.requestedUrl}`, {
    hint: `It has ${rows.length} rows; \`sitelift inspect\` shows where they lead.`,
  });
}

function nameOf({ about }: Case, { fields }: CaseResult): string {
  if (about.kind === "walk") return "walk";
  const { title, pageNumber } = fields;
  if (about.kind === "article")
    return slugFor(about.url, typeof title === "string" ? title : "", entryId(about.url));
  if (typeof pageNumber === "number") return `listing-${pageNumber}`;
  return `listing-${slugify(new URL(about.url).pathname) || "1"}`;
}

function readByOf(readBy: NewCase["readBy"], folder: string): NewCase["readBy"] {
  if (!isAbsolute(readBy.site)) return readBy;
  return { ...readBy, site: relative(folder, readBy.site).split(sep).join("/") };
}

function pageFiles({ about, pages, listing }: Case): [string, Uint8Array][] {
  const names = about.kind === "walk" ? about.pages.map(({ file }) => file) : [CASE_FILES.page];
  const files = pages.map((page, index): [string, Uint8Array] => [names[index] ?? "", page.body]);
  return listing === null ? files : [...files, [CASE_FILES.listing, listing.body]];
}

function sizeOf({ pages, listing }: Case): number {
  const own = pages.reduce((sum, { body }) => sum + body.length, 0);
  return own + (listing?.body.length ?? 0);
}
