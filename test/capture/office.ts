/** The office on a loopback port, with a site file for it, and what an archive of it holds. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { listingRows, openOffice } from "../../fixtures/office/articles.js";
import {
  type Edit,
  OFFICE_PATH,
  type RunningOffice,
  startOffice,
} from "../../fixtures/office/server.js";

/** Parts of an archive that tell times, and what is kept beside it: the rest must be the same bytes for the same pages. */
const TIMED = /^(captures|snapshots|\.readings)(\/|$)/;

/** They tell of runs, with the time of each: compared without it. */
const OF_RUNS = ["changes.atom", "report.html"];
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ|\d{8}T\d{6}Z(-\d+)?/g;

/** Today, or the day before: a report shows the days of its runs, and a test may go on after midnight. */
const dayBefore = (days: number) =>
  new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

/** A file of an archive without the times of runs. @param bytes as Latin-1 */
export function timeless(name: string, bytes: string): string {
  if (OF_RUNS.includes(name))
    return bytes
      .replace(TIME, "then")
      .replaceAll(dayBefore(0), "then")
      .replaceAll(dayBefore(1), "then");
  if (name !== "archive.json") return bytes;
  const sums = new RegExp(`"path": "(?:${OF_RUNS.join("|")})",[^}]*`, "g");
  return bytes.replace(sums, "");
}

/** SHA-256 of every file of an archive by its path, but of captures and snapshots, and without the times of runs. */
export function hashes(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => name.replaceAll("\\", "/"))
    .filter((name) => !TIMED.test(name) && statSync(join(folder, name)).isFile());
  return Object.fromEntries(
    files.sort().map((name) => [
      name,
      createHash("sha256")
        .update(timeless(name, readFileSync(join(folder, name), "latin1")))
        .digest("hex"),
    ]),
  );
}

/** Rows of the listing that stay when the office is small, two pages: those with files, odd URLs, rows or titles. */
const KEPT = new Set([0, 1, 7, 9, 10, 14, 27, 30, 41, 43, 45, 46, 50, 60]);
const LISTED = listingRows(openOffice(), "en");

/** Takes from the office what tests of captures and archives do not ask about: a fifth of the work of a crawl is left. */
export const FEWER: readonly Edit[] = LISTED.flatMap(({ path }, at) =>
  KEPT.has(at) ? [] : [{ kind: "remove", on: "2022-01-14", path }],
);
/** How many articles a small office lists. */
export const FEW = KEPT.size;

/** Starts a small office and writes `site.json` for it, which leaves style sheets and the like alone. */
export async function officeWithSite(cwd: string): Promise<RunningOffice> {
  const office = await startOffice({ edits: FEWER });
  writeSite(cwd, office);
  return office;
}

function writeSite(cwd: string, office: RunningOffice): void {
  const site = {
    name: "office",
    preset: "drupal7",
    start: `${office.origin}${OFFICE_PATH}`,
    politeness: { delay: 0, concurrency: 4 },
    requisites: "none",
    fields: { date: { formats: ["M/d/yyyy"] } },
  };
  writeFileSync(join(cwd, "site.json"), JSON.stringify(site));
}

/** Names of the captures of an archive, oldest first. */
export function capturesOf(archive: string): string[] {
  return readdirSync(join(archive, "captures")).sort();
}

/** The lines of a JSON Lines file. */
export function linesOf<T>(path: string): T[] {
  const text = readFileSync(path, "utf8").trimEnd();
  return text === "" ? [] : text.split("\n").map((line) => JSON.parse(line) as T);
}
