/** What captures hold, as checksums: with the same ones, a build reads the same bytes. */
import { stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { hashFile, readJson } from "../../disk/read.js";
import { byTimestamp, timestampIn } from "../../disk/timestamp.js";
import { captureAccount } from "../../schema/capture.js";
import { byCodeUnits } from "../../text.js";
import { CAPTURE_FILES } from "../layout.js";
import { filesAt, realFile } from "./files.js";
import { savedSums } from "./saved-pages.js";

export interface CaptureSums {
  /** SHA-256 of each file that captures are read from, sorted. */
  readonly sums: readonly string[];
  /** Timestamp of the newest capture; null where no path has one. */
  readonly newest: string | null;
}

/**
 * The checksums of captures. Of a finished capture of sitelift its capture.json has
 * them, so that a large one is not read; `verify` holds it against the file.
 *
 * @throws {CliError} exit code 2, when a path leads to no capture
 */
export async function captureSums(paths: readonly string[]): Promise<CaptureSums> {
  const sums: string[] = [];
  const others: string[] = [];
  for (const path of paths) {
    const isFolder = (await stat(path).catch(() => null))?.isDirectory() ?? false;
    const saved = isFolder ? savedSums(path) : null;
    if (saved === null) others.push(path);
    else sums.push(...saved);
  }
  const files = await filesAt(others);
  for (const one of files) {
    const real = await realFile(one);
    sums.push((await statedSum(one.file)) ?? (await hashFile(real)));
  }
  const times = files.flatMap(({ file }) => timestampIn(file) ?? []);
  const newest = times.sort(byTimestamp).at(-1) ?? null;
  return { sums: sums.sort(byCodeUnits), newest };
}

/** What the account beside a WARC file says of it; null where there is none, or that of another size. */
async function statedSum(file: string): Promise<string | null> {
  const path = join(dirname(file), CAPTURE_FILES.account);
  const account = await readJson(path, captureAccount).catch(() => null);
  const stated = account?.value?.files.find((one) => one.path === basename(file));
  return stated?.bytes === (await stat(file)).size ? stated.sha256 : null;
}
