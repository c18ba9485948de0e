/** A member that is too large to be read at once. */
import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { type Bytes, inMemory } from "../../src/warc/bytes.js";
import { readRecord, WarcDamage } from "../../src/warc/reading.js";
import { gzipRecord, makeRecord } from "../../src/warc/record.js";

const MIB = 1024 * 1024;
const MEMBER = gzipRecord(makeRecord([["WARC-Type", "resource"]], randomBytes(3 * MIB)));

test("an error of the disk within a large member is that error, and no damage of the member", async () => {
  const whole = inMemory(MEMBER);
  const failing: Bytes = {
    size: whole.size,
    async read(offset, length) {
      if (offset >= MIB) throw Object.assign(new Error("EIO: i/o error"), { code: "EIO" });
      return whole.read(offset, length);
    },
  };
  await expect(readRecord(failing, 0)).rejects.toMatchObject({ code: "EIO" });
});

test("a large member that is cut short, or has another byte, is damaged", async () => {
  const cut = inMemory(MEMBER.subarray(0, 2 * MIB));
  await expect(readRecord(cut, 0)).rejects.toThrow(WarcDamage);
  const changed = Uint8Array.from(MEMBER);
  changed[2 * MIB] = (changed[2 * MIB] ?? 0) ^ 0xff;
  await expect(readRecord(inMemory(changed), 0)).rejects.toThrow(WarcDamage);
});
