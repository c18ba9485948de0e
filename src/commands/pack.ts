/** `sitelift pack`: an archive and its captures as one WACZ package. */
import { basename, dirname, join, relative, resolve } from "node:path";
import process from "node:process";
import { packArchive } from "../archive/pack/pack.js";
import { EXIT, type ExitCode } from "../error.js";
import { count } from "../text.js";
import type { PackOptions } from "./command-line.js";
import { Terminal } from "./terminal.js";
import { PROGRAM } from "./version.js";

export async function pack(archive: string, options: PackOptions): Promise<ExitCode> {
  const terminal = new Terminal(options);
  const folder = resolve(archive);
  const out = options.out ?? join(dirname(folder), `${basename(folder)}.wacz`);
  const { path, bytes, sha256, captures, files } = await packArchive(folder, out, PROGRAM);
  const exitCode = EXIT.complete;
  terminal.event({ event: "end", exitCode, counts: { captures, files, bytes }, out: path, sha256 });
  if (!terminal.json)
    terminal.print(
      `${relative(process.cwd(), path)}: ${count(captures, "capture")}, ${count(files, "file")}, ${bytes} bytes`,
    );
  return exitCode;
}
