/** A site file on disk: a default export (TypeScript or JavaScript) or an object (JSON), and where in it a mistake is. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, extname } from "node:path";
import { fileURLToPath } from "node:url";
import { CliError } from "../error.js";
import { parseShallow } from "../text.js";
import { placeInFile } from "./site-file-text.js";

export interface SiteFile {
  /** What it holds, unchecked. */
  readonly input: unknown;
  readonly text: string;
  /** An error whose details name the line and column of the keys that they are about. */
  readonly pointed: (error: CliError) => CliError;
}

/** @param what it is to be @throws {CliError} exit code 2, when it is missing */
export function textOfFile(path: string, what: "site file" | "fleet file"): string {
  if (!existsSync(path))
    throw new CliError(`no ${what} at ${path}`, {
      hint: "Check the path; it is relative to the working folder.",
    });
  if (!statSync(path).isFile()) throw new CliError(`${path} is not a file`);
  return readFileSync(path, "utf8");
}

/** @throws {CliError} exit code 2, when it is missing or cannot be loaded, with line and column */
export async function readSiteFile(path: string): Promise<SiteFile> {
  const name = basename(path);
  const text = textOfFile(path, "site file");
  try {
    const input = extname(path) === ".json" ? parseShallow(text) : await importDefault(path);
    return { input, text, pointed: (error) => pointed(error, text, name) };
  } catch (error) {
    throw new CliError(`${name} could not be loaded: ${reasonOf(error, path)}`, {
      hint: "A site file is plain data: `export default defineSite({ … })`, or one JSON object.",
      cause: error,
    });
  }
}

/** Why code cannot be loaded, with its place: jiti names it below the message, or in the stack. */
function reasonOf(error: unknown, path: string): string {
  if (!(error instanceof Error)) return String(error);
  const place = (text: string) => {
    const at = text.indexOf(`${path}:`);
    return at === -1 ? null : /^:(\d+):(\d+)/.exec(text.slice(at + path.length));
  };
  const [parsed, ran] = [place(error.message), place(error.stack ?? "")];
  const words =
    error.message
      .split("\n", 1)[0]
      ?.replace(/^ParseError: /, "")
      .trim() ?? "";
  // The parser counts columns from 0; what ran was written anew line by line, so its columns are others.
  if (parsed !== null) return `${words} (line ${parsed[1]}, column ${Number(parsed[2]) + 1})`;
  return ran === null ? words : `${words} (line ${ran[1]})`;
}

function pointed(error: CliError, text: string, name: string): CliError {
  const details = error.details.map((line) => {
    const [path = ""] = line.split(": ", 1);
    const place = placeInFile(text, path.split("."));
    return place === null ? line : `${line} (${name}:${place.line}:${place.column})`;
  });
  const { message, exitCode, hint } = error;
  return new CliError(message, { exitCode, details, ...(hint === null ? {} : { hint }) });
}

async function importDefault(path: string): Promise<unknown> {
  const { createJiti } = await import("jiti");
  // A site file imports `defineSite` from "sitelift", which need not be installed where it is.
  const self = fileURLToPath(new URL("./site.js", import.meta.url));
  const jiti = createJiti(import.meta.url, {
    alias: { sitelift: existsSync(self) ? self : self.replace(/\.js$/, ".ts") },
    moduleCache: false,
    fsCache: false,
  });
  return jiti.import(path, { default: true });
}
