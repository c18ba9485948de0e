/** `sitelift build --manifest`: the build of one line, as a pod of an Indexed Job makes it. Made once: again it ends at once. */
import { dirname, join, relative, resolve } from "node:path";
import { readArchive } from "../../archive/read/archive.js";
import { captureSums } from "../../capture/read/sums.js";
import { realDisk } from "../../disk/disk.js";
import { hashOf } from "../../disk/read.js";
import { CliError } from "../../error.js";
import { findWholeSite } from "../../site/load.js";
import { build } from "../build.js";
import type { BuildOptions } from "../command-line/crawl.js";
import type { End } from "../end.js";
import { readDecisions } from "../run/read-decisions.js";
import { here, Terminal } from "../terminal.js";
import { PROGRAM, VERSION } from "../version.js";
import {
  archiveSum,
  type BuildInputs,
  type BuildMark,
  checkBuild,
  findMark,
  writeMark,
} from "./check.js";
import { chosenLine } from "./manifest.js";

export async function buildLine(
  manifest: string,
  named: readonly string[],
  { manifest: _, index, check = false, ...given }: BuildOptions,
  terminal: Terminal = new Terminal(given),
): Promise<End> {
  if (named.length > 0)
    throw new CliError(`--manifest names the captures; "${named[0]}" is one too many`, {
      hint: "Name either captures or a manifest.",
    });
  const { line, index: at } = await chosenLine(manifest, index);
  const root = dirname(resolve(manifest));
  const site = await findWholeSite(line.site, line, root);
  const captures = line.captures.map((path) => relative(".", resolve(root, path)) || ".");
  const { sums, newest } = await captureSums(captures);
  const rules = hashOf(JSON.stringify(site));
  const when = line.at ?? newest ?? hashOf(JSON.stringify(sums)).slice(0, 12);
  const place = join("output", site.name, when, `${VERSION}+${rules.slice(0, 12)}`);
  const out = resolve(root, line.out ?? place);
  const options = { ...given, at: line.at, out };
  const decisions = await readDecisions(out, given.overrides, realDisk);
  const inputs: BuildInputs = {
    generator: PROGRAM,
    site: hashOf(JSON.stringify([rules, decisions])),
    captures: [...sums],
    options: deciding(options),
  };
  const shown = here(out);
  terminal.event({ event: "build", index: at, site: site.name, captures, out: shown });
  const mark = given.dryRun ? null : await findMark(out, inputs);
  if (mark === null) {
    const before = await archiveSum(out);
    const built = await build(captures, site, options, terminal);
    if (!given.dryRun) await writeMark(out, { inputs, before, exitCode: built.exitCode });
    return built;
  }
  const end = check
    ? await checkBuild({ captures, site, options, mark, shown }, terminal)
    : await builtBefore(out, mark);
  if (!check)
    terminal.print(
      `${shown} is built already, from the same captures and site file by ${PROGRAM}: exit code ${end.exitCode}, as then`,
    );
  return end;
}

async function builtBefore(out: string, { exitCode }: BuildMark) {
  const { counts } = (await readArchive(out)).manifest;
  return { exitCode, counts, before: true };
}

/** Options that decide about what is built, or about its exit code: the site and its overrides count by what they say. */
function deciding(options: object): Record<string, unknown> {
  const { json, dryRun, out, overrides, notify: _, ...others } = options as Record<string, unknown>;
  const given = Object.entries(others).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.sort(([a], [b]) => (a < b ? -1 : 1)));
}
