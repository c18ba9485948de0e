/** Permalink patterns, such as `/:language/:year/:slug/`, and the paths that they give. Pure. */
import { CliError } from "../error.js";
import { didYouMean, percentDecode, percentEncode } from "../text.js";
import { slugify } from "../url/slug.js";

export interface PatternFields {
  readonly id: string;
  readonly slug: string;
  readonly language: string;
  readonly date: string | null;
  readonly type: string | null;
  readonly sourceUrl: string;
}

/** Default of `--permalink` and, without the slashes around it, of `--path`. */
export const DEFAULT_PERMALINK = "/:language/:year/:slug/";
export const DEFAULT_PATH = ":language/:year/:slug";

const UNDATED = "undated";

const TOKENS: Readonly<Record<string, (entry: PatternFields) => string>> = {
  language: ({ language }) => language,
  year: ({ date }) => date?.slice(0, 4) ?? UNDATED,
  month: ({ date }) => date?.slice(5, 7) ?? "",
  day: ({ date }) => date?.slice(8, 10) ?? "",
  type: ({ type }) => slugify(type ?? "") || "other",
  slug: ({ slug }) => slug,
  id: ({ id }) => id,
  old: ({ sourceUrl, slug }) => oldPath(sourceUrl) || slug,
};

/** A pattern needs one of these tokens: the others give several entries the same path. */
const DISTINCT = ["slug", "id", "old"];

/** The path of an entry, without slashes around it and without empty segments. */
export type Pattern = (entry: PatternFields) => string;

/**
 * @param option the option that gave it, for the error
 * @throws {CliError} for an unknown token, a pattern that gives several entries the same path, and what is not a path
 */
export function readPattern(pattern: string, option: string): Pattern {
  const names = [...pattern.matchAll(/:([a-z]+)/g)].map(([, name = ""]) => name);
  for (const name of names)
    if (!Object.hasOwn(TOKENS, name)) {
      const known = Object.keys(TOKENS).map((token) => `:${token}`);
      throw new CliError(`${option} "${pattern}": unknown token :${name}`, {
        hint: didYouMean(`:${name}`, known, `Known are ${known.join(", ")}.`),
      });
    }
  if (!names.some((name) => DISTINCT.includes(name)))
    throw new CliError(`${option} "${pattern}" gives several articles the same URL`, {
      hint: "Add :slug, :id or :old.",
    });
  if (/[?#\\\p{Cc}]|(^|\/)\.{1,2}(\/|$)/u.test(pattern))
    throw new CliError(`${option} "${pattern}" is not a path`, {
      hint: `Expected something like ${DEFAULT_PERMALINK}`,
    });
  return (entry) =>
    pattern
      .replace(/:([a-z]+)/g, (_, name: string) => TOKENS[name]?.(entry) ?? "")
      .split("/")
      .filter((part) => part !== "")
      .join("/");
}

/** Path of an old URL without its extension and query; empty for a fragment of a page. */
function oldPath(url: string): string {
  const { pathname, hash } = new URL(url);
  if (hash !== "") return "";
  return pathname
    .replace(/\.(x?html?|php|aspx?|jsp)$/i, "")
    .split("/")
    .map(segment)
    .filter((one) => one !== "")
    .join("/");
}

/** Decoded. What a path or a file name cannot hold makes a slug of it. */
function segment(encoded: string): string {
  const text = percentDecode(encoded);
  return /[/\\{}?#%<>:"|*\p{Cc}\p{Bidi_Control}]|^\.{1,2}$/u.test(text) ? slugify(text) : text;
}

/**
 * A path for each entry. Entries with the same path (case ignored) all get their id as a suffix, so that
 * their order does not matter.
 *
 * @param reserved paths that no entry may have
 * @returns paths by id, and the ids that got a suffix
 */
export function distinctPaths(
  entries: readonly PatternFields[],
  pattern: Pattern,
  reserved: readonly string[] = [],
): { readonly paths: ReadonlyMap<string, string>; readonly suffixed: ReadonlySet<string> } {
  const uses = new Map(reserved.map((path) => [fold(path), 1]));
  for (const path of entries.map(pattern)) uses.set(fold(path), (uses.get(fold(path)) ?? 0) + 1);
  const paths = new Map<string, string>();
  const suffixed = new Set<string>();
  for (const entry of entries) {
    const path = pattern(entry);
    const isTaken = (uses.get(fold(path)) ?? 0) > 1;
    if (isTaken) suffixed.add(entry.id);
    paths.set(entry.id, isTaken ? `${path}-${entry.id}` : path);
  }
  return { paths, suffixed };
}

function fold(path: string): string {
  return path.normalize("NFC").toLowerCase();
}

/** A path with every segment percent-encoded, so that it is safe anywhere in Markdown and HTML. */
export function encodePath(path: string): string {
  return path.split("/").map(percentEncode).join("/");
}
