/** An archive and its captures as one WACZ package (https://specs.webrecorder.net/wacz/1.1.1/), the same bytes for the same input. */
import { basename, dirname, join, resolve, sep } from "node:path";
import { CAPTURE_FILES, CAPTURES, captureNames, indexLines, PRUNED } from "../../capture/layout.js";
import { type Disk, explainDisk, explained, realDisk, unless } from "../../disk/disk.js";
import { placeInside, statFolder, writeDurable } from "../../disk/files.js";
import { LOCK, STAGING } from "../../disk/layout.js";
import { hashFile, hashOf, jsonLines, readChunks, readJson } from "../../disk/read.js";
import { CliError, EXIT } from "../../error.js";
import { type CaptureAccount, captureAccount, recordLine } from "../../schema/capture.js";
import { entryLine } from "../../schema/entry.js";
import { byCodeUnits, few, jsonText } from "../../text.js";
import { cdxjText } from "../../warc/cdxj.js";
import { FILES } from "../layout.js";
import { manifestIn, refuseUnfinished } from "../manifest.js";
import { type Signing, signedData } from "../signature.js";
import { type Indexes, type RepairedWarc, repairedWarcs } from "./repair.js";
import { storedZip, type ZipPart } from "./stored-zip.js";

/**
 * Packs the finished captures of an archive and its entries.
 *
 * @param out path of the package
 * @param signing signs the package; null for one that is not signed
 * @throws {CliError} when there is nothing to pack, a file is not the one that archive.json or the
 *   account of its capture lists, a run is in progress in the archive, or a disk fails
 */
export async function packArchive(
  folder: string,
  out: string,
  generator: string,
  {
    signing = null,
    disk = realDisk,
  }: { readonly signing?: Signing | null; readonly disk?: Disk } = {},
) {
  const [root, target] = [resolve(folder), resolve(out)];
  refusePlace(root, target);
  const read = collect(root, generator, signing, disk);
  const { parts, created, captures } = await explained(read, root, "read");
  try {
    await statFolder(dirname(target), disk, "Make it, or choose another place with --out.");
    const zip = storedZip(parts, created);
    const { bytes, sha256 } = await writeDurable(dirname(target), basename(target), zip, disk);
    return { path: target, bytes, sha256, captures, files: parts.length };
  } catch (error) {
    throw explainDisk(error, target);
  } finally {
    // Nothing is left beside the package, written or not.
    await disk.rmdir(join(dirname(target), STAGING)).catch(() => undefined);
  }
}

/** An archive holds packages beside its files, and never in the place of one. */
function refusePlace(root: string, out: string): void {
  if (out !== root && !out.startsWith(root + sep)) return;
  if (dirname(out) === root && out.endsWith(".wacz")) return;
  throw new CliError(`${out} is a place of the archive's own files`, {
    hint: "Choose another place with --out; in the archive, only a name that ends in .wacz.",
  });
}

/** All that goes into the package, checked. */
async function collect(root: string, generator: string, signing: Signing | null, disk: Disk) {
  const manifest = await manifestIn(root, disk);
  await refuseUnfinished(root, [LOCK, STAGING], disk);
  const parts: ZipPart[] = [];
  const damages: string[] = [];
  for (const { path, sha256 } of manifest.files) {
    const part = await fromFile(`entries/${path}`, root, path, disk);
    if (part?.sha256 === sha256) parts.push(part);
    else damages.push(part === null ? `${path} is missing` : `${path} is another file`);
  }
  if (damages.length > 0) throw damaged(root, damages);
  const own = await fromFile(`entries/${FILES.manifest}`, root, FILES.manifest, disk);
  if (own !== null) parts.push(own);
  const captures: FinishedCapture[] = [];
  for (const name of await captureNames(root, disk)) {
    const capture = await finishedCapture(root, name, disk);
    if (capture !== null) captures.push(capture);
  }
  if (captures.length === 0)
    throw new CliError(`${root} holds no finished capture`, {
      hint: "A crawl leaves one; a build and a dry run leave none.",
    });
  const [created = ""] = captures
    .map(({ account }) => account.finishedAt)
    .sort(byCodeUnits)
    .reverse();
  const names = captures.map(({ name }) => name);
  const broken = (path: string) => damaged(root, [`${path} has a line that is not CDXJ`]);
  const indexes = new Map(names.map((name) => [name, () => indexLines(root, name, disk, broken)]));
  const repaired = await repairedWarcs(root, indexes, disk);
  for (const capture of captures) parts.push(...partsOf(capture, repaired.get(capture.name)));
  const history = await fromFile(PRUNED, root, PRUNED, disk);
  if (history !== null) parts.push(history);
  parts.push(inline("indexes/index.cdx", await indexOf(indexes, repaired)));
  parts.push(inline("pages/pages.jsonl", await pagesOf(root, names, disk)));
  parts.sort((a, b) => byCodeUnits(a.path, b.path));
  const description = inline(
    "datapackage.json",
    jsonText({
      profile: "data-package",
      wacz_version: "1.1.1",
      title: manifest.site,
      created,
      modified: created,
      software: generator,
      resources: parts.map(({ path, bytes, sha256 }) => ({
        name: basename(path).toLowerCase(),
        path,
        hash: `sha256:${sha256}`,
        bytes,
      })),
    }),
  );
  const hash = `sha256:${description.sha256}`;
  const signed = signing === null ? {} : { signedData: signedData(hash, signing) };
  const digest = jsonText({ path: description.path, hash, ...signed });
  const all = [...parts, description, inline("datapackage-digest.json", digest)];
  return { parts: all, created, captures: captures.length };
}

/** One index of all captures, sorted. */
async function indexOf(
  indexes: Indexes,
  repaired: ReadonlyMap<string, RepairedWarc>,
): Promise<string> {
  const texts: string[] = [];
  for (const [name, lines] of indexes)
    for await (const line of repaired.get(name)?.lines ?? lines())
      texts.push(cdxjText({ ...line, filename: `${name}.warc.gz` }));
  return texts.sort(byCodeUnits).join("");
}

/** The articles, each once, at its newest capture: a viewer begins with one of them. @param names oldest first */
async function pagesOf(root: string, names: readonly string[], disk: Disk): Promise<string> {
  const titles = new Map<string, string>();
  for await (const { value: entry } of jsonLines(join(root, FILES.entries), entryLine, disk))
    if (entry !== undefined) titles.set(entry.id, entry.data.title);
  const pages = new Map<string, { id: string; url: string; ts: string; title: string }>();
  for (const name of names) {
    const records = join(root, CAPTURES, name, CAPTURE_FILES.records);
    for await (const { value: line } of jsonLines(records, recordLine, disk)) {
      const page = line?.page ?? null;
      if (line === undefined || page === null) continue;
      const id = page.record.replace(/^<urn:uuid:|>$/g, "");
      // Of rows without a page of their own, this is the listing page.
      const isListing = page.url === line.listing?.url;
      const title = isListing ? page.url : (titles.get(line.entry) ?? page.url);
      pages.set(page.url, { id, url: page.url, ts: page.fetchedAt, title });
    }
  }
  const head = { format: "json-pages-1.0", id: "pages", title: "Articles" };
  return [head, ...pages.values()].map((line) => `${JSON.stringify(line)}\n`).join("");
}

function inline(path: string, text: string): ZipPart {
  const source = Buffer.from(text);
  return { path, content: () => [source], bytes: source.length, sha256: hashOf(source) };
}

/** A file of the archive; null when it is missing. */
async function fromFile(path: string, root: string, source: string, disk: Disk) {
  const file = await placeInside(root, source, disk);
  const stats = await disk.lstat(file).catch(unless("ENOENT"));
  if (!stats?.isFile()) return null;
  const content = async function* () {
    try {
      yield* readChunks(file, disk);
    } catch (error) {
      throw explainDisk(error, root, "read");
    }
  };
  return { path, content, bytes: stats.size, sha256: await hashFile(file, disk) };
}

interface FinishedCapture {
  readonly name: string;
  readonly account: CaptureAccount;
  readonly data: ZipPart;
  /** Its other files, but for the index, which becomes part of that of the package. */
  readonly others: readonly ZipPart[];
}

/** Null for a capture that was not finished. */
async function finishedCapture(
  root: string,
  name: string,
  disk: Disk,
): Promise<FinishedCapture | null> {
  const folder = `${CAPTURES}/${name}`;
  const accountPath = `${folder}/${CAPTURE_FILES.account}`;
  const own = await fromFile(accountPath, root, accountPath, disk);
  if (own === null) return null;
  const { value: account } = await readJson(join(root, accountPath), captureAccount, disk);
  if (account === undefined)
    throw damaged(root, [`${accountPath} is not the account of a capture`]);
  const damages: string[] = [];
  const others = [own];
  let data: ZipPart | null = null;
  for (const { path, sha256 } of account.files) {
    const isData = path === CAPTURE_FILES.data;
    const place = isData ? `archive/${name}.warc.gz` : `${folder}/${path}`;
    const part = await fromFile(place, root, `${folder}/${path}`, disk);
    if (part === null) damages.push(`${folder}/${path} is missing`);
    else if (part.sha256 !== sha256) damages.push(`${folder}/${path} is another file`);
    else if (isData) data = part;
    else if (path !== CAPTURE_FILES.index) others.push(part);
  }
  if (data === null) damages.push(`${accountPath} lists no whole ${CAPTURE_FILES.data}`);
  if (data === null || damages.length > 0) throw damaged(root, damages);
  return { name, account, data, others };
}

/** What of a capture is in the package. */
function partsOf(
  { name, account, data, others }: FinishedCapture,
  repaired: RepairedWarc | undefined,
): ZipPart[] {
  if (repaired === undefined) return [data, ...others];
  const { bytes, sha256 } = repaired;
  const files = account.files.map((file) =>
    file.path === CAPTURE_FILES.data ? { ...file, bytes, sha256 } : file,
  );
  const path = `${CAPTURES}/${name}/${CAPTURE_FILES.account}`;
  const changed = inline(path, jsonText({ ...account, files }));
  return [{ ...data, ...repaired }, ...others.map((part) => (part.path === path ? changed : part))];
}

/** How many damages are named. */
const NAMED = 10;

function damaged(root: string, damages: readonly string[]): CliError {
  return new CliError(`${root} is damaged, and nothing was packed`, {
    exitCode: EXIT.findings,
    details: few(damages, NAMED),
    hint: "`sitelift verify` lists every damage.",
  });
}
