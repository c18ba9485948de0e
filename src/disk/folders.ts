/** A folder where a user wants it. */
import { dirname } from "node:path";
import { CliError } from "../error.js";
import { type Disk, errorCode, unless } from "./disk.js";

/** Makes a folder and those above it. @param option that names it @returns those that were not there, innermost first */
export async function makeFolder(
  path: string,
  disk: Disk,
  option = "--out",
): Promise<readonly string[]> {
  const stats = await disk.lstat(path).catch(unless("ENOENT"));
  if (stats?.isDirectory()) return [];
  if (stats?.isSymbolicLink()) {
    // What the link leads to, as the system follows it.
    if ((await disk.lstat(`${path}/.`).catch(unless("ENOENT"))) !== undefined) return [];
    throw new CliError(`${path} is a symbolic link that leads nowhere`, {
      hint: `Make the folder that it leads to, or choose another one with ${option}.`,
    });
  }
  const hint = `Choose another one with ${option}.`;
  if (stats !== undefined) throw new CliError(`${path} is not a folder`, { hint });
  const parent = dirname(path);
  const above = parent === path ? [] : await makeFolder(parent, disk, option);
  await disk.mkdir(path).catch((error: unknown) => {
    // In /proc, where `recursive` of Node 20 tries for ever.
    if (errorCode(error) === "ENOENT")
      throw new CliError(`no folder can be made in ${parent}`, { hint });
    return unless("EEXIST")(error);
  });
  await disk.syncFolder(parent);
  return [path, ...above];
}
