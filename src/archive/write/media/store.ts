/** The images and attachments of an archive: those that it has, those that a run wants, and what came of them. */
import { basename, join } from "node:path";
import { type Disk, errorCode } from "../../../disk/disk.js";
import { isReachable } from "../../../disk/files.js";
import { hashFile, hashOf } from "../../../disk/read.js";
import type { Span } from "../../../disk/staging.js";
import type { EmbeddedImage, Media, Page } from "../../../model.js";
import { byCodeUnits, percentDecode } from "../../../text.js";
import { slugify } from "../../../url/slug.js";
import { styleOriginal } from "../../../url/url.js";
import type { FileType } from "./kinds.js";
import { sniff } from "./sniff.js";

/** A stored file, or one that is about to be. Files with equal bytes are one. */
export interface StoredFile extends FileType {
  readonly sha256: string;
  readonly bytes: number;
  /** Where its bytes are: in the staging file of this run, or at a path of the archive. */
  readonly from: Span | string;
}

export interface KnownMedia {
  readonly file: StoredFile;
  /** URL that gave the bytes: the original's, where the text shows a scaled image. */
  readonly sourceUrl: string;
}

/** An image or attachment that one or more entries name. */
export interface MediaRequest {
  /** As the text has it. */
  readonly url: string;
  /** URLs to try, in order. */
  readonly candidates: readonly string[];
  readonly kind: "image" | "file";
}

export class MediaStore {
  readonly #files = new Map<string, StoredFile>();
  readonly #known = new Map<string, KnownMedia>();
  readonly #failures = new Map<string, string>();
  /** When a file of this run was captured, where it comes from a web archive. */
  readonly #captured = new Map<string, string>();
  readonly #requests = new Map<string, MediaRequest>();
  /** URLs of images whose bytes are in a page. */
  readonly #embedded = new Set<string>();
  #isChecked = false;

  /** Notes a file that an earlier run stored. */
  add({ sourceUrl, path, sha256, bytes, mediaType }: Media): void {
    if (path === null || sha256 === null || bytes === null || mediaType === null) return;
    const extension = /\.([^./]+)$/.exec(path)?.[1] ?? "bin";
    const file = this.#files.get(sha256) ?? { sha256, bytes, mediaType, extension, from: path };
    this.#files.set(sha256, file);
    this.#known.set(sourceUrl, { file, sourceUrl });
  }

  /** Forgets files of earlier runs whose bytes are not what they were: they are requested again. */
  async check(root: string, disk: Disk): Promise<void> {
    if (this.#isChecked) return;
    for (const [sha256, file] of this.#files) {
      if (await isIntact(root, file, disk)) continue;
      this.#files.delete(sha256);
      for (const [url, known] of this.#known)
        if (known.file === file) {
          this.#known.delete(url);
          this.#failures.set(url, "its file in the archive was damaged, and was not fetched again");
        }
    }
    this.#isChecked = true;
  }

  /** Takes an image whose bytes are in a page; where it is refused the reason is kept, and it is not requested. */
  async embed(
    { url, bytes }: EmbeddedImage,
    stage: (bytes: Uint8Array) => Promise<Span>,
  ): Promise<void> {
    this.#embedded.add(url);
    const request = { url, candidates: [url], kind: "image" } as const;
    const page = { url, requestedUrl: url, status: 200, headers: {}, body: bytes };
    const reason = await this.take(request, url, page, stage);
    if (reason !== null) this.fail(request, reason);
  }

  /** Notes what an entry shows or offers. */
  request({ sourceUrl: url, kind = "file" }: Pick<Media, "sourceUrl" | "kind">): void {
    if (this.#embedded.has(url)) return;
    if (this.#requests.get(url)?.kind === "image") return;
    const original = styleOriginal(url);
    this.#requests.set(url, { url, candidates: original === null ? [url] : [original, url], kind });
  }

  /** What no stored file answers, in the order in which it was requested. @param all also what one does */
  requests(all: boolean): readonly MediaRequest[] {
    return [...this.#requests.values()].filter(({ url }) => all || this.find(url) === null);
  }

  /** Takes a response. @returns why it is not stored; null when it is */
  async take(
    request: MediaRequest,
    sourceUrl: string,
    page: Page,
    stage: (bytes: Uint8Array) => Promise<Span>,
  ): Promise<string | null> {
    const type = await sniff(page.body, page, request.kind);
    if ("refused" in type) return type.refused;
    const sha256 = hashOf(page.body);
    let file = this.#files.get(sha256);
    if (file === undefined) {
      const from = await stage(page.body);
      file = this.#files.get(sha256) ?? { sha256, bytes: page.body.length, ...type, from };
      this.#files.set(sha256, file);
    }
    // Of two names of the same bytes the first counts, in whatever order they come.
    const isNew = typeof file.from !== "string";
    if (isNew && byCodeUnits(type.extension, file.extension) < 0) Object.assign(file, type);
    this.#known.set(sourceUrl, { file, sourceUrl });
    this.#failures.delete(request.url);
    if (page.memento !== undefined) this.#captured.set(request.url, page.memento.time);
    return null;
  }

  fail({ url }: MediaRequest, reason: string): void {
    this.#failures.set(url, reason);
  }

  /** Why a URL gave nothing in this run; null when it did, or was not requested. */
  failure(url: string): string | null {
    return this.#failures.get(url) ?? null;
  }

  get hasEmbedded(): boolean {
    return this.#embedded.size > 0;
  }

  /** What was requested, and why some of it did not come. */
  wanted() {
    const media = [...this.#requests.values()].map(({ url, kind }) => ({ sourceUrl: url, kind }));
    return { media, failures: [...this.#failures] };
  }

  /** All that `find`, `failure` and `captured` answer by, in an order of its own. */
  *state(): Generator<readonly unknown[], void, undefined> {
    const byUrl = <T>(map: ReadonlyMap<string, T>) =>
      [...map].sort(([a], [b]) => byCodeUnits(a, b));
    for (const [url, { file, sourceUrl }] of byUrl(this.#known)) {
      const { sha256, bytes, mediaType, extension } = file;
      yield [url, sourceUrl, sha256, bytes, mediaType, extension];
    }
    yield* byUrl(this.#failures);
    yield* byUrl(this.#captured);
  }

  /** When the file of a URL was captured: null for one of the live site, or of an earlier run. */
  captured(url: string): string | null {
    return this.#captured.get(url) ?? null;
  }

  /** The file of a URL as a text has it; null when there is none. */
  find(url: string): KnownMedia | null {
    const original = styleOriginal(url);
    return this.#known.get(original ?? url) ?? this.#known.get(url) ?? null;
  }
}

/** True when a file of an earlier run is where it should be, with the bytes that it had. */
async function isIntact(root: string, file: StoredFile, disk: Disk): Promise<boolean> {
  if (typeof file.from !== "string") return true;
  try {
    if (!(await isReachable(root, file.from.split("/"), disk))) return false;
    return (await hashFile(join(root, file.from), disk)) === file.sha256;
  } catch (error) {
    // Damage of any kind is healed by fetching again; what cannot be written then stops the run.
    if (errorCode(error) === null) throw error;
    return false;
  }
}

/** Longest readable part of a name, in code points: the rest of the URL is in `sourceUrl`. */
const MOST = 60;

/**
 * Paths of files that entries refer to, by their hashes: a readable name, the hash's first 16 digits,
 * the extension of what the file is. Of several URLs the first in code unit order names it, so
 * that a name depends on nothing but the archive's content.
 */
export function mediaPaths(used: Iterable<KnownMedia>): Map<string, string> {
  const names = new Map<string, string>();
  const paths = new Map<string, string>();
  for (const { file, sourceUrl } of used) {
    const { sha256, extension } = file;
    const [name, known] = [readable(sourceUrl), names.get(sha256)];
    if (known !== undefined && known <= name) continue;
    names.set(sha256, name);
    paths.set(sha256, `media/${name}-${sha256.slice(0, 16)}.${extension}`);
  }
  return paths;
}

function readable(url: string): string {
  const name = percentDecode(basename(new URL(url).pathname));
  const slug = slugify([...name.replace(/\.[a-z0-9]{1,8}$/i, "")].slice(0, MOST).join(""));
  return slug === "" ? "file" : slug;
}
