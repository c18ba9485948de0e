/** An archive and its captures as one WACZ package (https://specs.webrecorder.net/wacz/1.1.1/), the same bytes for the same input. */
import { createHash } from "node:crypto";
import { basename, dirname, join, resolve } from "node:path";
import { ZipFile } from "yazl";
import { CliError } from "../error.js";
import { captureAccount, recordLine } from "../validate/capture.js";
import { entryLine } from "../validate/entry.js";
import { cdxjText, parseCdxj } from "../warc/cdxj.js";
import { captureNames } from "./capture/unfinished.js";
import { type Disk, realDisk, unless } from "./disk.js";
import { explainDisk } from "./explain-disk.js";
import { writeDurable } from "./files.js";
import { CAPTURE_FILES, CAPTURES, FILES, STAGING } from "./layout.js";
import { byCodeUnits } from "./order.js";
import { parseJson, readManifest } from "./previous.js";
import { hashFile, readLines, readWhole } from "./reading.js";

export interface Packed {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly captures: number;
  readonly files: number;
}

/** What stands in a package: its path there, and a file of the archive or bytes. */
interface Part {
  readonly path: string;
  readonly source: string | Uint8Array;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Packs the finished captures of an archive and its entries.
 *
 * @param out path of the package
 * @throws {CliError} when there is nothing to pack, a capture is damaged, or the disk fails
 */
export async function packArchive(
  folder: string,
  out: string,
  generator: string,
  disk: Disk = realDisk,
): Promise<Packed> {
  const root = resolve(folder);
  try {
    return await pack(root, resolve(out), generator, disk);
  } catch (error) {
    throw explainDisk(error, root, "read");
  }
}

async function pack(root: string, out: string, generator: string, disk: Disk): Promise<Packed> {
  const manifest = await readManifest(root, disk);
  if (manifest === null)
    throw new CliError(`${root} is not an archive: it has no ${FILES.manifest}`);
  const parts: Part[] = [];
  let created = "";
  const names: string[] = [];
  for (const name of await captureNames(root, disk)) {
    const finishedAt = await addCapture(root, name, parts, disk);
    if (finishedAt === null) continue;
    names.push(name);
    if (finishedAt > created) created = finishedAt;
  }
  if (names.length === 0)
    throw new CliError(`${root} holds no finished capture`, {
      hint: "A crawl leaves one; a build and a dry run leave none.",
    });
  parts.push(inline("indexes/index.cdx", await indexOf(root, names, disk)));
  parts.push(inline("pages/pages.jsonl", await pagesOf(root, names, disk)));
  for (const { path } of [...manifest.files, { path: FILES.manifest }])
    parts.push(await fromFile(`entries/${path}`, join(root, path), disk));
  parts.sort((a, b) => byCodeUnits(a.path, b.path));
  const description = inline(
    "datapackage.json",
    describe(manifest.site, generator, created, parts),
  );
  const digest = json({ path: description.path, hash: `sha256:${description.sha256}` });
  const all = [...parts, description, inline("datapackage-digest.json", digest)];
  const written = await writeDurable(dirname(out), basename(out), zipOf(all, created), disk);
  await disk.rmdir(join(dirname(out), STAGING)).catch(() => undefined);
  const { bytes, sha256 } = written;
  return { path: out, bytes, sha256, captures: names.length, files: all.length };
}

/** @returns when the capture was finished; null when it was not */
async function addCapture(
  root: string,
  name: string,
  parts: Part[],
  disk: Disk,
): Promise<string | null> {
  const folder = join(root, CAPTURES, name);
  const text = await readWhole(join(folder, CAPTURE_FILES.account), disk).catch(unless("ENOENT"));
  if (text === undefined) return null;
  const account = captureAccount.safeParse(parseJson(Buffer.from(text).toString("utf8"))).data;
  if (account === undefined) throw damaged(root, `${name}/${CAPTURE_FILES.account}`);
  for (const { path, sha256 } of account.files) {
    const place =
      path === CAPTURE_FILES.data ? `archive/${name}.warc.gz` : `captures/${name}/${path}`;
    const part = await fromFile(place, join(folder, path), disk);
    if (part.sha256 !== sha256) throw damaged(root, `${name}/${path}`);
    if (path !== CAPTURE_FILES.index) parts.push(part);
  }
  parts.push(
    await fromFile(
      `captures/${name}/${CAPTURE_FILES.account}`,
      join(folder, CAPTURE_FILES.account),
      disk,
    ),
  );
  return account.finishedAt;
}

function damaged(root: string, what: string): CliError {
  return new CliError(`${what} of ${root} is damaged`, {
    hint: "`sitelift verify` lists every damage. A damaged capture is not packed.",
  });
}

/** One index of all captures, sorted. */
async function indexOf(root: string, names: readonly string[], disk: Disk): Promise<string> {
  const lines: string[] = [];
  for (const name of names) {
    const path = join(root, CAPTURES, name, CAPTURE_FILES.index);
    for await (const { text } of readLines(path, disk)) {
      const line = parseCdxj(text);
      if (line === null) throw damaged(root, `${name}/${CAPTURE_FILES.index}`);
      lines.push(cdxjText({ ...line, filename: `${name}.warc.gz` }));
    }
  }
  return lines.sort(byCodeUnits).join("");
}

/** The articles of each capture, by which a viewer is entered. */
async function pagesOf(root: string, names: readonly string[], disk: Disk): Promise<string> {
  const titles = new Map<string, string>();
  for await (const { text } of readLines(join(root, FILES.entries), disk)) {
    const entry = entryLine.safeParse(parseJson(text)).data;
    if (entry !== undefined) titles.set(entry.id, entry.data.title);
  }
  const pages: { id: string; url: string; ts: string; title: string }[] = [];
  for (const name of names)
    for await (const { text } of readLines(
      join(root, CAPTURES, name, CAPTURE_FILES.records),
      disk,
    )) {
      const line = recordLine.safeParse(parseJson(text)).data;
      const page = line?.page ?? null;
      if (line === undefined || page === null) continue;
      const id = page.record.replace(/^<urn:uuid:|>$/g, "");
      const title = titles.get(line.entry) ?? page.url;
      pages.push({ id, url: page.url, ts: page.fetchedAt, title });
    }
  const head = { format: "json-pages-1.0", id: "pages", title: "Articles" };
  return [head, ...pages].map((line) => `${JSON.stringify(line)}\n`).join("");
}

function describe(
  site: string,
  generator: string,
  created: string,
  parts: readonly Part[],
): string {
  return json({
    profile: "data-package",
    wacz_version: "1.1.1",
    title: site,
    created,
    modified: created,
    software: generator,
    resources: parts.map(({ path, bytes, sha256 }) => ({
      name: basename(path).toLowerCase(),
      path,
      hash: `sha256:${sha256}`,
      bytes,
    })),
  });
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function inline(path: string, text: string): Part {
  const source = Buffer.from(text);
  const sha256 = createHash("sha256").update(source).digest("hex");
  return { path, source, bytes: source.length, sha256 };
}

async function fromFile(path: string, source: string, disk: Disk): Promise<Part> {
  const { size } = await disk.lstat(source);
  return { path, source, bytes: size, sha256: await hashFile(source, disk) };
}

/** Stored, not compressed, as the format demands of WARC files; dates as digits, which no time zone changes. */
function zipOf(parts: readonly Part[], created: string): AsyncIterable<Uint8Array> {
  const zip = new ZipFile();
  const [year = 0, month = 1, ...rest] = created.split(/\D/).slice(0, 6).map(Number);
  // ZIP holds local time: the digits of UTC are handed over as if they were local.
  const mtime = new Date(year, month - 1, ...(rest as [number, number, number, number]));
  const options = { compress: false, forceDosTimestamp: true, mtime, mode: 0o100644 };
  for (const { path, source } of parts)
    if (typeof source === "string") zip.addFile(source, path, options);
    else zip.addBuffer(Buffer.from(source), path, options);
  zip.end();
  return zip.outputStream as unknown as AsyncIterable<Uint8Array>;
}
