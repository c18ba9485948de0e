/**
 * What a run that stood still does when it wakes: from another container it looked dead, and its folder may
 * be another's by now. Before anything is changed, the lock is looked at again, unless that was a moment ago.
 */
import { CliError, EXIT } from "../error.js";
import type { Disk, DiskFile } from "./disk.js";

/** A disk on which every call that changes something first makes sure of a lock. */
export function heldDisk(disk: Disk, sure: () => Promise<void>): Disk {
  const held =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await sure();
      return call(...args);
    };
  const heldFile = (file: DiskFile): DiskFile => ({
    ...file,
    write: held(file.write),
    truncate: held(file.truncate),
  });
  return {
    ...disk,
    open: async (path, mode) => {
      if (mode === "read") return disk.open(path, mode);
      await sure();
      return heldFile(await disk.open(path, mode));
    },
    mkdir: held(disk.mkdir),
    rename: held(disk.rename),
    unlink: held(disk.unlink),
    rmdir: held(disk.rmdir),
  };
}

/**
 * Makes sure of something that holds for a while once it was looked at.
 *
 * @param look rejects when it does not hold
 * @param trust milliseconds for which a look is believed
 */
export function lasting(
  look: () => Promise<void>,
  trust: number,
): { look(): Promise<void>; sure(): Promise<void> } {
  let since = Date.now();
  let looking: Promise<void> | null = null;
  // The time of day also goes on while a machine sleeps; a clock that was set costs one look.
  const isOld = () => Math.abs(Date.now() - since) > trust;
  const again = () => {
    const began = Date.now();
    looking ??= look()
      .then(() => {
        since = began;
      })
      .finally(() => {
        looking = null;
      });
    return looking;
  };
  return {
    look: again,
    async sure() {
      if (!isOld()) return;
      // One that began before the process stood still tells nothing of now.
      await looking;
      if (isOld()) await again();
    },
  };
}

export function lostLock(folder: string, owner: string | null): CliError {
  const other =
    owner === null ? "another run may have written to it meanwhile" : `${owner} holds it now`;
  return new CliError(`${folder} is no longer locked by this run, and ${other}`, {
    exitCode: EXIT.incomplete,
    hint: "This run stood still for too long and stops here; nothing was changed since. Run again when the other has ended.",
  });
}
