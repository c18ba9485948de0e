/**
 * The store of a fleet: objects by key that many machines read and write. An object is made once and never changed, so
 * that of two machines which do the same work one wins and the other one stops.
 */
import { randomUUID } from "node:crypto";
import { CliError } from "../error.js";

/** Object that tells one store from another, whatever each machine calls it. */
const IDENTITY = "id.txt";

/** Of the process: credentials come from there. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** What an object is made of: bytes, or a file that does not change meanwhile. */
export type Content = Uint8Array | { readonly file: string };

/** Keys are paths with `/`, without `.` and `..`. Every method rejects with a `CliError` when the store fails. */
export interface Store extends AsyncDisposable {
  /** As messages name it. */
  readonly name: string;
  /** Makes an object, whole or not at all. @returns false when there is one with this key already */
  create(key: string, content: Content): Promise<boolean>;
  /** Bytes of an object; null when there is none. */
  read(key: string): Promise<Uint8Array | null>;
  /** Writes an object to a file. @returns false when there is none */
  download(key: string, file: string): Promise<boolean>;
  /** Keys that begin so, in the order of their code units. */
  list(prefix: string): Promise<readonly string[]>;
  /** Removes an object; one that is not there is no error. */
  remove(key: string): Promise<void>;
}

/**
 * Finds out whether a store makes an object once: some servers of S3 take no note of `If-None-Match`.
 *
 * @returns what tells it from other stores
 * @throws {CliError} when it does not, or fails
 */
export async function checkStore(store: Store): Promise<string> {
  const made = Buffer.from(`${randomUUID()}\n`);
  await store.create(IDENTITY, made);
  if (!(await store.create(IDENTITY, made))) return (await storeId(store)) ?? "";
  throw new CliError(`the store ${store.name} lets two workers overwrite each other`, {
    hint: "Its server must honour `If-None-Match: *` for PUT. Take a newer one, another one, or a shared folder.",
  });
}

/** What tells a store from others; null for one that no fleet and no worker has used. */
export async function storeId(store: Store): Promise<string | null> {
  const bytes = await store.read(IDENTITY);
  return bytes === null ? null : Buffer.from(bytes).toString("utf8").trim();
}

/** @throws {CliError} when a key leaves its store */
export function checkKey(key: string): void {
  const names = key.split("/");
  if (names.some((name) => /^\.{0,2}$/.test(name)) || /[\\\0]/.test(key))
    throw new CliError(`"${key}" cannot be a key of a store`);
}
