/**
 * A process that holds a folder, and writes to it at each line that it is
 * sent: `standing-still.ts FOLDER PATIENCE`.
 */
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { realDisk } from "../../src/disk/disk.js";
import { writeDurable } from "../../src/disk/files.js";
import { lockFolder } from "../../src/disk/lock.js";

const [folder = "", patience = ""] = process.argv.slice(2);
const heartbeat = { every: Number(patience) / 10, patience: Number(patience) };
const { disk, release } = await lockFolder(folder, realDisk, heartbeat);
const growing = await disk.open(join(folder, "growing"), "new");
process.stdout.write("locked\n");
let size = 0;
for await (const line of createInterface({ input: process.stdin })) {
  if (line === "end") break;
  const said: string[] = [];
  for (const change of [
    () => writeDurable(folder, "file", Buffer.from(line), disk),
    () => growing.write(Buffer.from(line), size),
    () => disk.unlink(join(folder, "kept")),
  ])
    said.push(
      await change().then(
        () => "done",
        (error) => error.message,
      ),
    );
  size += line.length;
  process.stdout.write(`${said.join("\n")}\n`);
}
await release();
process.exit();
