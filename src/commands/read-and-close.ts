/** What a crawl and a build do alike: walk a site, fetch its media, commit the archive. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readHistory, rowsBefore } from "../archive/history.js";
import { FILES, OVERRIDES } from "../archive/layout.js";
import type { Archive } from "../archive/write/archive.js";
import type { Capture } from "../capture/write/writer.js";
import { fewerFindings } from "../crawl/fewer.js";
import { sortFindings, withArticles } from "../crawl/findings.js";
import { selectorFindings } from "../crawl/health.js";
import { leftFindings, leftNotes } from "../crawl/left-behind.js";
import { walkLists } from "../crawl/lists.js";
import { fetchMedia } from "../crawl/media.js";
import { type Override, Overrides } from "../crawl/overrides.js";
import { parseOverrides } from "../crawl/overrides-file.js";
import type { Requisites } from "../crawl/requisites.js";
import type { Walk } from "../crawl/walk.js";
import { withWitnesses } from "../crawl/witness.js";
import { type Disk, errorCode, explainDisk, unless } from "../disk/disk.js";
import { readJson, readText } from "../disk/read.js";
import { CliError, EXIT, type ExitCode } from "../error.js";
import type { Clock } from "../http/clock.js";
import type { Sink, Source } from "../model.js";
import { type Health, health } from "../schema/health.js";
import type { DeadLink, OutsideLink } from "../schema/holdings.js";
import {
  notInList,
  type RequisiteReport,
  type RunOutcome,
  type RunReport,
} from "../schema/run-report.js";
import { fieldsInOrder, type Site } from "../site/site.js";
import type { RunOptions } from "./command-line.js";
import { missedBy } from "./incomplete.js";
import type { Progress } from "./progress.js";

export interface Reading {
  readonly site: Site;
  readonly folder: string;
  readonly disk: Disk;
  readonly options: RunOptions;
  readonly source: Source;
  readonly archive: Archive;
  readonly also?: readonly Sink[];
  readonly decisions: readonly Override[];
  readonly ignoredRobots: boolean;
  readonly progress: Progress;
  readonly requisites: Requisites;
  /** Which links to other sites are dead; left out where they are not asked. */
  readonly deadLinks?:
    | ((links: readonly OutsideLink[]) => Promise<readonly DeadLink[]>)
    | undefined;
}

interface Closing {
  readonly isInterrupted: () => boolean;
  /** Null without one, as in a build. */
  readonly capture: Pick<Capture, "path" | "size"> | null;
  readonly clock?: Clock | undefined;
}

export interface Read {
  readonly walk: Walk;
  /** Overrides that named nothing that was read. */
  readonly unusedOverrides: readonly string[];
}

/** Walks the lists of a site into its archive. */
export async function readSite(reading: Reading): Promise<Read> {
  const { site, options, source, archive, also = [], progress } = reading;
  const known = archive.known();
  const overrides = new Overrides(reading.decisions, site, known);
  const lists = await walkLists({
    overrides,
    languages: options.languages ?? null,
    site,
    source,
    sinks: [archive, ...also],
    limit: options.limit ?? null,
    since: options.since ?? null,
    known,
    readings: archive.readings,
    onEvent: (event) => progress.read(event),
    onPage: (page) => reading.requisites.page(page),
  });
  const walked = withArticles(lists, site);
  const walk =
    options.witness === false || options.limit !== undefined
      ? walked
      : await withWitnesses(walked, site, source);
  const { damage } = archive.readings;
  if (damage !== null) progress.warn(damage);
  return { walk, unusedOverrides: overrides.unused() };
}

/** Fetches images, attachments and what pages need to be looked at, and lets the archive change. */
export async function closeRun(
  reading: Reading,
  { walk, unusedOverrides }: Read,
  { isInterrupted, capture, clock }: Closing,
): Promise<RunReport> {
  const { site, folder, disk, options, archive, ignoredRobots } = reading;
  if (options.media !== false && !options.dryRun) await collectMedia(reading);
  const requisites = await collectRequisites(reading, { capture, clock });
  const dead = await reading.deadLinks?.(await archive.outsideLinks());
  const before = await healthBefore(folder, disk);
  const interrupted = isInterrupted();
  // What a part of the list lacks says nothing of the rest: the next whole run is compared with a whole one.
  const isPart =
    walk.cutOff || interrupted || options.since !== undefined || options.articles === false;
  const rows = isPart ? null : walk.listed;
  const yields = { rows: rowsBefore(await readHistory(folder, disk)), health: before };
  const { accepted, open } = sortFindings(
    fewerFindings(yields, { rows, health: walk.health }, site),
    site,
  );
  return archive.commit({
    ...walk,
    rows,
    fewer: open.map(({ message }) => message),
    open: [...walk.open, ...open],
    accepted: [...walk.accepted, ...accepted],
    interrupted,
    ...(dead === undefined ? {} : { dead }),
    capture: capture?.path ?? null,
    requisites,
    ignoredRobots,
    unusedOverrides,
    outside: allOutside(walk),
    notes: [
      ...(options.articles === false ? [rowsNote(site)] : []),
      ...walk.notes,
      ...leftNotes(walk.remains, site),
      ...(requisites?.notes ?? []),
    ],
    selectors: selectorFindings(before, walk, site),
    leftBehind: leftFindings(walk),
    // What is fewer without being accepted goes on being compared with what it was.
    baseline: isPart || open.length > 0 ? (before ?? walk.health) : walk.health,
  });
}

/** Fetches what the entries of a run show or offer and the archive lacks. */
async function collectMedia(reading: Reading): Promise<void> {
  const { site, options, archive, progress, requisites } = reading;
  await fetchMedia({
    requests: await archive.mediaRequests(options.refetchMedia),
    source: requisites.sharing(reading.source),
    concurrency: site.politeness.concurrency,
    again: options.refetchMedia,
    take: (request, url, page) => archive.media(request, url, page),
    fail: (request, reason) => archive.mediaFailed(request, reason),
    onEvent: (event) => progress.media(event),
  });
}

/** Fetches what the pages of a run need to be looked at, for the capture alone. */
async function collectRequisites(
  { site, source, progress, requisites }: Reading,
  { capture, clock }: Pick<Closing, "capture" | "clock">,
): Promise<RequisiteReport | null> {
  const [begun, before] = [clock?.now() ?? 0, capture?.size];
  const { concurrency } = site.politeness;
  const report = await requisites.fetch(source, concurrency, (event) => progress.requisite(event));
  if (report === null) return null;
  if (capture === null || before === undefined || clock === undefined)
    return { ...report, cost: null };
  const { exchanges, bytes } = capture.size;
  const seconds = Math.round((clock.now() - begun) / 100) / 10;
  const cost = { requests: exchanges - before.exchanges, bytes: bytes - before.bytes, seconds };
  return { ...report, cost };
}

/**
 * What the selectors did in the run that wrote an archive; null when it is not known, or damaged.
 *
 * @throws {CliError} when the disk fails
 */
export async function healthBefore(folder: string, disk: Disk): Promise<Health | null> {
  const found = await readJson(join(folder, FILES.health), health, disk)
    .catch(unless("ENOENT"))
    .catch((error: unknown) => {
      throw explainDisk(error, folder);
    });
  return found?.value ?? null;
}

/** How much may go wrong before a run has findings. */
type Threshold = { readonly count: number } | { readonly percent: number };

/** What the command line says goes before what the site file says. */
export function adjust(site: Site, options: RunOptions): Site {
  const load = options.dryRun ? "none" : (options.requisites ?? site.requisites.load);
  const origins = originsOf(site, options.languages ?? []);
  const adjusted = <T extends Omit<Site, "lists">>(one: T): T => {
    const walked = { ...one, origins, requisites: { ...one.requisites, load } };
    return options.articles === false && one.article.follow ? rowsOnly(walked) : walked;
  };
  return { ...adjusted(site), lists: site.lists.map(adjusted) };
}

/** The site without its article pages: what they may give cannot be demanded. */
function rowsOnly<T extends Omit<Site, "lists">>(site: T): T {
  const fields = Object.entries(site.fields).map(([name, rules]) => {
    const required = rules.required && (name === "title" || rules.article.length === 0);
    return [name, { ...rules, article: [], required }];
  });
  const isKept = (name: string) => site.fields[name]?.article.length === 0;
  return {
    ...site,
    article: { ...site.article, follow: false },
    fields: Object.fromEntries(fields) as Site["fields"],
    health: Object.fromEntries(Object.entries(site.health).filter(([name]) => isKept(name))),
  };
}

/** What entries lack that were written from rows alone, as a note. */
function rowsNote(site: Site): string {
  const unread = fieldsInOrder(site).flatMap(([name, { listing }]) =>
    listing.length === 0 ? name : [],
  );
  const lacks = unread.length === 0 ? "" : `, without ${unread.join(", ")}`;
  return `--no-articles: the entries are written from the rows of the list alone${lacks}; crawl without it for the articles`;
}

/** Origins of the site and of the languages that are walked. @throws {CliError} when that of the start is left out */
function originsOf(site: Site, languages: readonly string[] | "all"): readonly string[] {
  if (languages.length === 0) return site.origins;
  if (languages !== "all" && site.language !== "und" && !languages.includes(site.language))
    throw new CliError(`--languages leaves out ${site.language}, the language of the start page`, {
      hint: `Add ${site.language}, or choose another start with --language.`,
    });
  const chosen = Object.entries(site.languages).filter(
    ([language]) => languages === "all" || languages.includes(language),
  );
  return [...new Set([...site.origins, ...chosen.flatMap(([, { origins }]) => origins)])];
}

/** The exit code that a run deserves; the gravest finding decides. */
export function judgeRun(report: RunReport, options: RunOptions): ExitCode {
  const { drift, gaps } = report;
  if (drift.length > 0) return EXIT.drift;
  if (gaps.length > 0 || missedBy(report).length > 0) return EXIT.incomplete;
  const isFound =
    report.selectors.thresholds.length > 0 ||
    report.leftBehind.length > 0 ||
    report.fewer.length > 0 ||
    notInList(report).length > 0 ||
    report.outside !== null ||
    report.balance.length > 0 ||
    overLimits(report, options).length > 0;
  return isFound ? EXIT.findings : EXIT.complete;
}

/** Options whose limit what went wrong is over. */
export function overLimits(report: RunReport, options: RunOptions): string[] {
  const { rejected, listed } = report.counts;
  const open = rejected - countOf(report, "article-rejected");
  return [
    ...(isOver(open, listed, options.maxRejected) ? ["--max-rejected"] : []),
    ...(lacksMedia(report, options) ? ["--max-failed-media"] : []),
  ];
}

function countOf({ accepted }: RunReport, name: string): number {
  return accepted.filter(({ finding }) => finding === name).length;
}

function lacksMedia({ archive }: RunReport, { media, maxFailedMedia }: RunOptions): boolean {
  if (archive === null || media === false) return false;
  const { files, failed } = archive.media;
  return isOver(failed.length, files + failed.length, maxFailedMedia);
}

/** @param of what a percentage is taken of; without a threshold nothing may go wrong */
function isOver(found: number, of: number, threshold: Threshold = { count: 0 }): boolean {
  return found > ("count" in threshold ? threshold.count : (threshold.percent / 100) * of);
}

/** A sentence where robots.txt disallows the article of every row; null otherwise. */
export function allForbidden({ outcomes }: Walk): string | null {
  const reasons = new Set(
    outcomes.map(({ state, reason }) => (state === "excluded" ? (reason ?? "") : "")),
  );
  if (outcomes.length === 0 || ![...reasons].every((reason) => reason.startsWith("robots.txt: ")))
    return null;
  return `robots.txt disallows every article of the list (${[...reasons].sort().slice(0, 3).join("; ")})`;
}

/** A sentence where every row links outside the site's origins, so that nothing could be read; null otherwise. */
function allOutside({ outcomes }: Walk): string | null {
  const isOutside = ({ state, reason }: RunOutcome) =>
    state === "excluded" && reason?.startsWith("scope: ") === true;
  if (outcomes.length === 0 || !outcomes.every(isOutside)) return null;
  const origins = [...new Set(outcomes.map(({ url }) => new URL(url).origin))].sort();
  const some = `${origins.slice(0, 3).join(", ")}${origins.length > 3 ? " and others" : ""}`;
  const rows = outcomes.length === 1 ? "the only row links" : `all ${outcomes.length} rows link`;
  return `${rows} outside the site's origins, to ${some}: nothing was read; add what a crawl may visit to \`origins\` of the site file`;
}

/**
 * @param folder the archive, which need not be there
 * @throws {CliError} exit code 2, when one of the files cannot be read or is not valid, or the named one is missing
 */
export async function readDecisions(folder: string, named: string | undefined, disk: Disk) {
  const own = join(folder, OVERRIDES);
  const texts: [text: string, from: string][] = [];
  if (named !== undefined) texts.push([await readNamed(named), named]);
  // A file in the place of the folder is an error of the archive, which is opened later.
  const isMissing = (error: unknown) => /^(ENOENT|ENOTDIR)$/.test(errorCode(error) ?? "");
  const text = await readText(own, disk).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw explainDisk(error, own, "read");
  });
  if (text !== null) texts.unshift([text, own]);
  return texts.flatMap(([text, from]) => parseOverrides(text, from));
}

async function readNamed(path: string): Promise<string> {
  return readFile(path, "utf8").catch((error: unknown) => {
    if (errorCode(error) !== "ENOENT") throw explainDisk(error, path, "read");
    throw new CliError(`there is no file ${path}`, { hint: "Check the path of --overrides." });
  });
}
