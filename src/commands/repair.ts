/** `sitelift repair`: proposes a site file for a template that changed, proved by what the archive holds. */
import { basename, join, relative, resolve } from "node:path";
import process from "node:process";
import { bodyPatch } from "../archive/diff/fields.js";
import { readArchive } from "../archive/read/archive.js";
import { CAPTURES } from "../capture/layout.js";
import { openCaptures } from "../capture/read/runs.js";
import { CliError, EXIT, type ExitCode } from "../error.js";
import { type Repair, repair as repaired } from "../propose/repair/repair.js";
import { findSite, oneList, siteFileOf } from "../site/load.js";
import type { SiteInput } from "../site/site.js";
import { readSiteFile } from "../site/site-file.js";
import { rewritten, written } from "../site/site-file-text.js";
import { count } from "../text.js";
import type { RepairOptions } from "./command-line/site.js";
import type { End } from "./end.js";
import { acceptRepair } from "./repair/accept.js";
import { brokenCases, brokenPages } from "./repair/known-pages.js";
import { pagesBefore, pagesNow, storedArticles } from "./repair/pages.js";
import { Terminal } from "./terminal.js";

export async function repair(
  archive: string | undefined,
  options: RepairOptions,
  terminal = new Terminal(options),
): Promise<End> {
  const file = siteFileOf(options.site);
  if (file === null)
    throw new CliError(`${options.site} is built in, and no file of it can be repaired`, {
      hint: "Write a site file that names its preset and its start, and name it with --site.",
    });
  const site = oneList(await findSite(options.site ?? file, {}));
  const { input, text } = await readSiteFile(file);
  const folder = resolve(archive ?? `output/${site.name}`);
  const stored = await readArchive(folder);
  await using opened = await openCaptures([join(folder, CAPTURES)]);
  const before = await pagesBefore(opened.runs, site, stored);
  await using now = await pagesNow(site, before, options, terminal);
  const urls = now.articles.map(({ requestedUrl }) => requestedUrl);
  const articles = await storedArticles(before, urls, site);
  const found = await repaired(input as SiteInput, site.list, {
    before: { listings: before.listings, articles },
    ...{ now, get: now.get, isKnown: before.isKnown },
  });
  const refused = [...found.refused];
  if (refused.length === 0 && found.changes.length > 0) {
    const pages = await brokenPages(before.run, site, found.site);
    const cases = await brokenCases(site, found.site);
    refused.push(...pages.broken, ...cases.broken);
    const known = `${count(pages.read, "captured page")} and ${count(cases.read, "case")}`;
    if (pages.broken.length + cases.broken.length === 0)
      terminal.print(terminal.colours.dim(`${known} are read as before`));
  }
  const isJson = file.endsWith(".json");
  const next = rewritten(
    text,
    found.changes.map(({ path, to }) => ({ path, value: shortest(to) })),
    isJson,
  );
  show(terminal, found, refused);
  if (refused.length > 0) return end(terminal, found, refused, EXIT.drift);
  if (found.changes.length === 0) {
    terminal.print(
      "nothing to repair in the site file: what the archive knows is where it looks; `sitelift verify` looks for damage",
    );
    return end(terminal, found, refused, EXIT.complete);
  }
  const name = relative(process.cwd(), file) || basename(file);
  if (next === null) {
    terminal.warn(`${name} is code here that is not rewritten; change it by hand:`);
    for (const { path, to } of found.changes)
      terminal.print(`  ${path.join(".")}: ${written(shortest(to), isJson)}`);
    return end(terminal, found, refused, EXIT.drift);
  }
  if (!options.accept) {
    terminal.print(bodyPatch(text, next, [name, name])?.trimEnd() ?? "");
    terminal.print("nothing was written: --accept writes this, and new cases beside the old ones");
    return end(terminal, found, refused, EXIT.drift);
  }
  const cases = await acceptRepair(file, next, site, found, now);
  for (const path of [name, ...cases]) {
    terminal.event({ event: "written", path });
    terminal.print(`wrote ${path}`);
  }
  terminal.print("next: sitelift test, then sitelift crawl");
  return end(terminal, found, refused, EXIT.complete);
}

/** A list of one is written as its value. */
function shortest(value: readonly unknown[]): unknown {
  return value.length === 1 ? value[0] : value;
}

function show(terminal: Terminal, { changes, unsure }: Repair, refused: readonly string[]): void {
  const { bold, dim, green, red, yellow } = terminal.colours;
  for (const change of changes) {
    terminal.event({ event: "change", ...change });
    terminal.print(`${green("found")} ${bold(change.path.join("."))}: ${change.adds}`);
    terminal.print(dim(`      ${change.proof}`));
  }
  for (const message of unsure) {
    terminal.event({ event: "unsure", message });
    terminal.print(`${yellow("not sure")} ${message}`);
  }
  for (const message of refused) {
    terminal.event({ event: "refused", message });
    terminal.print(`${red("not proved")} ${message}`);
  }
}

function end(
  terminal: Terminal,
  { changes, unsure }: Repair,
  refused: readonly string[],
  exitCode: ExitCode,
): End {
  const counts = { changes: changes.length, unsure: unsure.length, refused: refused.length };
  if (refused.length > 0)
    terminal.print(
      "nothing was written: what is not proved is not repaired; `sitelift inspect` shows what is read of a page",
    );
  return { exitCode, counts };
}
