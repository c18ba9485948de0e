/** Archives as older versions wrote them. */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inMemory } from "../../src/warc/bytes.js";
import { cdxjText, parseCdxj } from "../../src/warc/cdxj.js";
import { readWarc } from "../../src/warc/reading.js";
import { fieldOf, gzipRecord, makeRecord } from "../../src/warc/record.js";
import { capturesOf } from "./office.js";

const NOT_MODIFIED = Buffer.from('HTTP/1.1 304 Not Modified\r\nETag: "one"\r\n\r\n');

/** Gives every revisit of a response "not modified" the 304 that came, where it now has the head of its original. */
export async function keepNotModified(archive: string): Promise<void> {
  for (const name of capturesOf(archive)) {
    const path = (file: string) => join(archive, "captures", name, file);
    const data = readFileSync(path("data.warc.gz"));
    const members: Uint8Array[] = [];
    const moved = new Map<number, { offset: number; length: number; status?: number }>();
    let offset = 0;
    for await (const record of readWarc(inMemory(data))) {
      const isRevisit = fieldOf(record, "warc-profile")?.endsWith("not-modified") ?? false;
      const fields = record.fields.filter(([name]) => !/block-digest|^content-length/i.test(name));
      const member = isRevisit
        ? gzipRecord(makeRecord(fields, NOT_MODIFIED))
        : data.subarray(record.offset, record.offset + record.length);
      const status = isRevisit ? { status: 304 } : {};
      moved.set(record.offset, { offset, length: member.length, ...status });
      members.push(member);
      offset += member.length;
    }
    const lines = readFileSync(path("index.cdxj"), "utf8").trimEnd().split("\n");
    const index = lines.map((text) => {
      const line = parseCdxj(text);
      if (line === null) throw new Error(`not CDXJ: ${text}`);
      return cdxjText({ ...line, ...moved.get(line.offset) });
    });
    writeFileSync(path("data.warc.gz"), Buffer.concat(members));
    writeFileSync(path("index.cdxj"), index.sort().join(""));
    const account = JSON.parse(readFileSync(path("capture.json"), "utf8"));
    for (const file of account.files) {
      const bytes = readFileSync(path(file.path));
      file.bytes = bytes.length;
      file.sha256 = createHash("sha256").update(bytes).digest("hex");
    }
    writeFileSync(path("capture.json"), `${JSON.stringify(account, null, 2)}\n`);
  }
}
