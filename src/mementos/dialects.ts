/** How each kind of web archive is asked, what its rows are called, and the URLs of questions. Pure. */
import type { ArchiveKind, WebArchive } from "../schema/web-archive.js";

/** How an index is asked, and what its answer looks like. */
export interface Dialect {
  /**
   * `arrays`: one JSON array of arrays, whose first names the columns. `lines`: a JSON object a line. `cdxj`: a key and a
   * time before each. `links`: a TimeMap in link format (RFC 7089).
   */
  readonly form: "arrays" | "lines" | "cdxj" | "links";
  /** What goes with every question. */
  readonly parameters: Readonly<Record<string, string>>;
  /** What the columns are called. */
  readonly columns: Readonly<
    Record<"url" | "time" | "status" | "mime" | "digest" | "length", string>
  >;
  /** `key`: an answer ends with a key that asks for what follows. `time`: what follows is asked for by its time. */
  readonly resume: "key" | "time";
  /** Most rows of an answer. */
  readonly limit: number;
}

/** Columns of pywb, and of what answers as it does. */
const PYWB = {
  ...{ url: "url", time: "timestamp", status: "status" },
  ...{ mime: "mime", digest: "digest", length: "length" },
};

/** What `common-crawl.ts` asks, in its own way. */
const CRAWLS = {
  parameters: { output: "json" },
  columns: PYWB,
  resume: "key",
  limit: Number.POSITIVE_INFINITY,
} as const;

/**
 * Without `limit`, a capped answer of the Internet Archive has no resume key; with `fl`, its keys are broken (wayback
 * #121). Its `page` parameter asks another, older index (wayback #135), so it is not used.
 */
export const DIALECTS: Readonly<Record<ArchiveKind, Dialect>> = {
  wayback: {
    form: "arrays",
    parameters: { output: "json", gzip: "false", showResumeKey: "true" },
    columns: { ...PYWB, url: "original", status: "statuscode", mime: "mimetype" },
    resume: "key",
    limit: 5_000,
  },
  pywb: {
    form: "lines",
    parameters: { output: "json" },
    columns: PYWB,
    resume: "time",
    limit: 5_000,
  },
  files: {
    form: "lines",
    parameters: {},
    columns: PYWB,
    resume: "time",
    limit: Number.POSITIVE_INFINITY,
  },
  commoncrawl: { form: "lines", ...CRAWLS },
  "commoncrawl-files": { form: "cdxj", ...CRAWLS },
  memento: {
    form: "links",
    parameters: {},
    columns: { url: "url", time: "datetime", status: "", mime: "", digest: "", length: "" },
    resume: "time",
    limit: Number.POSITIVE_INFINITY,
  },
};

/** A question to an index. */
export interface Question {
  readonly url: string;
  /** True for everything whose URL begins with it. */
  readonly prefix: boolean;
  /** What the answer before it says that follows. */
  readonly after?: string | null;
  readonly limit?: number;
  /** Requests at most, where an archive has several indexes. */
  readonly most?: number;
}

/** URL of a question to the index of an archive; of one without an index, its TimeMap. */
export function questionUrl(archive: WebArchive, question: Question): string {
  const { url, prefix, after = null } = question;
  const { from, to, index, kind, base } = archive;
  if (kind === "memento" || index === null) return `${index ?? `${base}timemap/link/`}${url}`;
  const { parameters, resume, limit } = DIALECTS[archive.kind];
  const target = new URL(index);
  const begins = resume === "time" ? (after ?? from) : from;
  const asked: Record<string, string | null> = {
    url,
    ...(prefix ? { matchType: "prefix" } : {}),
    ...parameters,
    from: begins,
    to,
    limit: Number.isFinite(limit) ? String(question.limit ?? limit) : null,
    ...(resume === "key" ? { resumeKey: after } : {}),
  };
  for (const [name, value] of Object.entries(asked))
    if (value !== null) target.searchParams.set(name, value);
  return target.href;
}

/** URL of a question to the time gate of an archive, by which the answer is stored: what is after the `#` goes with the request. */
export function timegateUrl(timegate: string, time: string, url: string): string {
  return `${timegate}${url.replace(/#.*$/s, "")}#datetime=${time}`;
}

/** URL that gives the bytes of a capture as they were, without what a replay adds. @param time 14 digits */
export function replayUrl({ base }: WebArchive, time: string, url: string): string {
  return `${base}${time}id_/${url}`;
}
