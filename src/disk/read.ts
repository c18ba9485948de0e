/** Files as whole bytes, pieces, text, lines, checked JSON and checksums. */
import { createHash, hash } from "node:crypto";
import { readFileSync, realpathSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import type { z } from "zod";
import { CliError } from "../error.js";
import { parseJson } from "../text.js";
import { type Disk, errorCode, realDisk } from "./disk.js";

const CHUNK = 1 << 16;

/**
 * A file of a folder that came from elsewhere. A pipe would be waited for without end, and a link may lead to any file
 * of this machine.
 *
 * @param path relative to the folder
 * @returns null when there is none
 * @throws {CliError} when it is not a file, or not below the folder
 */
export function readPlain(folder: string, path: string): Buffer | null {
  try {
    const [root, file] = [realpathSync(folder), realpathSync(join(folder, path))];
    if (!file.startsWith(root + sep))
      throw new CliError(`${join(folder, path)} leads out of ${folder}`, {
        hint: "Put the file itself in its place.",
      });
    if (!statSync(file).isFile())
      throw new CliError(`${join(folder, path)} is not a file`, { hint: "Move it elsewhere." });
    return readFileSync(file);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    throw error;
  }
}

/** Bytes of a file in pieces. Each piece is the caller's to keep. */
export async function* readChunks(
  path: string,
  disk: Disk = realDisk,
): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await disk.open(path, "read");
  try {
    for (let position = 0; ; ) {
      const buffer = new Uint8Array(CHUNK);
      const read = await file.read(buffer, position);
      if (read > 0) yield buffer.subarray(0, read);
      if (read < CHUNK) return;
      position += read;
    }
  } finally {
    await file.close();
  }
}

export async function readWhole(path: string, disk: Disk = realDisk): Promise<Uint8Array> {
  const file = await disk.open(path, "read");
  try {
    const buffer = new Uint8Array(await file.size());
    return buffer.subarray(0, await file.read(buffer, 0));
  } finally {
    await file.close();
  }
}

/** A whole file as text. Bytes that are not UTF-8 become U+FFFD. */
export async function readText(path: string, disk: Disk = realDisk): Promise<string> {
  return decodeText(await readWhole(path, disk));
}

/** Bytes in UTF-8 as text. Bytes that are not UTF-8 become U+FFFD. */
export function decodeText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}

/** One line of a file: its text without the line feed, and where its bytes are. */
export interface Line {
  readonly number: number;
  readonly text: string;
  readonly offset: number;
  readonly length: number;
  /** False for a last line that does not end in a line feed. */
  readonly ended: boolean;
}

/** Lines of a UTF-8 file, one at a time. Bytes that are not UTF-8 throw a TypeError. */
export async function* readLines(
  path: string,
  disk: Disk = realDisk,
): AsyncGenerator<Line, void, undefined> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let pending: Uint8Array[] = [];
  let offset = 0;
  let number = 0;
  const take = (last: Uint8Array, ended: boolean): Line => {
    const bytes = Buffer.concat([...pending, last]);
    pending = [];
    const line = {
      number: ++number,
      text: decoder.decode(bytes),
      offset,
      length: bytes.length,
      ended,
    };
    offset += bytes.length + 1;
    return line;
  };
  for await (const chunk of readChunks(path, disk)) {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      yield take(chunk.subarray(start, end), true);
      start = end + 1;
    }
    if (start < chunk.length) pending.push(chunk.subarray(start));
  }
  if (pending.length > 0) yield take(new Uint8Array(), false);
}

/** SHA-256 of a file, in lower-case hexadecimal. */
export async function hashFile(path: string, disk: Disk = realDisk): Promise<string> {
  const file = await disk.open(path, "read");
  try {
    // No more room than it takes: most files are small, and V8 collects its whole heap for 64 kB of each.
    const room = Math.min(CHUNK, (await file.size()) + 1);
    const buffer = Buffer.allocUnsafe(room);
    let read = await file.read(buffer, 0);
    if (read < room) return hashOf(buffer.subarray(0, read));
    const hash = createHash("sha256");
    for (let position = 0; read > 0; read = await file.read(buffer, position)) {
      hash.update(buffer.subarray(0, read));
      position += read;
    }
    return hash.digest("hex");
  } finally {
    await file.close();
  }
}

/** SHA-256 of bytes or of text as UTF-8, in lower-case hexadecimal. */
export function hashOf(content: Uint8Array | string): string {
  return hash("sha256", content);
}

/** What a file or a line holds. */
export interface Checked<T> {
  /** Undefined where it is not JSON, or not what the schema says. */
  readonly value: T | undefined;
  /** What is wrong, one sentence each; empty where there is a value. */
  readonly problems: readonly string[];
}

export function checkJson<T>(text: string, schema: z.ZodType<T>): Checked<T> {
  const found = parseJson(text);
  const parsed = schema.safeParse(found);
  if (parsed.success && found !== undefined) return { value: parsed.data, problems: [] };
  if (found === undefined)
    return {
      value: undefined,
      problems: [`expected JSON, found ${JSON.stringify(text.slice(0, 60))}`],
    };
  const issues = parsed.error?.issues ?? [];
  const problems = issues.map(
    ({ path, message }) => `${path.join(".") || "the value"}: ${message}`,
  );
  return { value: undefined, problems };
}

/** A JSON file held against a schema. A missing file rejects with ENOENT. */
export async function readJson<T>(
  path: string,
  schema: z.ZodType<T>,
  disk: Disk = realDisk,
): Promise<Checked<T>> {
  return checkJson(await readText(path, disk), schema);
}

/** Lines of a JSONL file, one at a time, each held against a schema. */
export async function* jsonLines<T>(
  path: string,
  schema: z.ZodType<T>,
  disk: Disk = realDisk,
): AsyncGenerator<Line & Checked<T>, void, undefined> {
  for await (const line of readLines(path, disk))
    yield { ...line, ...checkJson(line.text, schema) };
}
