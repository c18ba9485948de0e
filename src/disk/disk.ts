/**
 * The file-system calls that sinks make, and no others. One small object, so that a test can make the
 * n-th call fail, or everything from the n-th call on, and see what an archive looks like afterwards.
 */
import {
  closeSync,
  constants,
  fstatSync,
  fsync,
  ftruncateSync,
  lstatSync,
  openSync,
  read,
  readSync,
  renameSync,
  type Stats,
  unlinkSync,
  write,
  writeSync,
} from "node:fs";
import * as fs from "node:fs/promises";
import { promisify } from "node:util";
import { CliError, EXIT } from "../error.js";

/**
 * How a file is opened: to be read, made new (an existing one is an error), or changed (a missing one is an
 * error). Never through a symlink.
 */
type OpenMode = "read" | "new" | "edit";

export interface DiskFile {
  /** Fills the buffer from a position; gives the number of bytes read, fewer only at the end. */
  read(buffer: Uint8Array, position: number): Promise<number>;
  /** Writes all bytes at a position. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  size(): Promise<number>;
  /** Cuts the file to a length. */
  truncate(length: number): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Calls reject with Node's own errors (`code` ENOENT, ENOSPC, …). */
export interface Disk {
  lstat(path: string): Promise<Stats>;
  open(path: string, mode: OpenMode): Promise<DiskFile>;
  mkdir(path: string): Promise<void>;
  readdir(path: string): Promise<string[]>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  rmdir(path: string): Promise<void>;
  /** Makes names that were added to or taken from a folder survive a loss of power. */
  syncFolder(path: string): Promise<void>;
}

// Windows knows no O_NOFOLLOW; there the check of every component before the call has to do.
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
// A pipe that somebody put in the place of a file would be waited for without end.
const NO_WAIT = constants.O_NONBLOCK ?? 0;
const FLAGS: Readonly<Record<OpenMode, number>> = {
  read: constants.O_RDONLY | NO_FOLLOW | NO_WAIT,
  new: constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | NO_FOLLOW,
  edit: constants.O_RDWR | NO_FOLLOW,
};

/** The disk of this machine. What the page cache answers is done at once: another thread takes longer to be asked. */
export const realDisk: Disk = {
  lstat: async (path) => lstatSync(path),
  open: async (path, mode) => diskFile(openSync(path, FLAGS[mode], 0o666)),
  mkdir: (path) => fs.mkdir(path),
  readdir: (path) => fs.readdir(path),
  rename: async (from, to) => renameSync(from, to),
  unlink: async (path) => unlinkSync(path),
  rmdir: (path) => fs.rmdir(path),
  async syncFolder(path) {
    // Windows cannot open a folder to sync it; NTFS journals names by itself.
    if (process.platform === "win32") return;
    const folder = await fs.open(path, constants.O_RDONLY);
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
};

/** Bytes that are read and written at once. */
const SMALL = 64 * 1024;

const later = { read: promisify(read), write: promisify(write), sync: promisify(fsync) };

function diskFile(opened: number): DiskFile {
  let isOpen = true;
  const running = new Set<Promise<unknown>>();
  // The number of a file that was closed may be that of another by now.
  const fd = () => {
    if (!isOpen) throw new Error("the file is closed");
    return opened;
  };
  const run = <T>(work: Promise<T>): Promise<T> => {
    running.add(work);
    return work.finally(() => running.delete(work));
  };
  return {
    async read(buffer, position) {
      let done = 0;
      while (buffer.length <= SMALL && done < buffer.length) {
        const bytesRead = readSync(fd(), buffer, done, buffer.length - done, position + done);
        if (bytesRead === 0) return done;
        done += bytesRead;
      }
      while (done < buffer.length) {
        const { bytesRead } = await run(
          later.read(fd(), buffer, done, buffer.length - done, position + done),
        );
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return done;
    },
    async write(bytes, position) {
      let done = 0;
      while (bytes.length <= SMALL && done < bytes.length)
        done += writeSync(fd(), bytes, done, bytes.length - done, position + done);
      while (done < bytes.length) {
        const { bytesWritten } = await run(
          later.write(fd(), bytes, done, bytes.length - done, position + done),
        );
        done += bytesWritten;
      }
    },
    size: async () => fstatSync(fd()).size,
    truncate: async (length) => ftruncateSync(fd(), length),
    sync: async () => run(later.sync(fd())),
    async close() {
      if (!isOpen) return;
      isOpen = false;
      await Promise.allSettled(running);
      closeSync(opened);
    },
  };
}

/** The `code` of an error of the file system; null for any other error. */
export function errorCode(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : null;
}

/** Lets errors of the file system with these codes pass as undefined. */
export function unless(...codes: readonly string[]): (error: unknown) => undefined {
  return (error) => {
    if (!codes.includes(errorCode(error) ?? "")) throw error;
    return undefined;
  };
}

const AGAIN = "What was stored before is whole, and running again continues from there.";

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
  EISDIR: ["a folder is in the place of a file", "Move it elsewhere."],
  ELOOP: ["a symbolic link is in the place of a file of the archive", "Remove the link."],
  ENAMETOOLONG: ["a path is too long for this disk", "Choose a folder with a shorter path."],
  EMFILE: ["too many files are open", "Raise the limit (ulimit -n) and run again."],
  EXDEV: ["a part of the folder is on another disk", "Keep the archive on one disk."],
  EIO: ["the disk reported an error", `Check the disk. ${AGAIN}`],
};

/** What a promise gives, with its errors of the file system explained. */
export function explained<T>(
  work: Promise<T>,
  folder: string,
  verb: "read" | "write" = "write",
): Promise<T> {
  return work.catch((error: unknown) => {
    throw explainDisk(error, folder, verb);
  });
}

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
