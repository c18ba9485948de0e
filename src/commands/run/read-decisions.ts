/** Decisions about single articles: overrides.yaml of the archive, and the file that the command line names. */
import { join } from "node:path";
import { OVERRIDES } from "../../archive/layout.js";
import { type Disk, explained, unless } from "../../disk/disk.js";
import { namedFile } from "../../disk/folders.js";
import { decodeText, readText } from "../../disk/read.js";

/**
 * @param folder the archive, which need not be there
 * @throws {CliError} exit code 2, when one of the files cannot be read or is not valid, or the named one is missing
 */
export async function readDecisions(folder: string, named: string | undefined, disk: Disk) {
  const own = join(folder, OVERRIDES);
  const texts: [text: string, from: string][] = [];
  if (named !== undefined)
    texts.push([decodeText(await namedFile(named, "Check the path of --overrides.")), named]);
  // A file in the place of the folder is an error of the archive, which is opened later.
  const reading = readText(own, disk).catch(unless("ENOENT", "ENOTDIR"));
  const text = await explained(reading, own, "read");
  if (text !== undefined) texts.unshift([text, own]);
  if (texts.length === 0) return [];
  // It loads a parser of YAML, which few runs need.
  const { parseOverrides } = await import("../../crawl/overrides-file.js");
  return texts.flatMap(([text, from]) => parseOverrides(text, from));
}
