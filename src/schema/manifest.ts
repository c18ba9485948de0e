/** The schema of archive.json. */
import { z } from "zod";
import { STATES } from "../model.js";
import { ENTRY_SCHEMA } from "./entry.js";
import { ownShape } from "./fields.js";
import { archivePath, count, optional, sha256, siteName } from "./words.js";

/** Version of the archive's layout. A reader refuses a higher one. */
export const FORMAT_VERSION = 1;

/** What archive.json holds. */
export const manifest = z
  .strictObject({
    formatVersion: z.literal(FORMAT_VERSION).describe("Version of the archive's layout."),
    site: siteName.describe("Name of the site."),
    generator: z.string().min(1).describe("Program and version that wrote the archive."),
    entrySchema: z.literal(ENTRY_SCHEMA).describe("$id of the schema of an entry."),
    own: optional(
      ownShape,
      "What entries have beside the keys of every entry; left out where they have nothing.",
    ),
    counts: z
      .strictObject({
        listed: count.describe("URLs ever listed."),
        ...Object.fromEntries(STATES.map((state) => [state, count.describe(`Of them ${state}.`)])),
      })
      .describe("URLs of the ledger by state."),
    files: z
      .array(
        z.strictObject({
          path: archivePath.describe("Path in the archive."),
          bytes: count.describe("Size."),
          sha256: sha256.describe("SHA-256 in lower-case hexadecimal."),
        }),
      )
      .describe(
        "Every other file, sorted by path in code unit order; captures/ and snapshots/ left out.",
      ),
  })
  .meta({
    $id: "urn:sitelift:archive:1",
    title: "sitelift archive.json",
    description: "What an archive holds, with the size and checksum of each file.",
  });
export type Manifest = z.output<typeof manifest>;
