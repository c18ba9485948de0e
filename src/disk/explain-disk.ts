/** Words for what a disk refused to do. */
import { CliError, EXIT } from "../error.js";
import { errorCode } from "./disk.js";

const AGAIN = "What was stored before is whole; running again goes on from there.";

/** Codes for which a reader is to do something else than a writer. */
const TO_READ: Readonly<Record<string, string>> = {
  EACCES: "Let this user read it.",
  EPERM: "Let this user read it.",
  ENOTDIR: "Check the path.",
};

const CAUSES: Readonly<Record<string, readonly [message: string, hint: string]>> = {
  ENOSPC: ["there is no space left on the disk", `Free some space. ${AGAIN}`],
  EDQUOT: ["the disk quota is used up", `Free some space. ${AGAIN}`],
  EFBIG: ["a file would be larger than it may be here", `Raise the limit (ulimit -f). ${AGAIN}`],
  EROFS: ["the disk is read-only", "Choose another folder with --out."],
  EACCES: ["permission was denied", "Choose a folder that you may write to, with --out."],
  EPERM: ["the system does not permit it", "Choose a folder that you may write to, with --out."],
  ENOENT: ["the folder, or something in it, vanished during the run", "Run again."],
  ENOTDIR: ["something on the way is not a folder", "Choose another folder with --out."],
  EISDIR: ["a folder stands where a file must", "Move it elsewhere."],
  ELOOP: ["a symbolic link stands where a file of the archive must", "Remove the link."],
  ENAMETOOLONG: ["a path is too long for this disk", "Choose a folder with a shorter path."],
  EMFILE: ["too many files are open", "Raise the limit (ulimit -n) and run again."],
  EXDEV: ["a part of the folder is on another disk", "Keep the archive on one disk."],
  EIO: ["the disk reported an error", `Check the disk. ${AGAIN}`],
};

/** An error of the file system as one that its user can act on; any other error as it is. */
export function explainDisk(
  error: unknown,
  folder: string,
  verb: "read" | "write" = "write",
): unknown {
  const code = errorCode(error);
  if (error instanceof CliError || code === null) return error;
  const [message, hint] = CAUSES[code] ?? ["the file system refused", AGAIN];
  return new CliError(`cannot ${verb} ${folder}: ${message}`, {
    exitCode: verb === "write" ? EXIT.incomplete : EXIT.usage,
    hint: (verb === "read" ? TO_READ[code] : undefined) ?? hint,
    details: [(error as Error).message],
    cause: error,
  });
}
