/** Paths in an archive, as its files name them: they never lead out of it. */
import { z } from "zod";

/** A name on the way: not `.`, not `..`, and no character that is a separator somewhere or ends a line. */
const NAME = String.raw`(?!\.{1,2}(?:/|$))[^/\\\x00-\x1f]+`;

/** A path in the archive, with `/` as separator, below a folder where one is named. */
export function pathPattern(folder = "", ending = ""): RegExp {
  const below = folder === "" ? "" : `${folder}/`;
  return new RegExp(`^${below}(?:${NAME}/)*${NAME}${ending}$`);
}

export const archivePath = z.string().regex(pathPattern(), "is not a path in the archive");
