/** Drafts that failed, kept whole: the record, its issues and the page it was read from. */
import { join } from "node:path";
import { z } from "zod";
import { type Disk, unless } from "../disk/disk.js";
import { readJson } from "../disk/read.js";
import type { Span } from "../disk/staging.js";
import type { Outcome, Rejection } from "../model.js";
import type { Run } from "../schema/run-report.js";
import { jsonText } from "../text.js";
import { urlKey } from "../url/url.js";
import type { ArchiveIndex } from "./nouns.js";

/** What record.json must say so that a folder can be matched to its line of the ledger. */
const record = z.looseObject({
  url: z.string(),
  data: z.looseObject({ aliases: z.array(z.string()).catch([]) }),
});

/** Keys (`urlKey`) of the URLs under which the ledger may name a quarantined draft; null when record.json is damaged. */
export async function recordKeys(path: string, disk: Disk): Promise<readonly string[] | null> {
  const { value } = await readJson(path, record, disk);
  return value === undefined ? null : [value.url, ...value.data.aliases].map(urlKey);
}

/** What a run has rejected. */
export class Quarantine {
  readonly #files = new Map<string, Span>();
  /** Taken before the first file is staged, since calls may overlap. */
  readonly #folders = new Set<string>();

  /** Stages the three files of a rejection. Two drafts with one id get folders of their own. */
  async add(
    rejection: Rejection,
    stage: (content: Uint8Array | string) => Promise<Span>,
  ): Promise<void> {
    const { id, url, draft, issues, page } = rejection;
    let folder = id;
    for (let next = 2; this.#folders.has(folder); next++) folder = `${id}-${next}`;
    this.#folders.add(folder);
    const { slug, data, body, provenance } = draft;
    const { requestedUrl, status, headers } = page;
    // Of the headers only this one: others hold the time of day, and the same pages give the same bytes.
    const contentType = headers["content-type"] ?? null;
    const from = { url: page.url, requestedUrl, status, contentType };
    const kept = { id, url, slug, data, body, provenance, page: from };
    this.#files.set(`quarantine/${folder}/record.json`, await stage(jsonText(kept)));
    this.#files.set(`quarantine/${folder}/issues.json`, await stage(jsonText(issues)));
    this.#files.set(`quarantine/${folder}/page.html`, await stage(page.body));
  }

  files(): ReadonlyMap<string, Span> {
    return this.#files;
  }

  /** Files of earlier rejections whose lines the ledger keeps. */
  async kept(
    root: string,
    { owned }: ArchiveIndex,
    run: Run,
    ledger: readonly Outcome[],
    disk: Disk,
  ): Promise<string[]> {
    const now = new Set(run.outcomes.map(({ url }) => urlKey(url)));
    const wanted = new Set<string>();
    for (const { url, state } of ledger)
      if (state === "rejected" && !now.has(urlKey(url))) wanted.add(urlKey(url));
    if (wanted.size === 0) return [];
    const kept: string[] = [];
    for (const path of owned) {
      const [, folder] = /^quarantine\/([^/]+)\/record\.json$/.exec(path) ?? [];
      if (folder === undefined || this.#folders.has(folder)) continue;
      const keys = await recordKeys(join(root, path), disk).catch(unless("ENOENT"));
      if (keys?.some((key) => wanted.has(key)))
        kept.push(...FILE_NAMES.map((name) => `quarantine/${folder}/${name}`));
    }
    return kept;
  }
}

/** Files of a quarantine folder. */
export const FILE_NAMES = ["record.json", "issues.json", "page.html"] as const;
