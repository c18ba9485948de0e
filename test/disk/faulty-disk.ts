/** A disk whose n-th call fails, as SQLite's tests do it. */
import { type Disk, type DiskFile, realDisk } from "../../src/disk/disk.js";

export interface FaultyDisk extends Disk {
  /** Calls made so far. */
  readonly calls: () => number;
  /** Files that were opened and not closed. */
  readonly unclosed: () => number;
}

/**
 * @param at number of the call that goes wrong, from 1
 * @param mode `fails`: that call alone is refused. `dies`: nothing after it happens, as when the process is
 * killed there. A write that goes wrong leaves half of its bytes.
 * @param counts which paths' calls are counted; all
 */
export function faultyDisk(
  at: number,
  mode: "fails" | "dies",
  {
    code = "EIO",
    counts = (_: string): boolean => true,
    /** Called when a call goes wrong. */
    onFault = () => {},
  } = {},
): FaultyDisk {
  let calls = 0;
  const unclosed = new Set<DiskFile>();
  const goesWrong = (path: string) => {
    const isCounted = counts(path);
    if (isCounted) calls++;
    return mode === "fails" ? isCounted && calls === at : calls >= at;
  };
  const fault = () => {
    onFault();
    return Object.assign(new Error(`${code}: call ${calls}`), { code });
  };
  const guard =
    <A extends unknown[], R>(call: (path: string, ...args: A) => Promise<R>) =>
    async (path: string, ...args: A): Promise<R> => {
      if (goesWrong(path)) throw fault();
      return call(path, ...args);
    };
  const guardFile = (path: string, file: DiskFile): DiskFile => ({
    read: (...args) => guard(() => file.read(...args))(path),
    size: () => guard(file.size)(path),
    sync: () => guard(file.sync)(path),
    truncate: (length) => guard(() => file.truncate(length))(path),
    async write(bytes, position) {
      const first = calls + 1 === at;
      if (!goesWrong(path)) return file.write(bytes, position);
      if (first) await file.write(bytes.subarray(0, bytes.length >> 1), position);
      throw fault();
    },
    async close() {
      // A process that dies closes its files too.
      await file.close();
      unclosed.delete(file);
      if (goesWrong(path)) throw fault();
    },
  });
  return {
    lstat: guard(realDisk.lstat),
    mkdir: guard(realDisk.mkdir),
    readdir: guard(realDisk.readdir),
    rename: guard(realDisk.rename),
    unlink: guard(realDisk.unlink),
    rmdir: guard(realDisk.rmdir),
    syncFolder: guard(realDisk.syncFolder),
    open: guard(async (path, mode) => {
      const file = await realDisk.open(path, mode);
      unclosed.add(file);
      return guardFile(path, file);
    }),
    calls: () => calls,
    unclosed: () => unclosed.size,
  };
}
