/** overrides.yaml: the user's file beside the archive, checked, never written. */

import { isMap, isScalar, LineCounter, parseDocument } from "yaml";
import { CliError } from "../error.js";
import { readWritten } from "../schema/explain.js";
import { entryId } from "../schema/words.js";
import { isUrl, parseUrl } from "../text.js";
import { type Override, override } from "./overrides.js";

/**
 * Reads the text of an overrides file.
 *
 * @param from its path, for messages
 * @throws {CliError} exit code 2, naming every line that is wrong, what was expected and what was found
 */
export function parseOverrides(text: string, from: string): Override[] {
  try {
    return readOverrides(text, from);
  } catch (error) {
    if (error instanceof CliError) throw error;
    // Lists within lists by the thousand, or aliases of aliases: the parser gives up with an error of its own.
    throw wrong(from, [(error as Error).message]);
  }
}

function readOverrides(text: string, from: string): Override[] {
  const lines = new LineCounter();
  const tree = parseDocument(text, { schema: "core", lineCounter: lines });
  const [broken] = tree.errors;
  if (broken !== undefined) throw wrong(from, [broken.message.split("\n")[0] ?? "broken YAML"]);
  const { contents } = tree;
  if (contents === null || (isScalar(contents) && contents.value === null)) return [];
  if (!isMap(contents))
    throw wrong(from, ["expected ids or URLs, each with what is decided about it"]);
  const found: Override[] = [];
  const problems: string[] = [];
  for (const { key, value } of contents.items) {
    // An id that looks like a number is still an id.
    const about = isScalar(key) ? String(key.source ?? key.value).trim() : "";
    const line = isScalar(key) && key.range ? lines.linePos(key.range[0]).line : 1;
    const at = `line ${line}, ${about || "a key"}`;
    if (!isAbout(about)) problems.push(`${at}: expected an id, a URL or a path that begins with /`);
    const given = (value as { toJS?: (doc: typeof tree) => unknown } | null)?.toJS?.(tree) ?? null;
    const read = readWritten(override, given);
    if ("value" in read) found.push({ ...read.value, about });
    else problems.push(...read.wrong.map((words) => `${at}: ${words}`));
  }
  if (problems.length > 0) throw wrong(from, problems);
  return found;
}

function isAbout(about: string): boolean {
  if (isUrl(about)) return parseUrl(about) !== null;
  return about.startsWith("/") || entryId.safeParse(about).success;
}

function wrong(from: string, details: readonly string[]): CliError {
  return new CliError(`${from} cannot be used`, {
    details,
    hint: "An override looks like `/news/x: { set: { date: 2021-12-23 } }`; docs/migration.md shows each kind.",
  });
}
