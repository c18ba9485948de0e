/** A disk whose n-th call fails, as SQLite's tests do it. */
import { type Disk, type DiskFile, realDisk } from "../../src/sinks/disk.js";

export interface FaultyDisk extends Disk {
  /** Calls made so far. */
  readonly calls: () => number;
}

/**
 * @param at number of the call that goes wrong, from 1
 * @param mode `fails`: that call alone is refused. `dies`: nothing after it happens, as when the process is
 * killed there. A write that goes wrong leaves half of its bytes.
 */
export function faultyDisk(at: number, mode: "fails" | "dies", code = "EIO"): FaultyDisk {
  let calls = 0;
  const goesWrong = () => {
    calls++;
    return mode === "fails" ? calls === at : calls >= at;
  };
  const fault = () => Object.assign(new Error(`${code}: call ${calls}`), { code });
  const guard =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (goesWrong()) throw fault();
      return call(...args);
    };
  const guardFile = (file: DiskFile): DiskFile => ({
    read: guard(file.read),
    size: guard(file.size),
    sync: guard(file.sync),
    truncate: guard(file.truncate),
    async write(bytes, position) {
      const first = calls + 1 === at;
      if (!goesWrong()) return file.write(bytes, position);
      if (first) await file.write(bytes.subarray(0, bytes.length >> 1), position);
      throw fault();
    },
    async close() {
      // A process that dies closes its files too.
      await file.close();
      if (goesWrong()) throw fault();
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
    open: guard(async (path, mode) => guardFile(await realDisk.open(path, mode))),
    calls: () => calls,
  };
}
