/** What a build was made of and came to, so that the same build need not run again. */
import { join } from "node:path";
import { z } from "zod";
import { FILES, RUN_FILES } from "../../archive/layout.js";
import { errorCode, explained, realDisk, unless } from "../../disk/disk.js";
import { writeDurable } from "../../disk/files.js";
import { STAGING } from "../../disk/layout.js";
import { hashFile, readJson } from "../../disk/read.js";
import { EXIT, type ExitCode } from "../../error.js";
import { sha256 } from "../../schema/words.js";

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
  const missing = (error: unknown) => {
    if (/^(ENOENT|ENOTDIR)$/.test(errorCode(error) ?? "")) return null;
    throw error;
  };
  return explained(hashFile(join(folder, FILES.manifest)).catch(missing), folder);
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
    const text = `${JSON.stringify(mark, null, 2)}\n`;
    await writeDurable(folder, RUN_FILES.build, Buffer.from(text));
    // A folder of temporary files says that a run goes on.
    await realDisk.rmdir(join(folder, STAGING)).catch(unless("ENOENT"));
  };
  await explained(write(), folder);
}
