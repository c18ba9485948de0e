/** The manifest of `build --manifest`: one build a line. */
import { resolve } from "node:path";
import process from "node:process";
import { z } from "zod";
import { isCalendarDate } from "../../dates/calendar.js";
import { errorCode, explainDisk } from "../../disk/disk.js";
import { checkJson, readText } from "../../disk/read.js";
import { CliError } from "../../error.js";
import { readWritten } from "../../schema/explain.js";
import { parseJson } from "../../text.js";

const text = z.string().min(1);
/** Paths are relative to the folder of the manifest. */
const manifestLine = z.strictObject({
  /** A site file, a built-in site, or a URL with a preset. */
  site: text,
  preset: text.optional(),
  language: text.optional(),
  captures: z.preprocess(
    (given) => (typeof given === "string" ? [given] : given),
    z.array(text).min(1),
  ),
  at: z.string().refine(isCalendarDate, "expected a calendar date such as 2021-12-23").optional(),
  /** The archive; left out for a folder whose name says what it is built from. */
  out: text.optional(),
});
type ManifestLine = z.output<typeof manifestLine>;

const FORM =
  'A line is one build: {"site": "news.ts", "captures": ["news/captures"], "out": "built/news"}; paths are relative to the folder of the manifest.';

/**
 * @throws {CliError} exit code 2, when there is no index or no such line, when the line is not valid, or when another
 *   one writes into the same folder
 */
export async function chosenLine(manifest: string, at = indexOfJob()) {
  const whole = await readText(manifest).catch((error: unknown) => {
    if (errorCode(error) !== "ENOENT") throw explainDisk(error, manifest, "read");
    throw new CliError(`there is no ${manifest}`, { hint: "Check the path of --manifest." });
  });
  const lines = whole
    .replace(/^\ufeff/, "")
    .replace(/\n$/, "")
    .split("\n");
  const line = whole === "" ? undefined : lines[at];
  if (line === undefined) {
    const last = whole === "" ? "it is empty" : `its indexes are 0 to ${lines.length - 1}`;
    throw new CliError(`${manifest} has no line for index ${at}: ${last}`, {
      hint: "Give a Job as many `completions` as the manifest has lines.",
    });
  }
  const given = parseJson(line);
  const read = readWritten(manifestLine, given);
  if ("wrong" in read)
    throw new CliError(`${manifest}:${at + 1} is not a build`, {
      details: given === undefined ? checkJson(line, manifestLine).problems : read.wrong,
      hint: FORM,
    });
  const { value } = read;
  const place = placeOf(value);
  const other = lines.findIndex(
    (one, n) => n !== at && placeOf(parseJson(one) as Partial<ManifestLine> | null) === place,
  );
  if (other !== -1)
    throw new CliError(
      `${manifest}:${at + 1} and line ${other + 1} write into the same folder${value.out === undefined ? "" : `, ${value.out}`}`,
      { hint: "Give each line an `out` of its own." },
    );
  return { line: value, index: at };
}

/** Where a line writes: lines with the same place must not run side by side. */
function placeOf(line: Partial<ManifestLine> | null | undefined): string {
  if (typeof line?.out === "string") return resolve("/", line.out);
  const { site, language, captures, at } = line ?? {};
  return JSON.stringify([site, language, [captures].flat(), at]);
}

/** What Kubernetes names each pod of an Indexed Job: https://kubernetes.io/docs/concepts/workloads/controllers/job/#completion-mode */
function indexOfJob(): number {
  const given = process.env.JOB_COMPLETION_INDEX ?? "";
  if (/^\d{1,15}$/.test(given)) return Number(given);
  throw new CliError(
    given === ""
      ? "--manifest needs to know which line to build"
      : `JOB_COMPLETION_INDEX is "${given}"`,
    { hint: "Set --index N or JOB_COMPLETION_INDEX, counted from 0." },
  );
}
