/** `sitelift archive list`: whether web archives have anything of a site, for one request to each. */
import { NO_ANSWERS } from "../capture/read/answers.js";
import { EXIT, type ExitCode } from "../error.js";
import { type Clock, systemClock } from "../http/clock.js";
import { Unanswered } from "../mementos/ask.js";
import { DIALECTS } from "../mementos/dialects.js";
import { isKnownArchive, webArchiveOf } from "../mementos/known-archives.js";
import { type Survey, surveyOf } from "../mementos/known-urls.js";
import { openArchives } from "../mementos/open.js";
import type { WebArchive } from "../schema/web-archive.js";
import { findWholeSite } from "../site/load.js";
import type { Site } from "../site/site.js";
import { count, isUrl } from "../text.js";
import type { ArchiveListOptions } from "./command-line/crawl.js";
import type { End } from "./end.js";
import { Terminal } from "./terminal.js";

/** Who is asked where nobody names one. At most three requests are made. */
const ASKED = ["internet-archive", "arquivo"];
const MOST = 3;

export async function archiveList(
  target: string,
  options: ArchiveListOptions,
  terminal: Terminal = new Terminal(options),
  clock: Clock = systemClock,
): Promise<End> {
  const { start, archive, listing } = await listOf(target);
  const named = options.in !== undefined ? [options.in] : archive.length > 0 ? archive : ASKED;
  const archives = affordable(named.map(webArchiveOf));
  const run = { archives, prefer: "last-good" };
  await using opened = openArchives({ run, clock, answers: NO_ANSWERS, attempts: 1 });
  let code: ExitCode = EXIT.findings;
  for (const { remote } of opened.holdings) {
    const { name } = remote.archive;
    try {
      const most = Math.max(1, MOST - archives.length);
      const url = start.replace(/[?#].*$/s, "");
      const answer = await remote.list({ url, prefix: true, most });
      const { limit } = DIALECTS[remote.archive.kind];
      const survey = surveyOf(answer, limit, start, listing.pageParameter ?? "page");
      terminal.event({ event: "archive", archive: name, ...survey });
      for (const line of words(name, survey)) terminal.print(line);
      if (survey.captures > 0 && code === EXIT.findings) code = EXIT.complete;
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      terminal.event({ event: "archive", archive: name, error: error.message });
      terminal.warn(
        error.excluded
          ? `excluded by the archive: ${error.message}`
          : `no answer: ${error.message}`,
      );
      if (!error.excluded) code = EXIT.incomplete;
    }
  }
  if (code === EXIT.findings) terminal.print("nothing is archived of it there");
  return { exitCode: code, counts: null };
}

/** As many as may be asked. Common Crawl is asked for its crawls first; by its files, it takes too many requests. */
function affordable(archives: readonly WebArchive[]): WebArchive[] {
  let left = MOST;
  return archives.flatMap((archive) => {
    const isCrawls = archive.kind.startsWith("commoncrawl");
    left -= isCrawls ? 2 : 1;
    return left < 0 ? [] : [isCrawls ? { ...archive, kind: "commoncrawl" as const } : archive];
  });
}

async function listOf(target: string): Promise<Pick<Site, "start" | "archive" | "listing">> {
  if (!isUrl(target)) return findWholeSite(target, {});
  return { ...(await findWholeSite(target, { preset: "drupal7" })), archive: [] };
}

function words(name: string, survey: Survey): string[] {
  const isKnown = isKnownArchive(name);
  const { captures, urls, isWhole, years, listingPages, window } = survey;
  if (captures === 0) return [`${name}: no capture`];
  const rest = isWhole ? "" : ", and more than one answer holds";
  const span = `"from": "${window?.from}", "to": "${window?.to}"`;
  const year = ([year, of]: [string, Survey["years"][string]]) =>
    `  ${year}  ${count(of.captures, "capture")} of ${count(of.urls, "URL")}`;
  const found =
    window === null
      ? ["  no listing page among them"]
      : [
          `  ${count(listingPages, "listing page")}; most within three months: ${window.pages}, ${window.from} to ${window.to}`,
          `  in the site file: ${isKnown ? `"archive": [{ "name": "${name}", ${span} }]` : `in its item of archive, ${span}`}`,
        ];
  return [
    `${name}: ${count(captures, "capture")} of ${count(urls, "URL")}${rest}`,
    ...Object.entries(years).map(year),
    ...found,
  ];
}
