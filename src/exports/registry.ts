/** The targets, each loaded when it is used. A new one is a module and a line here. */
import { existsSync } from "node:fs";
import { parse, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { CliError } from "../error.js";
import { didYouMean } from "../text.js";
import type { Export } from "./export.js";

const EXPORTS: Readonly<Record<string, () => Promise<Export>>> = {
  hugo: async () => (await import("./hugo/hugo.js")).hugo,
  astro: async () => (await import("./astro/astro.js")).astro,
  eleventy: async () => (await import("./eleventy/eleventy.js")).eleventy,
  docusaurus: async () => (await import("./docusaurus/docusaurus.js")).docusaurus,
  jekyll: async () => (await import("./jekyll/jekyll.js")).jekyll,
  drupal: async () => (await import("./drupal/drupal.js")).drupal,
  wordpress: async () => (await import("./wordpress/wordpress.js")).wordpress,
  csv: async () => (await import("./csv.js")).csv,
  jsonl: async () => (await import("./jsonl.js")).jsonl,
  sqlite: async () => (await import("./sqlite/sqlite.js")).sqlite,
  bagit: async () => (await import("./bagit.js")).bagit,
};

/**
 * A target by its name, or the path of a module with an export.
 *
 * @returns name and export
 * @throws {CliError} when there is neither
 */
export async function findExport(to: string): Promise<readonly [string, Export]> {
  const known = Object.hasOwn(EXPORTS, to) ? EXPORTS[to] : undefined;
  if (known !== undefined) return [to, await known()];
  if (/\.[cm]?[jt]s$/.test(to)) return loadExport(to);
  const names = Object.keys(EXPORTS);
  const what = existsSync(to) ? `${to} is not a module with an export` : `unknown target ${to}`;
  const others = `Use one of ${names.join(", ")}, or a module of your own such as ./my-export.ts.`;
  throw new CliError(what, { hint: didYouMean(to, names, others) });
}

/**
 * Loads a module whose default export is an `Export`.
 *
 * @returns its name, from the name of the file, and the export
 * @throws {CliError} when there is no such file or it has no export
 */
async function loadExport(file: string): Promise<readonly [string, Export]> {
  const path = resolve(file);
  if (!existsSync(path))
    throw new CliError(`there is no file ${path}`, { hint: "--to names a target or a module." });
  let loaded: unknown;
  try {
    const { createJiti } = await import("jiti");
    const self = fileURLToPath(import.meta.resolve("sitelift"));
    const jiti = createJiti(import.meta.url, {
      // So that the module may import "sitelift" wherever it is.
      alias: { sitelift: self },
      moduleCache: false,
      fsCache: false,
    });
    loaded = await jiti.import(pathToFileURL(path).href, { default: true });
  } catch (error) {
    throw new CliError(`${path} cannot be loaded: ${(error as Error).message}`, { cause: error });
  }
  if (!isExport(loaded))
    throw new CliError(`${path} has no export`, {
      hint: "Its default export must be an object with a function `files`: see docs/exports.md.",
    });
  return [parse(path).name, loaded];
}

function isExport(value: unknown): value is Export {
  return (
    typeof value === "object" &&
    value !== null &&
    "files" in value &&
    typeof value.files === "function"
  );
}
