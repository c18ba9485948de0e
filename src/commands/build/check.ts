/** A build that was made before: the mark that says so, and `--check`, which makes it once more and compares every file. */
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { FILES, OVERRIDES, RUN_FILES } from "../../archive/layout.js";
import { readArchive } from "../../archive/read/archive.js";
import { explained, realDisk, unless } from "../../disk/disk.js";
import { writeDurable } from "../../disk/files.js";
import { temporaryFolder } from "../../disk/folders.js";
import { STAGING } from "../../disk/layout.js";
import { hashFile, readJson } from "../../disk/read.js";
import { CliError, EXIT, type ExitCode } from "../../error.js";
import { sha256 } from "../../schema/words.js";
import type { Site } from "../../site/site.js";
import { byCodeUnits, count, few, jsonText } from "../../text.js";
import { build } from "../build.js";
import type { BuildOptions } from "../command-line/crawl.js";
import type { End } from "../end.js";
import { Silent, type Terminal } from "../terminal.js";

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

/** Its exit code is that of the build, or 1 where the archive is not what comes now. */
export async function checkBuild(
  { captures, site, options, mark, shown }: Built,
  terminal: Terminal,
): Promise<End> {
  const { out } = options;
  if (mark.before !== null)
    throw new CliError(`${shown} held an archive before this build, and keeps what that had`, {
      hint: "--check compares with a build into an empty folder: give the line an `out` of its own.",
    });
  await using folder = await temporaryFolder(`${out}.check-`);
  const again = folder.path;
  await copyFile(join(out, OVERRIDES), join(again, OVERRIDES)).catch(unless("ENOENT"));
  const chosen = { ...options, out: again };
  const onlyProgress = new Silent({ progress: (lines) => terminal.progress(lines) }, options);
  const { exitCode: now } = await build(captures, site, chosen, onlyProgress);
  const differing = await differences(out, again);
  if (now !== mark.exitCode) differing.push(`exit code ${mark.exitCode}, now ${now}`);
  const { counts, files } = (await readArchive(out)).manifest;
  const isSame = differing.length === 0;
  const exitCode = isSame ? mark.exitCode : EXIT.findings;
  const end = { exitCode, counts, before: true, differences: differing.length };
  for (const difference of differing) terminal.event({ event: "difference", difference });
  if (isSame) {
    terminal.print(
      `${shown} checks out: built again, ${count(files.length, "file")} with the same bytes (exit code ${exitCode}, as then)`,
    );
    return end;
  }
  terminal.print(`${shown} differs from what the same captures and site file give now:`);
  for (const difference of few(differing, MOST)) terminal.print(`  ${difference}`);
  terminal.print(
    "`sitelift verify` says whether the archive was changed after it was built; if not, this is a defect of sitelift: please report it",
  );
  return end;
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

/** All that decides about the bytes of an archive that is built into an empty folder, and about its exit code. */
const buildInputs = z.strictObject({
  generator: z.string().min(1),
  /** SHA-256 of the site as it was loaded, and of the overrides. */
  site: sha256,
  /** SHA-256 of each file that the captures are read from, sorted. */
  captures: z.array(sha256),
  /** Other options of the build. */
  options: z.record(z.string(), z.unknown()),
});
export type BuildInputs = z.output<typeof buildInputs>;

/** What snapshots/build.json holds. It is written after archive.json. */
const buildMark = z.strictObject({
  markVersion: z.literal(1),
  inputs: buildInputs,
  /** SHA-256 of archive.json: an archive that was changed since is not that of this build. */
  archive: sha256,
  /** SHA-256 of the archive.json that was there before; null where there was none. */
  before: sha256.nullable(),
  exitCode: z.literal(Object.values(EXIT)),
});
export type BuildMark = z.output<typeof buildMark>;

/** The SHA-256 of the archive.json of a folder; null when there is none. */
export async function archiveSum(folder: string): Promise<string | null> {
  const sum = hashFile(join(folder, FILES.manifest)).catch(unless("ENOENT", "ENOTDIR"));
  return (await explained(sum, folder)) ?? null;
}

/** The mark of the archive in a folder, if it is made of the same; null otherwise. */
export async function findMark(folder: string, inputs: BuildInputs): Promise<BuildMark | null> {
  const found = await readJson(join(folder, RUN_FILES.build), buildMark).catch(() => null);
  const mark = found?.value;
  if (mark === undefined || JSON.stringify(mark.inputs) !== JSON.stringify(inputs)) return null;
  return mark.archive === (await archiveSum(folder)) ? mark : null;
}

/** Says what the archive in a folder was made of. @param before as in the mark */
export async function writeMark(
  folder: string,
  { inputs, before, exitCode }: { inputs: BuildInputs; before: string | null; exitCode: ExitCode },
): Promise<void> {
  const archive = await archiveSum(folder);
  if (archive === null) return;
  const mark: BuildMark = { markVersion: 1, inputs, archive, before, exitCode };
  const write = async () => {
    await writeDurable(folder, RUN_FILES.build, Buffer.from(jsonText(mark)));
    // A folder of temporary files says that a run goes on.
    await realDisk.rmdir(join(folder, STAGING)).catch(unless("ENOENT"));
  };
  await explained(write(), folder);
}
