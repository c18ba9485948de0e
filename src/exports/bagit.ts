/** BagIt (RFC 8493): the whole archive with its captures and snapshots as the payload of a bag. */
import { createHash } from "node:crypto";
import type { StoredArchive } from "../archive/read/archive.js";
import { CliError } from "../error.js";
import type { Export, ExportFile } from "./export.js";

export const bagit: Export = {
  async *files({ archive }) {
    // Every file is read twice: its checksum must be known before the manifest is written.
    const listed = new Map(archive.manifest.files.map(({ path, sha256 }) => [path, sha256]));
    const sums: Sum[] = [];
    for (const path of await archive.paths())
      sums.push(await sumOf(archive, path, listed.get(path) ?? null));
    for (const { path } of sums) yield { path: `data/${path}`, content: archive.read(path) };
    const manifest = sums.map(({ path, sha512 }) => manifestLine(sha512, `data/${path}`)).join("");
    const tags: { path: string; content: string }[] = [
      { path: "bag-info.txt", content: bagInfo(archive, sums) },
      { path: "bagit.txt", content: "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n" },
      { path: "manifest-sha512.txt", content: manifest },
    ];
    yield* tags;
    const lines = tags.map(({ path, content }) => {
      const sha512 = createHash("sha512").update(content).digest("hex");
      return manifestLine(sha512, path);
    });
    yield { path: "tagmanifest-sha512.txt", content: lines.join("") } satisfies ExportFile;
  },
};

interface Sum {
  readonly path: string;
  readonly bytes: number;
  readonly sha512: string;
}

/**
 * @param listed SHA-256 of the file in archive.json; null when it is not listed there
 * @throws {CliError} when the file is damaged: a bag would certify the damage
 */
async function sumOf(archive: StoredArchive, path: string, listed: string | null): Promise<Sum> {
  const [sha256, sha512] = [createHash("sha256"), createHash("sha512")];
  let bytes = 0;
  try {
    for await (const chunk of archive.read(path)) {
      sha256.update(chunk);
      sha512.update(chunk);
      bytes += chunk.length;
    }
  } catch (error) {
    throw damaged(`${path} cannot be read: ${(error as Error).message}`);
  }
  if (listed !== null && listed !== sha256.digest("hex"))
    throw damaged(`${path} differs from what archive.json lists`);
  return { path, bytes, sha512: sha512.digest("hex") };
}

function damaged(message: string): CliError {
  return new CliError(message, { hint: "`sitelift verify` lists all damage." });
}

/** A line that `sha512sum -c` reads. Line ends and percent signs are encoded, and nothing else (RFC 8493, 2.1.3). */
function manifestLine(sha512: string, path: string): string {
  const encoded = path.replace(/[%\r\n]/g, encodeURIComponent);
  return `${sha512}  ${encoded}\n`;
}

/** No date: the same archive gives the same bag. */
function bagInfo({ manifest }: StoredArchive, sums: readonly Sum[]): string {
  const octets = sums.reduce((total, { bytes }) => total + bytes, 0);
  return [
    `Bag-Software-Agent: ${manifest.generator}`,
    `External-Identifier: ${manifest.site}`,
    `External-Description: Archive of ${manifest.site}: ${manifest.counts.listed} URLs listed`,
    `Payload-Oxum: ${octets}.${sums.length}`,
    "",
  ].join("\n");
}
