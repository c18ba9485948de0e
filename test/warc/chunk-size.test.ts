/** How much room zlib has decides nothing of what it gives. */
import { gunzipSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { gzipRecord } from "../../src/warc/record.js";

test.each([0, 1, 1_000, 20_000, 300_000])(
  "a record with %i bytes that differ is the same member as by default",
  (length) => {
    const block = Buffer.from(Array.from({ length }, (_, at) => (at * at * 31 + (at >> 3)) & 0xff));
    const member = gzipRecord({ fields: [["WARC-Type", "response"]], block });
    const whole = gunzipSync(member);
    expect(whole.subarray(-4 - length, -4).equals(block)).toBe(true);
    expect(gzipSync(whole).equals(Buffer.from(member))).toBe(true);
  },
);
