import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hashFile, hashOf } from "../../src/disk/read.js";
import { temporaryFolder } from "../archive/folders.js";

test.each([0, 1, 65_535, 65_536, 65_537, 200_000])(
  "a file of %i bytes has the hash of its bytes",
  async (size) => {
    const path = join(await temporaryFolder(), "file");
    const bytes = Uint8Array.from({ length: size }, (_, at) => at % 251);
    await writeFile(path, bytes);
    expect(await hashFile(path)).toBe(hashOf(bytes));
  },
);
