/** A WACZ package (https://specs.webrecorder.net/wacz/1.1.1/): its members, its descriptions, and the captures in it. */
import { type Bytes, openBytes } from "../../warc/bytes.js";
import { contentOf, isPackageMember, isWarcMember, newRoom } from "../../warc/zip.js";
import { FILES } from "../layout.js";
import { packageNotes } from "./account.js";
import { checkPages, checkWarcs } from "./captured.js";
import { checkDescriptions, checkSignature, DESCRIPTION, type Package } from "./descriptions.js";
import type { Inquiry, Verification } from "./inquiry.js";
import { type Member, readMembers, textOf } from "./members.js";

const ACCOUNT = `entries/${FILES.account}`;

type Checks = Omit<Inquiry, "root" | "files" | "manifest">;

/**
 * Checks a package strictly.
 *
 * @param file its path on the disk
 * @param name how findings call it
 * @returns how much was checked; null when the file is not a WACZ package at all
 */
export async function checkPackage(
  checks: Checks,
  file: string,
  name: string,
): Promise<Verification["checked"] | null> {
  await using bytes = await openBytes(checks.disk.open(file, "read"));
  return await checkZip(checks, bytes, name);
}

async function checkZip(
  { report, disk, key, signatures, notes, changed }: Checks,
  bytes: Bytes,
  name: string,
  isWithin = false,
): Promise<Verification["checked"] | null> {
  if (Buffer.from(await bytes.read(0, 2)).toString("latin1") !== "PK") return null;
  const files = await readMembers(report, name, bytes);
  if (files === null) return { files: 0, captures: 0, answers: 0 };
  const warcs = [...files.values()].filter(({ path }) => isWarcMember(path));
  const packages = [...files.values()].filter(({ path }) => isPackageMember(path));
  if (!files.has(DESCRIPTION) && warcs.length === 0) return null;
  const inside: Package = {
    files,
    report: (code, path, message) => report(code, `${name}/${path}`, message),
    note: (path, message) => notes.push(`${name}/${path}: ${message}`),
    foreign: false,
    requires: [],
  };
  const signed = await checkDescriptions(inside);
  if (signed !== null || key !== null) {
    const good = checkSignature(inside, signed, key);
    if (good !== null) signatures.push({ path: name, ...good });
  }
  if (warcs.length === 0 && packages.length > 0 && !isWithin) {
    // A signature is one of the package that was given.
    const within = { report, disk, key: null, signatures, notes, changed };
    return await checkPackages(within, packages, name);
  }
  const account = files.get(ACCOUNT);
  if (account !== undefined && !inside.foreign)
    notes.push(...packageNotes(`${name}/${ACCOUNT}`, await textOf(account)));
  const known = await checkWarcs(inside, warcs);
  await checkPages(inside, known);
  return { files: files.size, captures: warcs.length, answers: known.size };
}

/**
 * Of a package of packages, each as if it were alone: crawls that share nothing. Packages in these are not read: every
 * level is read to check the one around it.
 */
async function checkPackages(checks: Checks, packages: readonly Member[], name: string) {
  const sum = { files: packages.length, captures: 0, answers: 0 };
  const room = newRoom();
  for (const { path, member } of packages) {
    const within = `${name}/${path}`;
    const content = await contentOf(member, room).catch((error: Error) => {
      checks.report("package", within, error.message);
      return null;
    });
    const checked = content && (await checkZip(checks, content, within, true));
    if (checked === null) {
      if (content !== null) checks.report("package", within, "not a WACZ package");
      continue;
    }
    for (const key of ["files", "captures", "answers"] as const) sum[key] += checked[key] ?? 0;
  }
  return sum;
}
