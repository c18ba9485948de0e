/** What a crawl and a build do alike: walk a site, fetch its media, commit the archive. */
import { join } from "node:path";
import { readHistory, rowsBefore } from "../../archive/history.js";
import { FILES } from "../../archive/layout.js";
import type { Staged } from "../../archive/nouns.js";
import type { Capture } from "../../capture/write/writer.js";
import { fewerFindings } from "../../crawl/fewer.js";
import { sortFindings, withArticles } from "../../crawl/findings.js";
import { selectorFindings } from "../../crawl/health.js";
import { leftFindings, leftNotes } from "../../crawl/left-words.js";
import { walkLists } from "../../crawl/lists.js";
import { fetchMedia } from "../../crawl/media.js";
import { Overrides } from "../../crawl/overrides.js";
import type { Requisites } from "../../crawl/requisites.js";
import type { Walk } from "../../crawl/walk.js";
import { withWitnesses } from "../../crawl/witness.js";
import { type Disk, explained, unless } from "../../disk/disk.js";
import { readJson } from "../../disk/read.js";
import type { Clock } from "../../http/clock.js";
import type { Sink, Source } from "../../model.js";
import { type Health, health } from "../../schema/health.js";
import type { DeadLink, OutsideLink } from "../../schema/holdings.js";
import type { RequisiteReport, RunReport } from "../../schema/run-report.js";
import { rowsNote } from "./adjust.js";
import { allOutside } from "./judge.js";
import type { OpenRun } from "./open-run.js";

export interface Reading extends OpenRun {
  readonly source: Source;
  readonly also?: readonly Sink[];
  readonly ignoredRobots: boolean;
  readonly requisites: Pick<Requisites, "page" | "sharing" | "fetch">;
  /** Which links to other sites are dead; left out where they are not asked. */
  readonly deadLinks?:
    | ((links: readonly OutsideLink[]) => Promise<readonly DeadLink[]>)
    | undefined;
}

export interface Closing {
  /** Of a run that may be stopped. */
  readonly signal?: AbortSignal;
  /** Null in a dry run; left out in a build. */
  readonly capture?: Pick<Capture, "path" | "size"> | null;
  readonly clock?: Clock | undefined;
  /** Called with what was staged and what pages need, where the run may be repeated. */
  readonly keep?:
    | ((staged: Staged, requisites: RequisiteReport | null) => Promise<void>)
    | undefined;
}

export interface Read {
  readonly walk: Walk;
  /** Overrides that named nothing that was read. */
  readonly unusedOverrides: readonly string[];
}

/** Walks the lists of a site into its archive. */
export async function readSite(reading: Reading): Promise<Read> {
  const { site, options, source, archive, also = [], progress } = reading;
  const known = archive.known(namesOf(site));
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
  { signal, capture = null, clock, keep }: Closing = {},
): Promise<RunReport> {
  const { site, folder, disk, options, archive, ignoredRobots } = reading;
  if (options.media !== false && !options.dryRun) await collectMedia(reading);
  // A list of which nothing is read is for the site file to mend: pages are stored to be looked at after that.
  const isNothing = walk.listed === 0 && walk.drift.length > 0;
  const requisites = isNothing ? null : await collectRequisites(reading, { capture, clock });
  const dead = await reading.deadLinks?.(await archive.outsideLinks());
  const before = await healthBefore(folder, disk);
  const interrupted = signal?.aborted ?? false;
  // What a part of the list lacks says nothing of the rest: the next whole run is compared with a whole one.
  const isPart =
    walk.cutOff || interrupted || options.since !== undefined || options.articles === false;
  const rows = isPart ? null : walk.listed;
  const rowsThen = rowsBefore(await explained(readHistory(folder, disk), folder));
  // Rows of a list that is not in the site file any more are not missing.
  const missed = archive.dropped(namesOf(site));
  const yields = { rows: rowsThen && Math.max(0, rowsThen - missed), health: before };
  const { accepted, open } = sortFindings(
    fewerFindings(yields, { rows, health: walk.health }, site),
    site,
  );
  const run = {
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
  };
  return archive.commit(run, async (staged) => keep?.(staged, requisites));
}

/** Names of the lists of a site; none where it has one. */
export function namesOf({ lists }: OpenRun["site"]): readonly string[] {
  return lists.flatMap(({ list }) => list ?? []);
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
  { capture = null, clock }: Pick<Closing, "capture" | "clock">,
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
  const reading = readJson(join(folder, FILES.health), health, disk).catch(unless("ENOENT"));
  return (await explained(reading, folder))?.value ?? null;
}
