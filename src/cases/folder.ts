/** Cases on disk: a folder each, found below one folder. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join, relative, resolve, sep } from "node:path";
import { z } from "zod";
import { explained, realDisk, unless } from "../disk/disk.js";
import { removeDurable, writeDurable } from "../disk/files.js";
import { makeFolder } from "../disk/folders.js";
import { STAGING } from "../disk/layout.js";
import { readPlain } from "../disk/read.js";
import { clearStaging } from "../disk/staging.js";
import { CliError } from "../error.js";
import type { Page } from "../model.js";
import { readWritten } from "../schema/explain.js";
import type { Site } from "../site/site.js";
import { byCodeUnits, jsonText, parseShallow } from "../text.js";
import { CASE_FILES, type Case, type CaseFile, caseFile, type Expectation } from "./case.js";

const NAMES: readonly string[] = Object.values(CASE_FILES);

/** A folder that is a case, or that looks like what is left of one. */
export interface Found {
  readonly folder: string;
  /** Path below the folder that was looked through, with `/`; that folder's own name when it is a case itself. */
  readonly name: string;
}

/**
 * The folder of cases that a command means: the one named, else that of the site, else all.
 *
 * @throws {CliError} exit code 2, when it does not exist
 */
export function casesFolder(named: string | undefined, site: Site | undefined): string {
  const own = site === undefined ? "" : newCasesFolder(site);
  const root = resolve(named ?? (existsSync(own) ? own : "fixtures/cases"));
  if (existsSync(root) && statSync(root).isDirectory()) return root;
  throw new CliError(`there is no folder ${root}`, {
    hint: "`sitelift record` saves a page as a case.",
  });
}

/** Where the cases of a site are recorded, relative to the working folder. */
export function newCasesFolder({ name }: Site): string {
  return `fixtures/cases/${name}`;
}

/** Folders that hold a file of a case, sorted by name. Folders that begin with a dot are passed over. */
export function findCases(root: string): Found[] {
  const found: Found[] = [];
  const look = (folder: string): void => {
    const entries = readdirSync(folder, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    if (names.some((name) => NAMES.includes(name))) {
      const path = relative(root, folder).split(sep).join("/");
      found.push({ folder, name: path === "" ? basename(folder) : path });
    }
    for (const entry of entries)
      if (entry.isDirectory() && !/^\.|^node_modules$/.test(entry.name))
        look(join(folder, entry.name));
  };
  look(root);
  return found.sort((a, b) => byCodeUnits(a.name, b.name));
}

/** Reads case.json and the pages of a case. @throws {CliError} exit code 2, when the folder holds no whole case */
export function readCaseFolder({ folder, name }: Found): Case {
  const about = readAbout(folder, name);
  const page = (file: string, answer: Omit<Page, "body">): Page => {
    const { url, requestedUrl, status, headers } = answer;
    return { url, requestedUrl, status, headers, body: readPage(folder, name, file) };
  };
  if (about.kind === "walk") {
    const pages = about.pages.map((one) => page(one.file, one));
    return { about, pages, listing: null };
  }
  const row = about.kind === "article" ? about.row : null;
  return {
    about,
    pages: [page(CASE_FILES.page, about)],
    listing: row === null ? null : page(row.file, row),
  };
}

function readAbout(folder: string, name: string): CaseFile {
  const text = readPlain(folder, CASE_FILES.about);
  if (text === null)
    throw new CliError(`${name} has no ${CASE_FILES.about}: its files belong to no case`, {
      hint: "Remove the folder, or record the case again.",
    });
  const input = parse(text, CASE_FILES.about, name);
  const read = readWritten(caseFile, input);
  if ("value" in read) return read.value;
  throw new CliError(`${CASE_FILES.about} of ${name} is not valid`, {
    details: read.wrong,
    hint: "Record the case again.",
  });
}

function readPage(folder: string, name: string, file: string): Uint8Array {
  if (!/^(?:pages\/)?[\w.-]+$/.test(file))
    throw new CliError(`${CASE_FILES.about} of ${name} names a page outside the case: ${file}`);
  const page = readPlain(folder, file);
  if (page !== null) return page;
  throw new CliError(`${file} of ${name} is missing`, { hint: "Record the case again." });
}

/**
 * What is expected of a case; null when nothing is.
 *
 * @throws {CliError} exit code 2, when expected.json is not a JSON object
 */
export function readExpected({ folder, name }: Found): Expectation | null {
  const text = readPlain(folder, CASE_FILES.expected);
  if (text === null) return null;
  const fields = z
    .record(z.string(), z.unknown())
    .safeParse(parse(text, CASE_FILES.expected, name));
  if (!fields.success)
    throw new CliError(`${CASE_FILES.expected} of ${name} is not valid`, {
      hint: "Expected one JSON object; `sitelift test --update` rewrites it.",
    });
  const body = readPlain(folder, CASE_FILES.body)?.toString("utf8") ?? null;
  return { fields: fields.data, body };
}

function parse(text: Buffer, file: string, name: string): unknown {
  try {
    return parseShallow(text.toString("utf8"));
  } catch (error) {
    throw new CliError(`${file} of ${name} cannot be read: ${(error as Error).message}`, {
      hint: "Expected one JSON object.",
      cause: error,
    });
  }
}

/** Files of a case's folder that belong to nothing: pages that case.json does not name, expectations of another name. */
export function strayFiles(folder: string, about: CaseFile): string[] {
  const known = new Set<string>(NAMES);
  if (about.kind !== "article" || about.row === null) known.delete(CASE_FILES.listing);
  if (about.kind === "walk") known.delete(CASE_FILES.page);
  const pages = about.kind === "walk" ? about.pages.map(({ file }) => file) : [];
  const top = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  const inner = existsSync(join(folder, "pages")) ? readdirSync(join(folder, "pages")) : [];
  return [
    ...top.map(({ name }) => name).filter((name) => /^expected|\.html?$/.test(name)),
    ...inner.map((name) => `pages/${name}`),
  ].filter((name) => !known.has(name) && !pages.includes(name));
}

/** Files to be written, by their paths below a folder; null for one to be removed. */
export type Files = readonly (readonly [path: string, content: string | Uint8Array | null])[];

/**
 * Writes files below a folder and makes the folder first, each durably.
 *
 * @throws {CliError} when the disk fails, or something else is in the way
 */
export async function writeFiles(root: string, files: Files): Promise<void> {
  const write = async () => {
    await makeFolder(root, realDisk);
    for (const [path, content] of files) {
      if (content === null) await removeDurable(root, path);
      else await writeDurable(root, path, Buffer.from(content));
    }
    await clearStaging(root, realDisk);
    await realDisk.rmdir(join(root, STAGING)).catch(unless("ENOENT"));
  };
  await explained(write(), root);
}

/** The two files of an outcome. */
export function outcomeFiles(
  { fields, body }: Expectation,
  [json, markdown]: readonly [json: string, markdown: string],
): Files {
  return [
    [json, jsonText(fields)],
    [markdown, body === null || body.trim() === "" ? null : `${body.trimEnd()}\n`],
  ];
}
