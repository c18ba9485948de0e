/** `sitelift pack`: an archive and its captures as one WACZ package. */
import { basename, dirname, join, resolve } from "node:path";
import { packArchive } from "../archive/pack/pack.js";
import { keyName, signingKey } from "../archive/signature.js";
import { namedFile } from "../disk/folders.js";
import { EXIT } from "../error.js";
import { count } from "../text.js";
import { isoTime } from "../warc/date.js";
import type { PackOptions } from "./command-line/archive.js";
import type { End } from "./end.js";
import { here, Terminal } from "./terminal.js";
import { PROGRAM } from "./version.js";

export async function pack(archive: string, options: PackOptions): Promise<End> {
  const terminal = new Terminal(options);
  const folder = resolve(archive);
  const out = options.out ?? join(dirname(folder), `${basename(folder)}.wacz`);
  const key =
    options.sign === undefined
      ? null
      : signingKey(await namedFile(options.sign, "Name a key in PEM."), options.sign);
  const signing = key && { key, created: isoTime(Date.now()), software: PROGRAM };
  const packed = await packArchive(folder, out, PROGRAM, { signing });
  const { path, bytes, sha256, captures, files } = packed;
  const signedBy = key === null ? {} : { signedBy: keyName(key) };
  const counts = { captures, files, bytes };
  terminal.print(
    `${here(path)}: ${count(captures, "capture")}, ${count(files, "file")}, ${bytes} bytes`,
  );
  if (signedBy.signedBy !== undefined) terminal.print(`signed with the key ${signedBy.signedBy}`);
  return { exitCode: EXIT.complete, counts, out: path, sha256, ...signedBy };
}
