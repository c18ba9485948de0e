/** `crawl --from-archive`: what is asked of which web archives, how long it takes, and what is left for the next run. */
import { NO_ANSWERS } from "../../capture/read/answers.js";
import { CliError, EXIT, type ExitCode } from "../../error.js";
import type { Clock } from "../../http/clock.js";
import type { Hosts } from "../../http/live.js";
import { Unanswered } from "../../mementos/ask.js";
import { candidatesOf } from "../../mementos/choose.js";
import { type Holdings, indexKey } from "../../mementos/holdings.js";
import { DEFAULT_ARCHIVE, webArchiveOf } from "../../mementos/known-archives.js";
import { feedsIn, sitemapsIn } from "../../mementos/known-urls.js";
import { type ArchivesSource, openArchives } from "../../mementos/open.js";
import { MOST_DATA } from "../../mementos/source.js";
import type { ArchiveRun, WebArchive } from "../../schema/web-archive.js";
import type { Site } from "../../site/site.js";
import { count, waitWords } from "../../text.js";
import type { CrawlOptions } from "../command-line/crawl.js";
import type { End } from "../end.js";
import type { Terminal } from "../terminal.js";
import type { Progress } from "./progress.js";

/** What a crawl is to read from web archives; null when it reads the live web. @throws {CliError} exit code 2 */
export function archiveRunOf(site: Site, options: CrawlOptions): ArchiveRun | null {
  const { fromArchive, prefer, mendLinks = false } = options;
  if (fromArchive === undefined || fromArchive === false) {
    if (prefer === undefined && !mendLinks) return null;
    const [option, what] = mendLinks
      ? ["--mend-links", "gives links the captures of web archives"]
      : ["--prefer", "chooses among the captures of web archives"];
    throw new CliError(`${option} ${what}, and there are none`, { hint: "Add --from-archive." });
  }
  const own = site.archive.filter(
    (item) =>
      fromArchive === true ||
      item === fromArchive ||
      (typeof item !== "string" && item.name === fromArchive),
  );
  const named = own.length > 0 ? own : [fromArchive === true ? DEFAULT_ARCHIVE : fromArchive];
  const archives = named.map(webArchiveOf);
  return {
    archives,
    prefer: prefer ?? "last-good",
    ...(mendLinks ? { mendLinks: true as const } : {}),
  };
}

/** What a crawl has asked of web archives, and what earlier ones had stored. */
export function showRequests(terminal: Terminal, sums: ReturnType<ArchivesSource["sums"]>): void {
  const { requests, reused } = sums;
  terminal.event({ event: "archives", requests, reused });
  const kept =
    reused === 0
      ? ""
      : `; ${count(reused, "capture was", "captures were")} stored by earlier crawls, and not asked for again`;
  if (requests + reused > 0) terminal.print(`${count(requests, "request")} to web archives${kept}`);
}

/** `--dry-run`: asks the indexes for the list alone, and says what a crawl would ask and how long that takes. */
export async function planArchives(
  site: Site,
  run: ArchiveRun,
  { clock, hosts }: { readonly clock: Clock; readonly hosts: Hosts },
  terminal: Terminal,
  progress: Progress,
): Promise<End> {
  const onEvent: Progress["fetching"] = (event) => progress.fetching(event);
  await using archives = openArchives({ run, clock, hosts, answers: NO_ANSWERS, onEvent });
  let worst: ExitCode = EXIT.complete;
  for (const holdings of archives.holdings) {
    const { name } = holdings.remote.archive;
    try {
      const plan = await planOf(holdings, site, run);
      terminal.event({ event: "plan", archive: name, ...plan });
      terminal.print(planWords(name, plan, holdings.remote.archive, run.mendLinks === true));
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      terminal.warn(`the archive failed: ${error.message}`);
      worst = EXIT.incomplete;
    }
  }
  terminal.print("nothing was replayed and nothing was written");
  return { exitCode: worst, counts: null };
}

type PlanOfArchive = Awaited<ReturnType<typeof planOf>>;

async function planOf(holdings: Holdings, site: Site, { prefer }: ArchiveRun) {
  const { remote } = holdings;
  const { from, to } = remote.archive;
  await holdings.begin(site.start);
  const begin = indexKey(site.start).split("?")[0] ?? "";
  const urls = [...holdings.urls()].filter((url) => indexKey(url).split("?")[0] === begin);
  const pages = new Map([...urls, site.start].map((url) => [indexKey(url), url]));
  const rows: { time: string }[] = [];
  for (const url of pages.values()) {
    const wanted = { prefer, from, to, what: "page" } as const;
    const found = candidatesOf(await holdings.of(url), wanted).rows;
    const digests = new Set<string>();
    for (const row of found) {
      if (row.digest === null || !digests.has(row.digest)) rows.push(row);
      digests.add(row.digest ?? "");
    }
  }
  const times = rows.map(({ time }) => time).sort();
  let witnesses = 0;
  for (const url of [...feedsIn([holdings], site.start), ...sitemapsIn([holdings], site.start)]) {
    const wanted = { prefer, from, to, what: "media" } as const;
    const { rows } = candidatesOf(await holdings.of(url, false), wanted);
    witnesses += Math.min(MOST_DATA, new Set(rows.map(({ digest, time }) => digest ?? time)).size);
  }
  // Files of one's own are read: nothing is requested.
  const isOwn = remote.archive.kind === "files";
  const seconds = (requests: Parameters<typeof remote.time>[0]) =>
    isOwn ? 0 : Math.ceil(remote.time(requests) / 1000);
  return {
    /** Requests that were made for this plan. */
    asked: isOwn ? 0 : remote.requests,
    listingPages: pages.size,
    /** Captures of them that would be replayed. */
    captures: rows.length,
    from: times[0] ?? null,
    to: times.at(-1) ?? null,
    /** Captures of feeds and sitemaps that would be replayed beside them: those that the index names. */
    witnesses,
    /** That they all take, and at least as many for each hundred articles: a question to the index, and a capture. */
    seconds: seconds({ index: 0, replay: rows.length + witnesses }),
    secondsPer100Articles: seconds({ index: 100, replay: 100 }),
  };
}

function planWords(name: string, plan: PlanOfArchive, { kind }: WebArchive, mendsLinks: boolean) {
  if (plan.captures === 0) return `${name}: no capture of the list`;
  const day = (time: string | null) => (time ?? "").replace(/^(....)(..)(..).*/, "$1-$2-$3");
  const found = `${name}: ${count(plan.listingPages, "listing page")}, ${count(plan.captures, "capture")} of them from ${day(plan.from)} to ${day(plan.to)}`;
  if (kind === "files")
    return `${found}\n  all is read from files of your own: no request is made, and no pace is kept`;
  return [
    found,
    `  ${count(plan.captures, "request")} to read the list${plan.witnesses > 0 ? ` and ${plan.witnesses} for its feeds and sitemaps` : ""}, ${waitWords(plan.seconds * 1000)} at the pace that is kept`,
    `  then 1 to 4 requests an article: ${waitWords(plan.secondsPer100Articles * 1000)} or more for 100 articles, less where one question to the index answers for a whole folder`,
    ...(mendsLinks
      ? [
          "  then one for each link to another site, and up to 2 more for one that is dead: how many, the articles say",
        ]
      : []),
  ].join("\n");
}
