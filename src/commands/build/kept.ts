/**
 * What a build read of a capture, kept for the next one. By the same captures, site file and options a walk comes to the
 * same; where the archive still holds what is made of it (`archive/write/unchanged.ts`), nothing is read again. Wherever
 * one of that is not so, or not sure, the capture is walked.
 */
import { statSync } from "node:fs";
import type { ArchivedEntry, Staged } from "../../archive/nouns.js";
import { Readings } from "../../archive/write/readings.js";
import { filesAt, openFiles, realFile } from "../../capture/read/files.js";
import { savedSums } from "../../capture/read/saved-pages.js";
import { realDisk } from "../../disk/disk.js";
import { hashFile, hashOf } from "../../disk/read.js";
import { timestampIn } from "../../disk/timestamp.js";
import { eventWords } from "../../http/events.js";
import type { Source } from "../../model.js";
import type { RequisiteReport, Walk } from "../../schema/run-report.js";
import type { Site } from "../../site/site.js";
import { entryId } from "../../url/url.js";
import type { BuildOptions } from "../command-line/crawl.js";
import { Progress } from "../run/progress.js";
import type { Read, Reading } from "../run/read-and-close.js";
import { Terminal } from "../terminal.js";

/** Events and articles that are kept: those of a larger walk would take memory that it does not have to take. */
const MOST = 20_000;

/** A call of `Progress`. */
type Said = { readonly [Name in Saying]: readonly [Name, Parameters<Progress[Name]>[0]] }[Saying];
type Saying = "read" | "fetching" | "requisite";

export interface Kept {
  readonly name: string;
  readonly time: string | null;
  readonly run: string | null;
  readonly notes: readonly string[];
  readonly walk: Omit<Walk, "warnings">;
  readonly warnings: readonly (readonly [code: string, { count: number; first: string }])[];
  readonly said: readonly Said[];
  readonly requisites: RequisiteReport | null;
  readonly staged: Staged;
}

/** Names a walk by all that it depends on, but for the archive and the code; null where it is not to be kept. */
export async function keyOfWalk(
  captures: readonly string[],
  site: Site,
  { json: _, out: __, notify: ___, overrides: ____, ...options }: BuildOptions,
): Promise<string | null> {
  const isSimple = site.lists.length === 0 && options.languages === undefined;
  if (!isSimple || options.dryRun) return null;
  try {
    const isSaved = (path: string) => statSync(path).isDirectory() && savedSums(path) !== null;
    if (captures.some(isSaved)) return null;
    const files = await filesAt(captures);
    // Several crawls are walked one after the other, and none of them is kept: their bytes are not read twice.
    if (new Set(files.map(({ name }) => timestampIn(name))).size > 1) return null;
    // What is not a capture, such as a device that has no end, is not read to its end.
    await (await openFiles(captures)).close();
    const sums: unknown[] = [];
    // Each is read to its end: one that was damaged since has another sum, and is walked.
    for (const one of files) sums.push([one.name, await hashFile(await realFile(one))]);
    return hashOf(JSON.stringify(["walk", sums, site, options]));
  } catch {
    // What cannot be read is named by what walks it.
    return null;
  }
}

/** What was kept of a walk beside an archive; null where there is nothing. */
export async function findKept(folder: string, key: string): Promise<Kept | null> {
  const readings = new Readings(folder, realDisk, false);
  try {
    const text = await readings.find(key);
    return text === null ? null : JSON.parse(text);
  } finally {
    await readings.close();
  }
}

/** Notes what a walk shows of its progress. */
export class NotedProgress extends Progress {
  readonly said: Said[] = [];
  /** False where more was shown than is noted. */
  isWhole = true;

  override read(event: Parameters<Progress["read"]>[0]): void {
    this.#note(["read", event]);
    super.read(event);
  }

  override fetching(event: Parameters<Progress["fetching"]>[0]): void {
    // Of most of them, two or more for each page, nothing is shown.
    if (eventWords(event) !== null) this.#note(["fetching", event]);
    super.fetching(event);
  }

  override requisite(event: Parameters<Progress["requisite"]>[0]): void {
    this.#note(["requisite", event]);
    super.requisite(event);
  }

  override warn(message: string): void {
    this.isWhole = false;
    super.warn(message);
  }

  #note(said: Said): void {
    this.isWhole &&= this.said.length < MOST;
    if (this.isWhole) this.said.push(said);
    else this.said.length = 0;
  }
}

type Known = Pick<ArchivedEntry, "sourceUrl" | "aliases">;

/** Keeps a walk for the next build, where that would walk alike. */
export async function keepWalk(
  readings: Readings,
  key: string,
  { said, isWhole }: NotedProgress,
  known: readonly Known[],
  {
    walk: { warnings, ...walk },
    ...kept
  }: Omit<Kept, "said" | "warnings" | "walk"> & {
    readonly walk: Walk;
  },
): Promise<void> {
  if (!isWhole || kept.staged.entries.length > MOST || !areListed(known, walk)) return;
  await readings.add(key, JSON.stringify({ ...kept, walk, said, warnings: [...warnings] }));
}

/** An article that no row names is looked for where it was. */
function areListed(known: readonly Known[], { outcomes }: Pick<Walk, "outcomes">): boolean {
  const listed = new Set(outcomes.map(({ url }) => entryId(url)));
  return known.every(({ sourceUrl, aliases }) =>
    [sourceUrl, ...aliases].some((url) => listed.has(entryId(url))),
  );
}

/**
 * Stages what a kept walk had read.
 *
 * @returns its result, and what closing it needs
 * @throws Error where this archive would be walked in another way
 */
export async function restage(
  { walk, warnings, said, requisites, staged }: Kept,
  archive: Reading["archive"],
  progress: Progress,
): Promise<{ readonly read: Read } & Pick<Reading, "source" | "requisites">> {
  const lists = walk.lists?.map(({ name }) => name) ?? [];
  if (!areListed(archive.known(lists), walk)) throw new Error("an article is not listed");
  archive.restage(staged);
  const failures = new Map(staged.failures);
  const requests = await archive.mediaRequests();
  if (requests.some(({ url }) => !failures.has(url))) throw new Error("a file is not there");
  for (const one of said) if (one[0] !== "requisite") say(progress, one);
  const source: Source = {
    run: async () => {},
    media: async (url) => {
      const reason = failures.get(url) ?? "not there";
      return { failure: { stage: "fetch", url, reason } };
    },
  };
  return {
    read: { walk: { ...walk, warnings: new Map(warnings) }, unusedOverrides: [] },
    source,
    requisites: {
      page: () => {},
      sharing: (shared) => shared,
      fetch: async () => {
        for (const one of said) if (one[0] === "requisite") say(progress, one);
        return requisites;
      },
    },
  };
}

function say(progress: Progress, [name, event]: Said): void {
  progress[name](event as never);
}

/** Holds back what is shown until it is known that it is to be shown. */
export class HeldTerminal extends Terminal {
  readonly #held: ((terminal: Terminal) => void)[] = [];
  isShown = false;

  override print(line?: string): void {
    this.#held.push((terminal) => terminal.print(line));
  }
  override warn(line: string): void {
    this.#held.push((terminal) => terminal.warn(line));
  }
  override event(value: Parameters<Terminal["event"]>[0]): void {
    this.#held.push((terminal) => terminal.event(value));
  }
  override progress(): void {}

  showOn(terminal: Terminal): void {
    this.isShown = true;
    for (const show of this.#held.splice(0)) show(terminal);
  }
}
