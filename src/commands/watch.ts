/** `sitelift build --watch`: what each change of the site file changes on some articles of a capture. Writes nothing. */
import { unwatchFile, watchFile } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { bodyPatch, fieldChanges } from "../archive/diff/fields.js";
import { replaySource } from "../capture/read/replay.js";
import { openCaptures } from "../capture/read/runs.js";
import { walkLists } from "../crawl/lists.js";
import { ParsedAhead } from "../crawl/parsed-ahead.js";
import {
  fetchPages,
  type Outcome,
  type Pages,
  pagesOf,
  parseSample,
  readSample,
  Sample,
} from "../crawl/sample.js";
import { unless } from "../disk/disk.js";
import { CliError, EXIT, type ExitCode, errorLines } from "../error.js";
import { findWholeSite, siteFileOf } from "../site/load.js";
import type { Site } from "../site/site.js";
import { count } from "../text.js";
import type { BuildOptions } from "./command-line/crawl.js";
import { patchLines, valueText } from "./diff.js";
import { interrupted } from "./interrupt.js";
import { adjust } from "./run/adjust.js";
import { Terminal } from "./terminal.js";

/** Articles of a sample, unless the command line says how many. */
const SAMPLE = 20;
/** Milliseconds between two looks at the site file. Editors replace files, which a watch of one file does not see. */
const LOOK_EVERY = 50;

/** Shows what changes until it is interrupted. @param signal ends it */
export async function watch(
  captures: readonly string[],
  options: BuildOptions,
  terminal = new Terminal(options),
  signal: AbortSignal = interrupted(),
): Promise<ExitCode> {
  const file = siteFileOf(options.site);
  if (file === null)
    throw new CliError(`--watch needs a site file, and ${options.site} is none`, {
      hint: "Name the site file that you are changing with --site.",
    });
  const load = async () => adjust(await findWholeSite(file, options), options);
  const site = await load();
  let text = await readFile(file, "utf8");
  await using opened = await openCaptures(captures, options.at);
  const run = opened.runs.at(-1);
  if (run === undefined)
    throw new CliError(`no capture was made until ${options.at}`, { hint: "Name a later day." });
  const source = replaySource({ site, responses: run.responses });
  const sample = new Sample(options.sample ?? SAMPLE);
  const walk = await walkLists({
    site: adjust(site, { ...options, articles: false }),
    source,
    sinks: [],
    languages: options.languages ?? null,
    limit: options.limit ?? null,
    onRow: (list, row, page) => sample.add(list, row, page),
  });
  const { articles } = sample;
  if (articles.length === 0)
    throw new CliError(
      `${run.name} names no article: ${walk.unreachable ?? walk.drift.join("; ")}`,
      {
        hint: "`sitelift inspect` shows what listing.rows matches on a page.",
      },
    );
  const pages = await fetchPages(pagesOf(articles), source);
  const shown = new Rounds(terminal, articles, pages);
  await shown.begin(site, sample.of);
  terminal.print(`watching ${basename(file)}; nothing is written; Ctrl-C ends it`);
  await shown.parseAhead(site);
  const look = async () => {
    // An editor may put another file in its place.
    const now = await readFile(file, "utf8").catch(unless("ENOENT"));
    if (now === undefined || now === text) return;
    text = now;
    try {
      const changed = await load();
      await shown.next(changed);
      await shown.parseAhead(changed);
    } catch (error) {
      // A file that is half written is seen again.
      if (!(error instanceof CliError)) throw error;
      const { message, details, hint } = error;
      terminal.event({ event: "error", message, details, hint });
      for (const line of errorLines(error)) terminal.warn(line);
    }
  };
  await changesOf(file, signal, look);
  return EXIT.complete;
}

/** Calls for each change of a file, one after the other, until the signal is given. Rejects where a call does. */
async function changesOf(file: string, signal: AbortSignal, call: () => Promise<void>) {
  let turn = Promise.resolve();
  await new Promise<void>((resolve, reject) => {
    const onChange = () => {
      turn = turn.then(call);
      turn.catch(reject);
    };
    watchFile(file, { interval: LOOK_EVERY }, onChange);
    // What has changed since it was read is not a change that is seen.
    onChange();
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  }).finally(() => unwatchFile(file));
  await turn;
}

/** Reads of the sample, each shown against the one before it. */
class Rounds {
  readonly #terminal: Terminal;
  readonly #articles: Sample["articles"];
  readonly #pages: Pages;
  readonly #ahead = new ParsedAhead();
  #before: readonly Outcome[] = [];
  /** The site file by which pages were read, as JSON. */
  #read = "";

  constructor(terminal: Terminal, articles: Sample["articles"], pages: Pages) {
    this.#terminal = terminal;
    this.#articles = articles;
    this.#pages = pages;
  }

  async begin(site: Site, of: number): Promise<void> {
    this.#before = await this.#readBy(site);
    const terminal = this.#terminal;
    const has: Record<string, number> = {};
    for (const { draft } of this.#before)
      for (const [name, value] of Object.entries({
        ...draft?.data,
        body: draft?.body,
      }))
        if (SHOWN.includes(name) && value !== null && value !== "" && value !== undefined)
          has[name] = (has[name] ?? 0) + 1;
    const bad = this.#before.filter(({ problems }) => problems.length > 0);
    const counts = SHOWN.map((name) => `${name} ${has[name] ?? 0}`).join(", ");
    terminal.event({
      event: "sample",
      articles: this.#before.length,
      of,
      has,
      rejected: bad.length,
    });
    terminal.print(`${this.#before.length} of ${count(of, "article")}: ${counts}`);
    for (const { url, problems } of bad)
      terminal.print(`  ${url}\n${problems.map((why) => `    ${why}`).join("\n")}`);
  }

  #readBy(site: Site): Promise<readonly Outcome[]> {
    this.#read = JSON.stringify(site);
    return readSample(this.#articles, this.#pages, site, this.#ahead);
  }

  /** While the file is being changed, its pages are parsed for the next reading. */
  parseAhead(site: Site): Promise<void> {
    return parseSample(this.#articles, this.#pages, site, this.#ahead);
  }

  async next(site: Site): Promise<void> {
    const began = performance.now();
    // A comment, or other white space, changes nothing.
    const isSame = this.#read === JSON.stringify(site);
    const now = isSame ? this.#before : await this.#readBy(site);
    const terminal = this.#terminal;
    let changed = 0;
    for (const [at, outcome] of now.entries()) {
      const before = this.#before[at];
      const change = before === undefined ? null : changeOf(before, outcome);
      if (change === null) continue;
      changed++;
      terminal.event({ event: "changed", url: outcome.url, ...change });
      const lines = linesOf(outcome, change, terminal.colours);
      for (const line of lines) terminal.print(line);
    }
    this.#before = now;
    const rejected = now.filter(({ problems }) => problems.length > 0).length;
    const same = now.length - changed;
    terminal.event({ event: "round", changed, same, rejected });
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    const bad = rejected === 0 ? "" : `, ${rejected} not an entry`;
    terminal.print(
      changed === 0
        ? `nothing changes on ${count(same, "article")}${bad} (${seconds} s)`
        : `${changed} changed, ${same} the same${bad} (${seconds} s)`,
    );
  }
}

/** Fields whose number is shown at first. */
const SHOWN = ["title", "date", "type", "summary", "body"];

type Change = NonNullable<ReturnType<typeof changeOf>>;

/** Null where two reads came to the same. */
function changeOf(before: Outcome, now: Outcome) {
  const [old, own] = [before.draft, now.draft];
  const data = (draft: typeof old) => ({ data: (draft?.data ?? {}) as never });
  const fields = fieldChanges(data(old), data(own), new Set());
  const body = bodyPatch(old?.body ?? "", own?.body ?? "", ["body", "body"]);
  const problems = { from: before.problems, to: now.problems };
  const isSame = problems.from.join("\n") === problems.to.join("\n");
  if (fields.length === 0 && body === null && isSame) return null;
  return { fields, body, problems: isSame ? null : problems };
}

function linesOf({ url, draft }: Outcome, change: Change, colours: Terminal["colours"]): string[] {
  const { bold, dim, green, red } = colours;
  const { fields, body, problems } = change;
  const sides = (from: readonly unknown[], to: readonly unknown[]) => [
    ...from.map((value) => red(`    - ${valueText(value)}`)),
    ...to.map((value) => green(`    + ${valueText(value)}`)),
  ];
  return [
    `  ${bold(String(draft?.data.title ?? "not read"))}`,
    dim(`    ${url}`),
    ...(problems === null ? [] : ["    not an entry", ...sides(problems.from, problems.to)]),
    ...fields.flatMap(({ field, from, to }) => [`    ${field}`, ...sides([from], [to])]),
    ...(body === null ? [] : patchLines(body, colours)),
  ];
}
