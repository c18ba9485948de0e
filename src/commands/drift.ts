/** `sitelift drift`: refetches recorded pages, and reports template changes separately from content changes. */
import { type CheckedCase, checkCases } from "../cases/check.js";
import { DRIFT_CLASSES, type Drift, type DriftClass, driftOf } from "../cases/drift.js";
import { casesFolder } from "../cases/folder.js";
import { CliError, EXIT } from "../error.js";
import { FetchError } from "../http/fetch-error.js";
import { type Fetcher, openFetcher } from "../http/live.js";
import type { Page } from "../model.js";
import { type Site, startingAt } from "../site/site.js";
import { column, count } from "../text.js";
import { urlKey } from "../url/url.js";
import type { DriftOptions } from "./command-line/cases.js";
import type { End } from "./end.js";
import { openHosts } from "./office.js";
import { Terminal } from "./terminal.js";

const WORDS: Readonly<Record<DriftClass, string>> = {
  same: "same",
  content: "content changed",
  template: "template changed",
  gone: "gone",
  unreachable: "unreachable",
};

/** @param site the site that `--site` names; undefined when each case is read by its own */
export async function drift(
  folder: string | undefined,
  site: Site | undefined,
  options: DriftOptions,
): Promise<End> {
  const terminal = new Terminal(options);
  const root = casesFolder(folder, site);
  const { cases } = await checkCases(root, { site });
  const whole = cases.filter(({ saved, site }) => saved !== null && site !== null);
  const kept = whole.filter(({ about }) => about?.kept !== undefined);
  const due = whole.filter((one) => !kept.includes(one));
  const counts = await countDrift(due, (one, found) => printDrift(terminal, one, found));
  for (const one of kept) printKept(terminal, one);
  const old = printOld(terminal, due, options.maxAge);
  const unread = cases.length - whole.length;
  const exitCode =
    counts.template > 0
      ? EXIT.drift
      : unread > 0 || (old > 0 && options.maxAgeFails)
        ? EXIT.findings
        : EXIT.complete;
  const sums = DRIFT_CLASSES.map((name) => `${counts[name]} ${WORDS[name]}`);
  const skipped = kept.length === 0 ? "" : `, ${kept.length} skipped`;
  terminal.print(`${count(cases.length, "case")}: ${sums.join(", ")}${skipped}`);
  if (unread > 0)
    terminal.print(`${count(unread, "case")} could not be read; \`sitelift test\` shows why`);
  if (counts.unreachable > 0)
    terminal.print(
      "an unreachable page says nothing about its template, and does not fail the run",
    );
  return { exitCode, counts: { ...counts, kept: kept.length, old, unread } };
}

/** Refetches cases, each origin of a site by one fetcher. @returns how many are of each class */
async function countDrift(
  cases: readonly CheckedCase[],
  onFound: (one: CheckedCase, found: Drift) => void,
): Promise<Readonly<Record<DriftClass, number>>> {
  const counts = { same: 0, content: 0, template: 0, gone: 0, unreachable: 0 };
  const urls = cases.flatMap(({ about }) => (about === null ? [] : [about.url]));
  await using office = await openHosts(urls);
  const { hosts } = office;
  const fetchers = new Map<string, Fetcher>();
  try {
    for (const one of cases) {
      const found = await driftOfCase(one, (url, site) => {
        const key = `${site.start} ${new URL(url).origin}`;
        // What a case names is not what the user typed: only the site file opens a private network.
        const typed = [site.start, ...site.origins];
        const fetcher = fetchers.get(key) ?? openFetcher(startingAt(site, url), { hosts, typed });
        fetchers.set(key, fetcher);
        return fetcher;
      });
      counts[found.class]++;
      onFound(one, found);
    }
  } finally {
    for (const fetcher of fetchers.values()) await fetcher.close();
  }
  return counts;
}

/** Refetches the pages of a case: for a walk every one, and the gravest finding counts. */
async function driftOfCase(
  { saved, site }: CheckedCase,
  fetcher: (url: string, site: Site) => Fetcher,
): Promise<Drift> {
  if (saved === null || site === null) throw new Error("a case that cannot be read");
  const found: Drift[] = [];
  for (const page of saved.pages) {
    const { requestedUrl: url } = page;
    const now = await fetchAgain(fetcher(url, site), url, page);
    if ("class" in now) {
      found.push(now);
      continue;
    }
    const about =
      saved.about.kind === "walk"
        ? { ...saved.about, kind: "listing" as const, ...page, sha256: "" }
        : saved.about;
    found.push(await driftOf({ ...saved, about, pages: [page] }, now, site));
  }
  const gravest = ["template", "gone", "unreachable", "content", "same"] as const;
  const worst = gravest.find((name) => found.some((one) => one.class === name)) ?? "same";
  return {
    class: worst,
    reasons: found.flatMap((one) => (one.class === worst ? one.reasons : [])),
  };
}

async function fetchAgain(fetcher: Fetcher, url: string, saved: Page): Promise<Page | Drift> {
  try {
    const page = await fetcher.fetch(url);
    const isElsewhere = urlKey(page.url) !== urlKey(saved.url);
    const isFront = new URL(page.url).pathname === "/" && new URL(saved.url).pathname !== "/";
    return isElsewhere && isFront
      ? { class: "gone", reasons: [`it redirects to ${page.url}`] }
      : page;
  } catch (error) {
    const cause = error instanceof CliError ? error.cause : null;
    if (!(cause instanceof FetchError)) throw error;
    const isGone = cause.status === 404 || cause.status === 410;
    return { class: isGone ? "gone" : "unreachable", reasons: [cause.message] };
  }
}

function printDrift(terminal: Terminal, { name, about }: CheckedCase, found: Drift): void {
  const { green, red, yellow, dim } = terminal.colours;
  terminal.event({ event: "case", case: name, url: about?.url ?? null, ...found });
  const tint = { same: green, content: yellow, template: red, gone: yellow, unreachable: dim };
  terminal.print(`${tint[found.class](column(WORDS[found.class], 16))}  ${name}`);
  for (const reason of found.reasons) terminal.print(`                  ${reason}`);
}

/** A case whose page is not to be refetched, and why. */
function printKept(terminal: Terminal, { name, about }: CheckedCase): void {
  const reason = about?.kept ?? "";
  terminal.event({ event: "kept", case: name, url: about?.url ?? null, reason });
  terminal.print(terminal.colours.dim(`${column("skipped", 16)}  ${name}`));
  terminal.print(`                  ${reason}`);
}

/** Prints which cases are older than so many days. @returns how many */
function printOld(terminal: Terminal, cases: readonly CheckedCase[], maxAge?: number): number {
  if (maxAge === undefined) return 0;
  const ages = cases.map(({ name, about }) => ({
    name,
    days: Math.floor((Date.now() - Date.parse(about?.recorded ?? "")) / 86_400_000),
  }));
  const old = ages.filter(({ days }) => days > maxAge);
  for (const { name, days } of old) {
    terminal.event({ event: "old", case: name, days });
    terminal.print(
      terminal.colours.yellow(`${name} was recorded ${days} days ago: record it again`),
    );
  }
  return old.length;
}
