/** `build --manifest --check`: the same build once more, in a folder of its own, and every file of both compared. */
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { OVERRIDES } from "../../archive/layout.js";
import { readArchive } from "../../archive/read/archive.js";
import { unless } from "../../disk/disk.js";
import { hashFile } from "../../disk/read.js";
import { CliError, EXIT } from "../../error.js";
import type { Site } from "../../site/site.js";
import { byCodeUnits, count } from "../../text.js";
import { build } from "../build.js";
import type { BuildOptions } from "../command-line.js";
import type { End } from "../notify.js";
import { Terminal } from "../terminal.js";
import type { BuildMark } from "./mark.js";

interface Built {
  readonly captures: readonly string[];
  readonly site: Site;
  readonly options: BuildOptions & { readonly out: string };
  readonly mark: BuildMark;
  /** The folder, as a user knows it. */
  readonly shown: string;
}

/** Differences that are shown. */
const MOST = 10;

/** @returns the last event: its exit code is that of the build, or 1 where the archive is not what comes now */
export async function checkBuild(
  { captures, site, options, mark, shown }: Built,
  terminal: Terminal,
): Promise<End> {
  const { out } = options;
  if (mark.before !== null)
    throw new CliError(`${shown} held an archive before this build, and keeps what that had`, {
      hint: "--check compares with a build into an empty folder: give the line an `out` of its own.",
    });
  const again = await mkdtemp(`${out}.check-`);
  try {
    await copyFile(join(out, OVERRIDES), join(again, OVERRIDES)).catch(unless("ENOENT"));
    const now = await build(captures, site, { ...options, out: again }, new Silent(options));
    const differing = await differences(out, again);
    if (now !== mark.exitCode) differing.push(`exit code ${mark.exitCode}, now ${now}`);
    const { counts, files } = (await readArchive(out)).manifest;
    const isSame = differing.length === 0;
    const exitCode = isSame ? mark.exitCode : EXIT.findings;
    const end = { event: "end", exitCode, counts, before: true, differences: differing.length };
    for (const difference of differing) terminal.event({ event: "difference", difference });
    if (isSame) {
      terminal.print(
        `${shown} checks out: built again, ${count(files.length, "file")} with the same bytes (exit code ${exitCode}, as then)`,
      );
      return end;
    }
    terminal.print(`${shown} differs from what the same captures and site file give now:`);
    for (const difference of differing.slice(0, MOST)) terminal.print(`  ${difference}`);
    if (differing.length > MOST) terminal.print(`  and ${differing.length - MOST} more`);
    terminal.print(
      "`sitelift verify` says whether the archive was changed after it was built; if not, this is a defect of sitelift: please report it",
    );
    return end;
  } finally {
    await rm(again, { recursive: true, force: true });
  }
}

/** Files of either archive that are not the same in both. */
async function differences(out: string, again: string): Promise<string[]> {
  const [then, now] = [await listed(out), await listed(again)];
  const differing: string[] = [];
  for (const path of [...new Set([...then.keys(), ...now.keys()])].sort(byCodeUnits)) {
    const found = await hashFile(join(out, path)).catch(unless("ENOENT"));
    if (!now.has(path)) differing.push(`${path}: not there now`);
    else if (found === undefined) differing.push(`${path}: missing`);
    else if (found !== now.get(path)) differing.push(`${path}: other bytes`);
  }
  return differing;
}

async function listed(folder: string): Promise<ReadonlyMap<string, string>> {
  const { files } = (await readArchive(folder)).manifest;
  return new Map(files.map(({ path, sha256 }) => [path, sha256]));
}

/** Shows how far a build is, and nothing of what comes of it. */
class Silent extends Terminal {
  override print(): void {}
  override warn(): void {}
  override event(): void {}
}
