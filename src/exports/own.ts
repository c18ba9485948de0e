/** A module of the user with an export. */
import { existsSync } from "node:fs";
import { parse, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createJiti } from "jiti";
import { CliError } from "../error.js";
import type { Export } from "./export.js";

/**
 * Loads a module whose default export is an `Export`.
 *
 * @returns its name, from the name of the file, and the export
 * @throws {CliError} when there is no such file or it has no export
 */
export async function loadExport(file: string): Promise<readonly [string, Export]> {
  const path = resolve(file);
  if (!existsSync(path))
    throw new CliError(`there is no file ${path}`, { hint: "--to names a target or a module." });
  let loaded: unknown;
  try {
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
