/** A folder of saved pages as a capture: `pages.json` says which file has which URL. */
import { isAbsolute, join, normalize } from "node:path";
import { hashOf, readPlain } from "../../disk/read.js";
import { CliError } from "../../error.js";
import { FetchError } from "../../http/fetch-error.js";
import { parseShallow } from "../../text.js";
import { plainUrl } from "./captured-response.js";
import type { StoredResponses } from "./replay.js";

/** Name of the map in the folder. */
const MAP = "pages.json";

/**
 * Reads the map of a folder of saved pages: one JSON object, the name of each file and its URL.
 *
 * @returns null when the folder has no map
 * @throws {CliError} when the map is not valid, or names a file that is missing
 */
export async function savedPages(folder: string): Promise<StoredResponses | null> {
  const files = savedFiles(folder);
  if (files === null) return null;
  for (const path of files.values()) readSaved(folder, path);
  return {
    obeysRobots: false,
    holds: (url) => files.has(url.href),
    pages: async () => [...files.keys()].sort(),
    async next(url) {
      const path = files.get(url.href);
      if (path === undefined)
        throw new FetchError(`${MAP} does not name this URL`, {
          state: "not-reached",
          code: "not-captured",
        });
      // Without a charset, that of the page itself counts.
      const headers = { "content-type": "text/html" };
      return { status: 200, headers, body: readSaved(folder, path), whole: true };
    },
  };
}

/** The SHA-256 of the map and of each page, or null when the folder has no map. @throws as `savedPages` */
export function savedSums(folder: string): string[] | null {
  const files = savedFiles(folder);
  return files && [MAP, ...files.values()].map((path) => hashOf(readSaved(folder, path)));
}

/** Each URL and its file. */
function savedFiles(folder: string): ReadonlyMap<string, string> | null {
  const text = readPlain(folder, MAP)?.toString("utf8");
  if (text === undefined) return null;
  const files = new Map<string, string>();
  for (const [name, value] of Object.entries(parseMap(folder, text))) {
    const url = typeof value === "string" ? plainUrl(value) : null;
    if (url === null)
      throw wrong(folder, `"${name}" has ${JSON.stringify(value)}, expected an http URL`);
    const path = normalize(name);
    if (isAbsolute(path) || path.startsWith(".."))
      throw wrong(folder, `"${name}" leads out of the folder`);
    if (files.has(url)) throw wrong(folder, `two files have the URL ${url}`);
    files.set(url, path);
  }
  return files;
}

/** @throws {CliError} when the page is missing, or is not a file of the folder */
function readSaved(folder: string, path: string): Uint8Array {
  const body = readPlain(folder, path);
  if (body === null) throw wrong(folder, `${join(folder, path)} is missing`);
  return body;
}

function parseMap(folder: string, text: string): Record<string, unknown> {
  try {
    const found = parseShallow(text);
    if (typeof found === "object" && found !== null && !Array.isArray(found))
      return found as Record<string, unknown>;
  } catch (error) {
    throw wrong(folder, (error as Error).message);
  }
  throw wrong(folder, "expected one JSON object");
}

function wrong(folder: string, message: string): CliError {
  return new CliError(`${join(folder, MAP)}: ${message}`, {
    hint: 'Name each saved page and its URL: {"list.html": "https://example.org/articles"}.',
  });
}
