/** A disk that a run may use as long as it holds the lock of its folder. */
import type { Disk, DiskFile } from "./disk.js";

/**
 * A run that was stopped for a while and wakes looked dead to others, and its folder may be another's by now.
 * So on this disk every call that changes something first checks the lock, unless that was just done.
 */
export function heldDisk(disk: Disk, ensure: () => Promise<void>): Disk {
  const held =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await ensure();
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
      await ensure();
      return heldFile(await disk.open(path, mode));
    },
    mkdir: held(disk.mkdir),
    rename: held(disk.rename),
    unlink: held(disk.unlink),
    rmdir: held(disk.rmdir),
  };
}

/**
 * Caches a successful check.
 *
 * @param check rejects when the lock is no longer held
 * @param trust milliseconds for which a check is believed
 * @returns `renew` checks now; `ensure` checks unless the last check is recent
 */
export function lease(
  check: () => Promise<void>,
  trust: number,
): { renew(): Promise<void>; ensure(): Promise<void> } {
  let since = Date.now();
  let checking: Promise<void> | null = null;
  // The time of day also advances while a machine sleeps; a clock that was set costs one check.
  const isOld = () => Math.abs(Date.now() - since) > trust;
  const renew = () => {
    const began = Date.now();
    checking ??= check()
      .then(() => {
        since = began;
      })
      .finally(() => {
        checking = null;
      });
    return checking;
  };
  return {
    renew,
    async ensure() {
      if (!isOld()) return;
      // One that began before the process stopped says nothing of now.
      await checking;
      if (isOld()) await renew();
    },
  };
}
