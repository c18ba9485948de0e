/** Patterns of addresses and file names, such as `/:language/:year/:slug/`. Pure. */
import { CliError } from "../error.js";
import { nearest } from "../schema/explain.js";
import { slugify } from "../url.js";

/** What a pattern can name of an entry. */
export interface Named {
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

const TOKENS: Readonly<Record<string, (entry: Named) => string>> = {
  language: ({ language }) => language,
  year: ({ date }) => date?.slice(0, 4) ?? UNDATED,
  month: ({ date }) => date?.slice(5, 7) ?? "",
  day: ({ date }) => date?.slice(8, 10) ?? "",
  type: ({ type }) => slugify(type ?? "") || "other",
  slug: ({ slug }) => slug,
  id: ({ id }) => id,
  old: ({ sourceUrl, slug }) => oldPath(sourceUrl) || slug,
};

/** Tokens of which one must stand in a pattern: all others give many entries one address. */
const TELLING = ["slug", "id", "old"];

/** From an entry to its path, without slashes around it. Parts that are empty are left out. */
export type Pattern = (entry: Named) => string;

/**
 * Reads a pattern.
 *
 * @param option the option that gave it, for the error
 * @throws {CliError} for an unknown token, or when no token tells entries apart
 */
export function readPattern(pattern: string, option: string): Pattern {
  const names = [...pattern.matchAll(/:([a-z]+)/g)].map(([, name = ""]) => name);
  for (const name of names)
    if (!Object.hasOwn(TOKENS, name)) {
      const known = Object.keys(TOKENS);
      const near = nearest(name, known);
      throw new CliError(`${option} "${pattern}": there is no :${name}`, {
        hint: near === null ? `Known are :${known.join(", :")}.` : `Did you mean :${near}?`,
      });
    }
  if (!names.some((name) => TELLING.includes(name)))
    throw new CliError(`${option} "${pattern}" gives many articles one address`, {
      hint: "Add :slug, :id or :old.",
    });
  if (/[?#\\\p{Cc}]|(^|\/)\.{1,2}(\/|$)/u.test(pattern))
    throw new CliError(`${option} "${pattern}" is no path`, {
      hint: `Expected something like ${DEFAULT_PERMALINK}`,
    });
  return (entry) =>
    pattern
      .replace(/:([a-z]+)/g, (_, name: string) => TOKENS[name]?.(entry) ?? "")
      .split("/")
      .filter((part) => part !== "")
      .join("/");
}

/** Path of an old address without its extension, decoded where that leaves a path; its query is dropped. */
function oldPath(url: string): string {
  const { pathname, hash } = new URL(url);
  if (hash !== "") return "";
  return pathname
    .replace(/\.(x?html?|php|aspx?|jsp)$/i, "")
    .split("/")
    .map(part)
    .filter((one) => one !== "")
    .join("/");
}

function part(encoded: string): string {
  let decoded = encoded;
  try {
    decoded = decodeURIComponent(encoded);
  } catch {
    // Bytes that are not UTF-8 stay encoded.
  }
  return /[/\\{}?#%<>:"|*\p{Cc}\p{Bidi_Control}]|^\.{1,2}$/u.test(decoded)
    ? slugify(decoded)
    : decoded;
}

/**
 * A path for each entry. Entries that wish for one path (case set aside) all get the beginning of their
 * ids as a suffix, so that their order does not matter.
 *
 * @param taken paths that no entry may have
 * @returns paths by id, and the ids that got a suffix
 */
export function distinctPaths(
  entries: readonly Named[],
  pattern: Pattern,
  taken: readonly string[] = [],
): { readonly paths: ReadonlyMap<string, string>; readonly suffixed: readonly string[] } {
  const groups = new Map<string, Named[]>();
  for (const entry of entries) {
    const key = fold(pattern(entry));
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  const reserved = new Set(taken.map(fold));
  const paths = new Map<string, string>();
  const suffixed: string[] = [];
  for (const [key, group] of groups)
    for (const entry of group) {
      const clashes = group.length > 1 || reserved.has(key);
      if (clashes) suffixed.push(entry.id);
      paths.set(entry.id, clashes ? `${pattern(entry)}-${entry.id}` : pattern(entry));
    }
  return { paths, suffixed };
}

function fold(path: string): string {
  return path.normalize("NFC").toLowerCase();
}

/** A path as a link has it: every segment percent-encoded, so that it can stand anywhere in Markdown and HTML. */
export function encodePath(path: string): string {
  return path
    .split("/")
    .map((segment) =>
      encodeURIComponent(segment).replace(
        /[!'()*]/g,
        (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
      ),
    )
    .join("/");
}
