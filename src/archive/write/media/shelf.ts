/** The images and attachments of an archive: those that are there, those that a run wants, and what came of them. */
import { basename, join } from "node:path";
import { type Disk, errorCode } from "../../../disk/disk.js";
import { isReachable } from "../../../disk/files.js";
import { hashFile, hashOf } from "../../../disk/read.js";
import type { Span } from "../../../disk/staging.js";
import type { Media, Page } from "../../../model.js";
import { byCodeUnits } from "../../../text.js";
import { slugify, styleOriginal } from "../../../url.js";
import { fileType } from "./type.js";

/** A stored file, or one that is about to be. Files with equal bytes are one. */
export interface StoredFile {
  readonly sha256: string;
  readonly bytes: number;
  readonly mediaType: string;
  readonly extension: string;
  /** Where its bytes stand: in the staging file of this run, or at a path of the archive. */
  readonly from: Span | string;
}

/** What is known of one address. */
interface Known {
  readonly file: StoredFile;
  /** Address that gave the bytes: the original's, where the text shows a scaled one. */
  readonly sourceUrl: string;
}

/** A wish of one or more entries. */
export interface MediaWish {
  /** As the text has it. */
  readonly address: string;
  /** Addresses to try, in order. */
  readonly candidates: readonly string[];
  readonly wanted: "image" | "file";
}

export class Shelf {
  readonly #files = new Map<string, StoredFile>();
  readonly #known = new Map<string, Known>();
  readonly #failures = new Map<string, string>();
  readonly #wishes = new Map<string, MediaWish>();

  /** Notes a file that an earlier run stored. */
  keep(media: Media): void {
    const { sourceUrl, path, sha256, bytes, mediaType } = media;
    if (path === null || sha256 === null || bytes === null || mediaType === null) return;
    const extension = /\.([^./]+)$/.exec(path)?.[1] ?? "bin";
    const file = { sha256, bytes, mediaType, extension, from: path };
    if (!this.#files.has(sha256)) this.#files.set(sha256, file);
    this.#known.set(sourceUrl, { file: this.#files.get(sha256) ?? file, sourceUrl });
  }

  /** Forgets a file whose bytes are not what they were; it will be wished for again. */
  forget(sha256: string): void {
    this.#files.delete(sha256);
    for (const [address, { file }] of this.#known)
      if (file.sha256 === sha256) this.#known.delete(address);
  }

  /** Files of earlier runs. */
  kept(): readonly StoredFile[] {
    return [...this.#files.values()].filter(({ from }) => typeof from === "string");
  }

  /** Notes what an entry shows or offers. */
  wish({ sourceUrl, kind = "file" }: Pick<Media, "sourceUrl" | "kind">): void {
    const before = this.#wishes.get(sourceUrl);
    if (before?.wanted === "image") return;
    const original = styleOriginal(sourceUrl);
    const candidates = original === null ? [sourceUrl] : [original, sourceUrl];
    this.#wishes.set(sourceUrl, { address: sourceUrl, candidates, wanted: kind });
  }

  /** Wishes that no stored file fulfils, in the order in which they were noted. */
  open(all: boolean): readonly MediaWish[] {
    return [...this.#wishes.values()].filter(({ address }) => all || this.of(address) === null);
  }

  /** Takes an answer. @returns why it is not stored; null when it is */
  async take(
    wish: MediaWish,
    sourceUrl: string,
    page: Page,
    stage: (bytes: Uint8Array) => Promise<Span>,
  ): Promise<string | null> {
    const type = await fileType(page.body, page.url, wish.wanted);
    if ("refused" in type) return type.refused;
    const sha256 = hashOf(page.body);
    let file = this.#files.get(sha256);
    if (file === undefined) {
      const from = await stage(page.body);
      file = this.#files.get(sha256) ?? { sha256, bytes: page.body.length, ...type, from };
      this.#files.set(sha256, file);
    }
    this.#known.set(sourceUrl, { file, sourceUrl });
    this.#failures.delete(wish.address);
    return null;
  }

  fail(wish: MediaWish, reason: string): void {
    this.#failures.set(wish.address, reason);
  }

  /** Why an address gave nothing in this run; null when it did, or was not asked. */
  failure(address: string): string | null {
    return this.#failures.get(address) ?? null;
  }

  /** The file behind an address of a text; null when there is none. */
  of(address: string): Known | null {
    const original = styleOriginal(address);
    return (
      (original === null ? undefined : this.#known.get(original)) ??
      this.#known.get(address) ??
      null
    );
  }
}

/** True when a file of an earlier run stands where it should, with the bytes that it had. */
export async function isIntact(root: string, file: StoredFile, disk: Disk): Promise<boolean> {
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

/** Longest readable part of a name, in code points: the rest of the address is in `sourceUrl`. */
const MOST = 60;

/**
 * Paths of files that entries refer to, by their hashes: a readable name, the hash's first 16 digits,
 * the extension of what the file is. Of several addresses the first in code unit order names it, so
 * that a name depends on nothing but the archive's content.
 */
export function mediaPaths(
  used: Iterable<{ readonly file: StoredFile; readonly sourceUrl: string }>,
): Map<string, string> {
  const names = new Map<string, { name: string; extension: string }>();
  for (const { file, sourceUrl } of used) {
    const name = readable(sourceUrl);
    const known = names.get(file.sha256);
    if (known === undefined || byCodeUnits(name, known.name) < 0)
      names.set(file.sha256, { name, extension: file.extension });
  }
  return new Map(
    [...names].map(([sha256, { name, extension }]) => [
      sha256,
      `media/${name}-${sha256.slice(0, 16)}.${extension}`,
    ]),
  );
}

function readable(address: string): string {
  const segment = basename(new URL(address).pathname);
  let name = segment;
  try {
    name = decodeURIComponent(segment);
  } catch {
    // Bytes that are not UTF-8 name nothing that could be read.
  }
  const slug = slugify([...name.replace(/\.[a-z0-9]{1,8}$/i, "")].slice(0, MOST).join(""));
  return slug === "" ? "file" : slug;
}
