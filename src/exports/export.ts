/**
 * An export is one function from a publication to files. A publication is an archive in which every entry has
 * a path on the new site, and bodies link to those paths. An `address` is such a path.
 */
import type { StoredArchive } from "../archive/read/archive.js";
import type { EntryData, FieldValue } from "../model.js";
import type { Kind, OwnShape, SingleKind } from "../schema/fields.js";

/** One file of an export. Text is written as UTF-8. */
export interface ExportFile {
  /** With `/` as separator, relative to the folder of the export. */
  readonly path: string;
  readonly content: string | Uint8Array | AsyncIterable<Uint8Array>;
}

/** A target: how an archive becomes its files. */
export interface Export {
  /**
   * Where files of `media/` go: into this folder of the export, and below this path of the new site. Left
   * out, media are not written and bodies keep the URLs of the old site.
   */
  readonly media?: { readonly folder: string; readonly address: string };
  /** Permalink pattern where the target cannot have the usual `/:language/:year/:slug/`. */
  readonly permalink?: string;
  /** False where the paths of the target do not end in a slash. */
  readonly trailingSlash?: boolean;
  /** The same publication gives the same files, in the same order. */
  files(publication: Publication): AsyncIterable<ExportFile> | Iterable<ExportFile>;
}

export interface PublishedEntry {
  readonly id: string;
  /** Name of its content file; unique in its folder. */
  readonly slug: string;
  /** Its content file in the archive. */
  readonly path: string;
  /** Front matter as in the archive. */
  readonly data: EntryData;
  /** Markdown; links to other entries and to media point to the new site. */
  readonly body: string;
  /** Path on the new site below `--base`, not percent-encoded: `/en/2021/bridge-of-boats/`. */
  readonly address: string;
  /** The same as a link has it: with `--base`, percent-encoded. */
  readonly href: string;
  /** Path of its file in the content folder of the export, without extension: `en/2021/bridge-of-boats`. */
  readonly file: string;
  /** Its translations that are part of the archive, itself left out, sorted by language. */
  readonly translations: readonly Translation[];
  /** The same for an entry and all its translations: the smallest of their ids. */
  readonly translationKey: string;
  /** Old paths that redirect to it on any host, percent-encoded, without those that have a query. */
  readonly oldPaths: readonly string[];
  /** The site's own fields that it has, in the order of the site file, null ones too. */
  readonly fields: readonly PublishedField[];
  /** Media of `data` that were fetched, with their paths on the new site. */
  readonly media: readonly PublishedMedia[];
  /** Those of them that the body does not name: a main picture, a gallery, attached files. */
  readonly beside: readonly PublishedMedia[];
  html(): string;
}

export interface PublishedField {
  readonly name: string;
  readonly kind: Kind;
  /** Kind of one value: that of the field but for a list. */
  readonly of: SingleKind;
  /** Files and other entries by their paths on the new site, percent-encoded; links of Markdown lead there. */
  readonly value: FieldValue;
  /** As in the archive: files by their paths there, other entries by their ids. */
  readonly archived: FieldValue;
}

export interface Translation {
  readonly language: string;
  readonly id: string;
  readonly address: string;
  readonly href: string;
}

export interface PublishedMedia {
  /** Path in the archive. */
  readonly path: string;
  readonly sourceUrl: string;
  /** Path on the new site, percent-encoded; null where the export writes no media. */
  readonly href: string | null;
  readonly alt: string | null;
  /** Of an image its title, of an attached file the words of the link to it. */
  readonly title: string | null;
  readonly caption: string | null;
  /** `image` where the old site showed it, `file` where it played it or linked to it. */
  readonly kind: "image" | "file";
  readonly mediaType: string | null;
  readonly bytes: number | null;
  readonly sha256: string | null;
}

export interface Redirect {
  /** Scheme and host, where the same path belongs to other entries on other hosts; null otherwise. */
  readonly origin: string | null;
  /** Old path and query, percent-encoded. */
  readonly from: string;
  /** New path, percent-encoded. */
  readonly to: string;
  readonly status: number;
  readonly entry: string;
  readonly language: string;
}

export interface Language {
  readonly tag: string;
  readonly direction: "ltr" | "rtl";
  readonly entries: number;
}

/** Something that will be different on the new site. */
export interface ExportWarning {
  readonly code: string;
  /** Path of the entry's content file in the archive; null when it concerns the whole export. */
  readonly path: string | null;
  readonly message: string;
}

/** An archive with the paths of a new site. */
export interface Publication {
  readonly name: string;
  readonly archive: StoredArchive;
  /** What its entries have beside the keys of every entry. */
  readonly own: OwnShape;
  /** Path prefix of the new site, without a slash at its end; empty when it has none. */
  readonly base: string;
  /** The one with most entries first. */
  readonly languages: readonly Language[];
  /** Old URLs, sorted; those that do not change are left out. */
  readonly redirects: readonly Redirect[];
  /** Entries with their bodies, sorted by id, one at a time. Every call reads them again. */
  entries(): AsyncIterable<PublishedEntry>;
  /** Reports what will be different. */
  warn(warning: ExportWarning): void;
}
