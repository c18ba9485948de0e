/**
 * What the pages of a run need to be looked at: noted page by page, then fetched into the capture, what most pages
 * need first. What comes depends on the pages and on what their files are, and not on the order in which they arrive.
 */
import { type Requisite, type RequisiteKind, requisitesOf } from "../extract/requisites.js";
import type { MediaResponse, Page, Source } from "../model.js";
import type { RequisiteReport } from "../schema/run-report.js";
import type { Site } from "../site/site.js";
import { byCodeUnits, count } from "../text.js";
import { fingerprint } from "../url/digest.js";
import { originsOf, urlKey } from "../url/url.js";
import { type FileEvent, fewAtATime } from "./media.js";

export type RequisiteEvent = FileEvent<"requisite">;

/** Bytes of a file that came, or why it did not. */
type Outcome = { readonly bytes: number } | { readonly reason: string };

interface Needed {
  readonly url: string;
  kind: RequisiteKind;
  /** How many pages need it; of what a style sheet names, as many as need the style sheet. */
  pages: number;
  /** The first of them. */
  readonly samples: string[];
  outcome: Outcome | null;
}

/** How deep style sheets, scripts and frames are followed within one another. */
const MOST_DEEP = 5;
const MOST_SAMPLES = 3;
const MOST_NAMED = 100;
/** Files of one page, style sheet or script: whoever names more means no reader to see them. */
const MOST_OF_ONE = 5_000;
/** URLs that are kept in memory for each that may be fetched: of the others only the number is known. */
const MOST_KEPT = 5;

/** From what leads to more to what does not. */
const KINDS: readonly RequisiteKind[] = ["style", "script", "frame", "image", "asset", "file"];
const LEADING: ReadonlySet<RequisiteKind> = new Set(["style", "script", "frame"]);

const OVER = "beyond the budget";
const DEEP = `more than ${MOST_DEEP} deep in style sheets, scripts or frames`;

export class Requisites {
  readonly #site: Site;
  readonly #isWanted: (requisite: Requisite) => boolean;
  readonly #needed = new Map<string, Needed>();
  /** Fingerprints of the pages that were read. */
  readonly #pages = new Set<number>();
  /** Images and attachments that were fetched for the archive. */
  readonly #media = new Map<string, Outcome>();
  readonly #named = new Set<string>();
  #unkept = 0;
  readonly #crowded = { count: 0, first: "" };
  /** What the budget has given out. */
  readonly #spent = { files: 0, bytes: 0 };

  /** @param media false to leave out the images of pages, recordings and linked files */
  constructor(site: Site, { media }: { readonly media: boolean }) {
    this.#site = site;
    const own = new Set([...site.origins, ...site.media.origins].flatMap(originsOf));
    this.#isWanted = ({ url, kind }) =>
      // Frames and linked files of other hosts are other sites.
      ((kind !== "frame" && kind !== "file") || own.has(new URL(url).origin)) &&
      (media || (kind !== "image" && kind !== "file"));
  }

  /** Notes what a page needs. Pages come in the order in which they are read. */
  page(page: Page): void {
    if (this.#site.requisites.load === "none") return;
    const key = fingerprint(urlKey(page.url));
    if (this.#pages.has(key)) return;
    this.#pages.add(key).add(fingerprint(urlKey(page.requestedUrl)));
    const seen = new Set<Needed>();
    for (const requisite of this.#read(page, "page")) {
      const needed = this.#note(requisite);
      if (needed === null || seen.has(needed)) continue;
      seen.add(needed);
      needed.pages++;
      if (needed.samples.length < MOST_SAMPLES) needed.samples.push(page.url);
    }
  }

  /** A source whose images and attachments are not requested a second time. */
  sharing(source: Source): Source {
    const { media } = source;
    if (media === undefined) return source;
    return {
      ...source,
      media: async (url, again) => {
        const response = await media(url, again);
        this.#media.set(url, outcomeOf(response));
        return response;
      },
    };
  }

  /**
   * Fetches everything that was noted, and what that leads to.
   *
   * @param concurrency how many are in flight at a time
   * @returns null where nothing is to be fetched, or the source has no such files
   */
  async fetch(
    source: Source,
    concurrency: number,
    onEvent?: (event: RequisiteEvent) => void,
  ): Promise<Omit<RequisiteReport, "cost"> | null> {
    const { load } = this.#site.requisites;
    const { requisite } = source;
    if (load === "none" || requisite === undefined) return null;
    for (const url of this.#needed.keys()) if (this.#isPage(url)) this.#needed.delete(url);
    let done = 0;
    const settled = (url: string, outcome: Outcome, found: readonly Requisite[]) => {
      const reason = "reason" in outcome ? outcome.reason : null;
      onEvent?.({ event: "requisite", url, reason, done: ++done, of: this.#needed.size });
      return { outcome, found };
    };
    const fetchOne = async ({ url, kind }: Needed) => {
      const known = this.#media.get(url);
      if (known !== undefined && !LEADING.has(kind)) return settled(url, known, []);
      const response = await requisite(url, this.#named);
      const found = "page" in response ? this.#read(response.page, kind) : [];
      return settled(url, outcomeOf(response), found);
    };
    for (let depth = 0; ; depth++) {
      const due = this.#due((kind) => LEADING.has(kind));
      if (due.length === 0) break;
      if (depth > MOST_DEEP) for (const one of due) one.outcome = { reason: DEEP };
      else await this.#fetchAll(due, concurrency, fetchOne);
    }
    await this.#fetchAll(this.#due(), concurrency, fetchOne);
    return this.#report(load);
  }

  #read(page: Page, kind: RequisiteKind | "page"): Requisite[] {
    const { requisites, encoding } = this.#site;
    const found: Requisite[] = [];
    try {
      const all = requisites.load === "all";
      for (const requisite of requisitesOf(page, kind, { all, encoding })) {
        if (found.length < MOST_OF_ONE) {
          found.push(requisite);
          continue;
        }
        if (this.#crowded.count++ === 0) this.#crowded.first = page.url;
        break;
      }
    } catch {
      // What cannot be decoded names nothing.
    }
    return found;
  }

  /** Null for what is not wanted, and where there is no room for more. */
  #note(requisite: Requisite): Needed | null {
    if (!this.#isWanted(requisite)) return null;
    const { url, kind } = requisite;
    const known = this.#needed.get(url);
    if (known !== undefined) {
      if (KINDS.indexOf(kind) < KINDS.indexOf(known.kind)) known.kind = kind;
      return known;
    }
    if (this.#isPage(url)) return null;
    if (this.#needed.size >= this.#site.requisites.files * MOST_KEPT) {
      this.#unkept++;
      return null;
    }
    const needed: Needed = { url, kind, pages: 0, samples: [], outcome: null };
    this.#needed.set(url, needed);
    for (const origin of originsOf(url)) this.#named.add(origin);
    return needed;
  }

  /** True for what the run has already fetched as a page. */
  #isPage(url: string): boolean {
    return this.#pages.has(fingerprint(urlKey(url)));
  }

  #due(isWanted: (kind: RequisiteKind) => boolean = () => true): Needed[] {
    return [...this.#needed.values()]
      .filter(({ outcome, kind }) => outcome === null && isWanted(kind))
      .sort(byNeed);
  }

  /**
   * Fetches files, and notes what they name. A file is within the budget when those before it have left something of
   * it, whichever came first: a replay finds the same.
   */
  async #fetchAll(
    due: readonly Needed[],
    concurrency: number,
    fetchOne: (needed: Needed) => Promise<{ outcome: Outcome; found: readonly Requisite[] }>,
  ): Promise<void> {
    const came: Awaited<ReturnType<typeof fetchOne>>[] = [];
    const spent = this.#spent;
    let settled = 0;
    const settle = () => {
      for (let one = came[settled]; one !== undefined; one = came[++settled]) {
        const needed = due[settled] as Needed;
        needed.outcome = this.#isSpent() ? { reason: OVER } : one.outcome;
        if (this.#isSpent()) continue;
        spent.files++;
        if ("bytes" in one.outcome) spent.bytes += one.outcome.bytes;
        for (const requisite of one.found) this.#noteNested(requisite, needed);
      }
    };
    await fewAtATime(due, concurrency, async (needed, at) => {
      came[at] = this.#isSpent()
        ? { outcome: { reason: OVER }, found: [] }
        : await fetchOne(needed);
      settle();
    });
  }

  #noteNested(requisite: Requisite, from: Needed): void {
    const needed = this.#note(requisite);
    if (needed === null || needed.pages >= from.pages) return;
    needed.pages = from.pages;
    needed.samples.splice(0, MOST_SAMPLES, ...from.samples);
  }

  #isSpent(): boolean {
    const { files, bytes } = this.#site.requisites;
    return this.#spent.files >= files || this.#spent.bytes >= bytes;
  }

  #report(load: RequisiteReport["load"]): Omit<RequisiteReport, "cost"> {
    const { files, bytes } = this.#site.requisites;
    const [stored, missing] = [{ files: 0, bytes: 0 }, [] as RequisiteReport["missing"][number][]];
    let [beyond, more] = [this.#unkept, this.#unkept];
    for (const { url, outcome, pages, samples } of [...this.#needed.values()].sort(byNeed)) {
      if (outcome !== null && "bytes" in outcome) {
        stored.files++;
        stored.bytes += outcome.bytes;
        continue;
      }
      const reason = outcome?.reason ?? STOPPED;
      if (reason === OVER) beyond++;
      if (missing.length < MOST_NAMED) missing.push({ url, reason, pages, samples });
      else more++;
    }
    const { count: crowded, first } = this.#crowded;
    const notes: string[] = [];
    if (beyond > 0)
      notes.push(
        `the budget of \`requisites\` (${count(files, "file")}, ${bytes} bytes) was used up: ${count(beyond, "file")} that pages need ${beyond === 1 ? "is" : "are"} not in the capture; raise \`requisites.files\` or \`requisites.bytes\` of the site file`,
      );
    if (crowded > 0)
      notes.push(
        `${count(crowded, "page or style sheet names", "pages or style sheets name")} more than ${MOST_OF_ONE} files to be looked at, first ${first}: the others are not in the capture`,
      );
    return { load, ...stored, missing, more, notes };
  }
}

const STOPPED = "the run was stopped";

function outcomeOf(response: MediaResponse): Outcome {
  if ("page" in response) return { bytes: response.page.body.length };
  return { reason: response.failure?.reason ?? STOPPED };
}

function byNeed(a: Needed, b: Needed): number {
  return b.pages - a.pages || byCodeUnits(a.url, b.url);
}
