/** A fleet file: many sites, and what is said of all of them. YAML, of which JSON is a part. */
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { isCalendarDate } from "../dates/calendar.js";
import { CliError } from "../error.js";
import { requisiteLoad } from "../schema/capture.js";
import { readWritten } from "../schema/explain.js";
import { count, languageTag, optional, siteName } from "../schema/words.js";

/** How often a site is due: once in each of these, in UTC. */
export const PERIODS = ["hour", "day", "week", "month", "quarter", "year"] as const;
export type Period = (typeof PERIODS)[number];

/** As the options of a crawl have it. */
const allowed = z
  .union([
    count,
    z.string().regex(/^(\d|[1-9]\d|100)(\.\d+)?%$/, 'expected a percentage such as "2%"'),
  ])
  .transform((most) =>
    typeof most === "number" ? { count: most } : { percent: Number.parseFloat(most) },
  );

/** What may be said of all sites, and otherwise of one. */
const common = {
  every: optional(
    z.enum(PERIODS),
    "Once in each of these (UTC), whenever the command is run. Without it: every time.",
  ),
  languages: optional(
    z.union([z.literal("all"), z.array(languageTag).min(1)]),
    "Languages of the language switcher to walk too, into the same archive, or all.",
  ),
  articles: optional(z.boolean(), "false: read the listing only."),
  media: optional(z.boolean(), "false: do not fetch images and attachments."),
  requisites: optional(requisiteLoad, "Files that pages need to be looked at, for the capture."),
  maxRejected: optional(
    allowed,
    "Entries that may go to quarantine, as a number or a percentage. Default: 0.",
  ),
  maxFailedMedia: optional(
    allowed,
    "Images and attachments that may fail, as a number or a percentage. Default: 0.",
  ),
};

const fleetSite = z.strictObject({
  site: z
    .string()
    .min(1)
    .describe(
      "Built-in site, URL, or path of a site file or a folder of them, from the folder of this file; * stands for any letters of a name.",
    ),
  name: optional(siteName, "Folder of its archive. Default: the name of the site."),
  preset: optional(z.string(), "Preset for a URL."),
  language: optional(languageTag, "Language of a built-in site."),
  limit: optional(z.int().min(1), "Read at most so many articles."),
  since: optional(
    z.string().refine(isCalendarDate, "expected a calendar date such as 2021-12-23"),
    "Leave out articles dated before YYYY-MM-DD.",
  ),
  ...common,
});
export type FleetSiteInput = z.output<typeof fleetSite>;

export const fleetSchema = z
  .strictObject({
    out: optional(
      z.string().min(1),
      "Folder of the archives, one for each site, and of index.html; from the folder of this file. Default: output in the working folder.",
    ),
    atOnce: optional(
      z.int().min(1).max(256),
      "Sites that are crawled at the same time. Default: 8.",
    ),
    hosts: optional(
      z.record(
        z
          .string()
          .regex(/^[a-z0-9.:[\]-]+$/, "expected the name of a host, in lower case, without a port"),
        z.strictObject({
          delay: optional(
            z.int().min(0).max(600_000),
            "Milliseconds between the starts of two requests.",
          ),
          concurrency: optional(z.int().min(1).max(64), "Requests at a time."),
        }),
      ),
      "The pace of single hosts, in the place of what the files of their sites say.",
    ),
    ...common,
    sites: z
      .array(z.union([z.string().min(1), fleetSite]))
      .min(1)
      .describe("The sites: names or paths, or objects with more to say."),
  })
  .meta({
    $id: "sitelift/fleet.schema.json",
    title: "sitelift fleet file",
    description: "Many sites that are crawled together, one lane for each host.",
  });
export type FleetFile = z.output<typeof fleetSchema>;

/** A fleet file, and where in its text something is. */
export interface ReadFleet {
  readonly fleet: FleetFile;
  /** `fleet.yaml:3:5` for the deepest key of a path such as `sites.0.every` that is written out. */
  readonly placeOf: (path: string) => string;
}

/**
 * @param name of the file, for messages
 * @throws {CliError} exit code 2, naming line and column of everything that is wrong
 */
export function parseFleet(text: string, name: string): ReadFleet {
  try {
    return readFleet(text, name);
  } catch (error) {
    if (error instanceof CliError) throw error;
    // Lists within lists by the thousand, or aliases of aliases: the parser gives up with an error of its own.
    throw wrongFleet(name, [(error as Error).message]);
  }
}

function readFleet(text: string, name: string): ReadFleet {
  const lineCounter = new LineCounter();
  const tree = parseDocument(text, { schema: "core", lineCounter });
  const at = (offset: number) => {
    const { line, col } = lineCounter.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  if (tree.errors.length > 0)
    throw wrongFleet(
      name,
      tree.errors.map(({ message, pos }) => `${message.split(/ at line|\n/)[0]} (${at(pos[0])})`),
    );
  const placeOf = (path: string) => at(deepest(tree.contents, path) ?? 0);
  const input: unknown = tree.toJS();
  const read = readWritten(fleetSchema, input);
  if ("value" in read) return { fleet: read.value, placeOf };
  throw wrongFleet(
    name,
    read.wrong.map((line) => `${line} (${placeOf(line.split(": ", 1)[0] ?? "")})`),
  );
}

/** Where the deepest node of a path begins that is written out; null where none is. @param path keys with dots between, of which some have dots themselves */
function deepest(node: unknown, path: string): number | null {
  const rest = (key: string) =>
    path === key ? "" : path.startsWith(`${key}.`) ? path.slice(key.length + 1) : null;
  const members: readonly (readonly [key: string, at: unknown, value: unknown])[] = isMap(node)
    ? node.items.map(({ key, value }) => [String(isScalar(key) ? key.value : key), key, value])
    : isSeq(node)
      ? node.items.map((item, at) => [String(at), item, item])
      : [];
  for (const [key, begins, value] of members) {
    const left = rest(key);
    if (left === null) continue;
    return deepest(value, left) ?? (isNode(begins) ? (begins.range?.[0] ?? null) : null);
  }
  return null;
}

/** @param details one line for each thing that is wrong */
export function wrongFleet(name: string, details: readonly string[]): CliError {
  return new CliError(`${name} is not a valid fleet file`, {
    details,
    hint: "`sitelift schema fleet` prints every key and what it means; docs/fleet.md has examples.",
  });
}
