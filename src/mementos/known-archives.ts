/** Web archives that are known by name: where they are and how often they may be asked; and what a user says of one, completed. */
import { CliError } from "../error.js";
import {
  type ArchiveInput,
  type ArchiveKind,
  CRAWL_ID,
  type WebArchive,
} from "../schema/web-archive.js";
import { isUrl, nearest } from "../text.js";

/** What URLs begin with that are answered from files: a name that nobody has (RFC 6761), since records need a URL. */
const FILES = "http://files.invalid/";
/** Nobody else waits for files of one's own. */
const UNLIMITED = { index: 100_000, replay: 100_000 };

/** The path of the files of an archive. @param base its base */
export function filesPath(base: string): string {
  return decodeURIComponent(base.slice(FILES.length).replace(/\/$/, ""));
}

/** What is known of a public web archive. `{collection}` is put in. */
type Known = Pick<WebArchive, "kind" | "base" | "index" | "perMinute">;

/** What an archive is asked that says nothing of its limits. */
const CAREFUL = { index: 30, replay: 60 };

/** Limits: cdx_toolkit's pace for Common Crawl, which blocks after minutes of speed (cc-index-server #16, cc-downloader #29). */
const COMMON_CRAWL = {
  base: "https://data.commoncrawl.org/",
  index: "https://index.commoncrawl.org/",
  perMinute: { index: 60, replay: 100 },
};

/** Limits: EDGI's client for the Internet Archive (edgi-govdata-archiving/wayback), the wiki of Arquivo.pt. */
const KNOWN: Readonly<Record<string, Known>> = {
  "internet-archive": {
    kind: "wayback",
    base: "https://web.archive.org/web/",
    index: "https://web.archive.org/cdx/search/cdx",
    perMinute: { index: 30, replay: 600 },
  },
  "common-crawl": { kind: "commoncrawl", ...COMMON_CRAWL },
  "common-crawl-files": { kind: "commoncrawl-files", ...COMMON_CRAWL },
  arquivo: {
    kind: "pywb",
    base: "https://arquivo.pt/noFrame/replay/",
    index: "https://arquivo.pt/wayback/cdx",
    // Above its limit, it blocks an IP address for good.
    perMinute: { index: 250, replay: 400 },
  },
  "archive-it": {
    kind: "pywb",
    base: "https://wayback.archive-it.org/{collection}/",
    index: "https://wayback.archive-it.org/{collection}/timemap/cdx",
    perMinute: CAREFUL,
  },
  ukwa: {
    kind: "pywb",
    base: "https://www.webarchive.org.uk/wayback/archive/",
    index: "https://www.webarchive.org.uk/wayback/archive/cdx",
    perMinute: CAREFUL,
  },
  ukgwa: {
    kind: "memento",
    base: "https://webarchive.nationalarchives.gov.uk/ukgwa/",
    index: null,
    perMinute: CAREFUL,
  },
  unesco: {
    kind: "memento",
    base: "https://webarchive.unesco.org/web/",
    index: null,
    perMinute: CAREFUL,
  },
};

/** True for a web archive that a site file may name without saying more. */
export function isKnownArchive(name: string): boolean {
  return Object.hasOwn(KNOWN, name);
}

/** The archive that is asked where nobody names one. */
export const DEFAULT_ARCHIVE = "internet-archive";

/**
 * Completes what a site file or the command line says of a web archive.
 *
 * @param input a known name, the base URL of a replay with or without its kind (`wayback:https://…`), a path, or an object
 * @throws {CliError} exit code 2, when it cannot be one
 */
export function webArchiveOf(input: ArchiveInput): WebArchive {
  if (typeof input === "string") {
    if (Object.hasOwn(KNOWN, input)) return webArchiveOf({ name: input });
    if (CRAWL_ID.test(input)) return webArchiveOf({ name: "common-crawl", from: input, to: input });
    if (isUrl(input)) return webArchiveOf({ base: input });
    const [, kind, base] =
      /^(wayback|pywb|memento|commoncrawl):(https?:\/\/.*)$/i.exec(input) ?? [];
    if (base !== undefined) return webArchiveOf({ kind: kind as ArchiveKind, base });
    if (/[/\\.]/.test(input)) return webArchiveOf({ path: input });
    throw unknown(input);
  }
  const { name, path, from, to, collection } = input;
  const window = { from: digits(from), to: digits(to) };
  if (path !== undefined || input.kind === "files") {
    if (path === undefined) throw new CliError("a web archive of the kind files needs a path");
    const base = `${FILES}${encodeURIComponent(path)}/`;
    const common = { kind: "files" as const, base, index: `${base}cdx`, perMinute: UNLIMITED };
    // The archive names it, and must not name the machine.
    const last = path.split(/[/\\]/).findLast((part) => /\w/.test(part)) ?? "files";
    return { name: name ?? last, ...common, ...window };
  }
  const known = name !== undefined && Object.hasOwn(KNOWN, name) ? KNOWN[name] : undefined;
  if (known === undefined && input.base === undefined) throw unknown(name ?? "");
  const put = (url: string) => {
    if (!url.includes("{collection}")) return url;
    if (collection === undefined)
      throw new CliError(`${name} needs a collection`, {
        hint: `Write "archive": [{ "name": "${name}", "collection": 1234 }] in the site file.`,
      });
    return url.replace("{collection}", String(collection));
  };
  const base = withSlash(put(input.base ?? known?.base ?? ""));
  // An index that is not named is where the software of that kind has it.
  const kind = input.kind ?? known?.kind ?? (input.index === undefined ? "memento" : "pywb");
  const index =
    input.index ?? (input.base === undefined ? known?.index : null) ?? indexOf(kind, base);
  return {
    name: [name ?? new URL(base).host, ...(collection === undefined ? [] : [collection])].join("-"),
    kind,
    base,
    index: index === null ? null : put(index),
    ...window,
    ...crawlsOf(input, kind),
    ...(input.timegate === undefined ? {} : { timegate: withSlash(input.timegate) }),
    perMinute: input.perMinute ?? known?.perMinute ?? CAREFUL,
  };
}

/** Which crawls of Common Crawl are asked. There are more than a hundred, and each is asked by itself. */
function crawlsOf(
  { name, from, to }: Exclude<ArchiveInput, string>,
  kind: ArchiveKind,
): Pick<WebArchive, "crawls"> {
  const crawls = { from: crawlId(from), to: crawlId(to) };
  const isNamed = crawls.from !== null || crawls.to !== null;
  if (kind === "commoncrawl" || kind === "commoncrawl-files") {
    if (from === undefined && to === undefined)
      throw new CliError("Common Crawl needs to know which of its crawls to ask", {
        hint: `Each is asked by itself, and there are more than a hundred. Write "archive": [{ "name": "${name ?? "common-crawl"}", "from": "2019", "to": "2021" }] in the site file, or name one: --from-archive CC-MAIN-2021-25.`,
      });
    return isNamed ? { crawls } : {};
  }
  if (isNamed)
    throw new CliError(
      `${from ?? to} is a crawl of common-crawl, and says nothing to ${name ?? "another archive"}`,
      {
        hint: "Write a date, such as 2021-06-30.",
      },
    );
  return {};
}

function crawlId(text: string | undefined): string | null {
  return text !== undefined && CRAWL_ID.test(text) ? text : null;
}

function indexOf(kind: ArchiveKind, base: string): string | null {
  if (kind === "wayback") return new URL("/cdx/search/cdx", base).href;
  if (kind === "commoncrawl" || kind === "commoncrawl-files") return base;
  return kind === "pywb" ? `${base}cdx` : null;
}

function withSlash(base: string): string {
  return base.endsWith("/") ? base : `${base}/`;
}

function digits(day: string | undefined): string | null {
  return day === undefined || CRAWL_ID.test(day) ? null : day.replaceAll("-", "");
}

function unknown(name: string): CliError {
  const near = nearest(name, Object.keys(KNOWN));
  return new CliError(`"${name}" is not a web archive that is known`, {
    hint: `${near === null ? "" : `Did you mean "${near}"? `}Known: ${Object.keys(KNOWN).join(", ")}. A base URL (https://…/web/) or a folder of WARC files is another.`,
  });
}
