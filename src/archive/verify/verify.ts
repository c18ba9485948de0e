/** Verifies an archive or a package: every file is the one that was written, and what belongs together agrees. */
import type { KeyObject } from "node:crypto";
import { basename, join, resolve } from "node:path";
import { type Disk, explained, realDisk } from "../../disk/disk.js";
import { statFolder } from "../../disk/files.js";
import { LOCK, STAGING } from "../../disk/layout.js";
import { CliError } from "../../error.js";
import { openBytes } from "../../warc/bytes.js";
import { FILES, listFiles } from "../layout.js";
import { isApart, notAnArchive, readManifest } from "../manifest.js";
import { checkAccount } from "./account.js";
import { checkWarcFile } from "./captured.js";
import { checkCaptures } from "./captures.js";
import { checkEntries } from "./entries.js";
import {
  checkSum,
  type Inquiry,
  isThere,
  newFindings,
  orderedKeys,
  type Verification,
} from "./inquiry.js";
import { checkLedger, checkQuarantine, checkRedirects } from "./ledger.js";
import { checkPackage } from "./package.js";
import { checkSnapshots } from "./snapshots.js";

/**
 * Checks sizes and checksums, schemas, order, content files against entries, the balance of the ledger,
 * quarantine, redirects, links into the archive, snapshots and captures; of a WACZ package its ZIP
 * file, its hashes, and the captures in it. Writes nothing.
 *
 * @param path folder of an archive, or a WACZ package
 * @param key that must have signed the package, or those in the folder; null for any key, or none
 * @throws {CliError} when it cannot be read, is neither, or has a newer format, or there is no package for the key
 */
export function verifyArchive(
  path: string,
  disk: Disk = realDisk,
  key: KeyObject | null = null,
): Promise<Verification> {
  const root = resolve(path);
  return explained(verify(root, disk, key), root, "read");
}

async function verify(root: string, disk: Disk, key: KeyObject | null): Promise<Verification> {
  const stats = await statFolder(root, disk);
  if (stats.isFile()) return await verifyPackage(root, disk, key);
  if (!stats.isDirectory() && !stats.isSymbolicLink())
    throw new CliError(`${root} is not a folder`);
  const { report, ...found } = newFindings();
  const { files, odd } = await listFiles(root, disk);
  if (!files.has(FILES.manifest) && !files.has(FILES.entries))
    throw await notAnArchive(
      root,
      disk,
      `is not an archive: it has neither ${FILES.manifest} nor ${FILES.entries}`,
    );
  for (const path of odd)
    report("symlink", path, "expected a file or a folder, found a link or a device");
  const manifest = await readManifest(root, disk).catch((error: unknown) => {
    // A newer format is not a damage, and nothing else here can be checked.
    if (!(error instanceof CliError) || error.details.length === 0) throw error;
    report("manifest", FILES.manifest, error.details.join("; "));
    return null;
  });
  const packages = [...files.keys()].filter((name) => PACKAGE.test(name));
  if (key !== null && packages.length === 0)
    throw new CliError(`${root} holds no package, and --key is about the signature of one`, {
      hint: "Name the package: `sitelift verify <archive>.wacz --key pub.pem`.",
    });
  const changed = new Set<string>();
  const inquiry: Inquiry = { ...found, report, root, disk, files, manifest, changed, key };
  isThere(inquiry, FILES.manifest);
  const read = await checkFiles(inquiry);
  const known = await checkEntries(inquiry);
  const ledger = await checkLedger(inquiry, known);
  await checkAccount(inquiry, known);
  const quarantine = await checkQuarantine(inquiry, ledger);
  const redirects = await checkRedirects(inquiry, known);
  const { snapshots, captures: named } = await checkSnapshots(inquiry, known);
  const captures = await checkCaptures(inquiry, ledger, named);
  for (const name of packages)
    if ((await checkPackage(inquiry, join(root, name), name)) === null)
      report("package", name, "not a WACZ package");
  const checked = {
    files: read,
    entries: known.ids.size,
    ledger: ledger.length,
    quarantine,
    redirects,
    snapshots,
    captures,
    ...(packages.length === 0 ? {} : { packages: packages.length }),
  };
  return { ...found, checked };
}

async function verifyPackage(
  path: string,
  disk: Disk,
  key: KeyObject | null,
): Promise<Verification> {
  const { report, ...found } = newFindings();
  const checks = { ...found, report, disk, changed: new Set<string>(), key };
  const name = basename(path);
  const ofPackage = await checkPackage(checks, path, name);
  if (ofPackage !== null) return { ...found, checked: ofPackage };
  await using bytes = await openBytes(disk.open(path, "read"));
  const checked = await checkWarcFile(checks, path, name, bytes);
  if (checked === null)
    throw new CliError(`${path} is neither an archive nor a WACZ package, nor a WARC file`, {
      hint: "Name the folder of an archive, a package that `sitelift pack` wrote, or a WARC file.",
    });
  if (key !== null)
    throw new CliError(`${path} is a WARC file, and --key is about the signature of a package`, {
      hint: "Name the package: `sitelift verify <archive>.wacz --key pub.pem`.",
    });
  return { ...found, checked };
}

/** A package at the top of an archive, which lists its own files too. */
const PACKAGE = /^[^/]+\.wacz$/;

/** @returns how many files were read */
async function checkFiles(inquiry: Inquiry): Promise<number> {
  const { files, manifest, report } = inquiry;
  const listed = new Set<string>([FILES.manifest]);
  const check = orderedKeys(report, "listed-twice", "path");
  let read = 0;
  for (const { path, bytes, sha256 } of manifest?.files ?? []) {
    check(path, FILES.manifest);
    listed.add(path);
    if (!files.has(path)) {
      report("missing", path, `listed in ${FILES.manifest} but missing`);
      inquiry.changed.add(path);
      continue;
    }
    await checkSum(inquiry, path, { bytes, sha256 });
    read++;
  }
  for (const path of files.keys()) {
    if (path === LOCK || path.startsWith(`${LOCK}.`) || path.startsWith(`${STAGING}/`))
      report("unfinished", path, "a run is in progress, or was interrupted");
    else if (manifest !== null && !listed.has(path) && !isApart(path) && !PACKAGE.test(path))
      report("stray", path, `not listed in ${FILES.manifest}`);
  }
  return read;
}
