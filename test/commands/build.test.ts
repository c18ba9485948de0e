/** `sitelift build` on captures of its own and of others. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, deflateRawSync, deflateSync, gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunningOffice } from "../../fixtures/office/server.js";
import { captureSums } from "../../src/capture/read/sums.js";
import { capturesOf, FEW, hashes, linesOf, officeWithSite } from "../capture/office.js";
import { buildHere } from "./here.js";
import { type Ended, events, scratch, sitelift } from "./sitelift.js";

interface Outcome {
  readonly url: string;
  readonly state: string;
  readonly reason?: string;
}

let cwd: string;
let office: RunningOffice;
let crawled: Ended;
/** Addresses of the capture. */
let urls: string[];
const data = () => join(cwd, "A/captures", capturesOf(join(cwd, "A"))[0] ?? "", "data.warc.gz");

beforeAll(async () => {
  cwd = scratch();
  office = await officeWithSite(cwd);
  crawled = await sitelift(["crawl", "site.json", "--out", "A"], { cwd });
  const index = readFileSync(data().replace("data.warc.gz", "index.cdxj"), "utf8");
  const lines = index.trimEnd().split("\n");
  urls = [...new Set(lines.map((line) => JSON.parse(line.slice(line.indexOf("{"))).url))];
});
afterAll(() => office.close());

/** The command. */
function build(captures: readonly string[], out: string, more: readonly string[] = []) {
  return sitelift(["build", ...captures, "--site", "site.json", "--out", out, ...more], { cwd });
}

describe("build from a capture of sitelift", () => {
  test("build writes the archive of the crawl byte for byte, without the network", async () => {
    expect(crawled.exitCode, crawled.stderr).toBe(0);
    const asked = office.requests.length;
    const ended = await build([data()], "B");
    expect(ended.exitCode, ended.stderr).toBe(0);
    expect(hashes(join(cwd, "B"))).toEqual(hashes(join(cwd, "A")));
    expect(Object.keys(hashes(join(cwd, "B"))).length).toBeGreaterThan(FEW);
    expect(office.requests.length).toBe(asked);
  });

  test.each([
    ["the folder of the capture", () => [join("A/captures", capturesOf(join(cwd, "A"))[0] ?? "")]],
    ["the archive", () => ["A"]],
    [
      "the WARC without compression",
      () => {
        writeFileSync(join(cwd, "plain.warc"), gunzipSync(readFileSync(data())));
        return ["plain.warc"];
      },
    ],
  ])("build finds the capture in %s", async (name, paths) => {
    const out = `B-${name.replaceAll(" ", "-")}`;
    const ended = await build(paths(), out);
    expect(ended.exitCode, ended.stderr).toBe(0);
    expect(hashes(join(cwd, out))).toEqual(hashes(join(cwd, "A")));
  });

  test("build of a limited crawl stops at the same limit", async () => {
    const limited = await sitelift(["crawl", "site.json", "--out", "L", "--limit", "9"], { cwd });
    expect(limited.exitCode, limited.stderr).toBe(0);
    const ended = await build(["L"], "LB");
    expect(ended.exitCode, ended.stderr).toBe(0);
    expect(hashes(join(cwd, "LB"))).toEqual(hashes(join(cwd, "L")));
  });

  test("build into the capture's own archive changes nothing there", async () => {
    const before = hashes(join(cwd, "A"));
    const ended = await build(["A"], "A");
    expect(ended.exitCode, ended.stderr).toBe(0);
    expect(ended.stdout).toContain(`(0 new, 0 edited, ${FEW} unchanged)`);
    expect(hashes(join(cwd, "A"))).toEqual(before);
    const verified = await sitelift(["verify", "A"], { cwd });
    expect(verified.exitCode, verified.stdout).toBe(0);
  });
});

describe("build from an incomplete capture", () => {
  test("build reports URLs missing from the capture as not reached and exits with 3", async () => {
    const gone = urls.filter((url) => !/articles|robots|misc|files/.test(url)).slice(0, 2);
    const whole = gunzipSync(readFileSync(data())).toString("latin1");
    const records = whole.split(/(?<=\r\n\r\n)(?=WARC\/1\.1\r\n)/);
    const left = records.filter(
      (record) => !gone.some((url) => record.includes(`URI: ${url}\r\n`)),
    );
    expect(left.length).toBe(records.length - 6);
    writeFileSync(join(cwd, "holes.warc"), Buffer.from(left.join(""), "latin1"));
    const ended = await build(["holes.warc"], "holes", ["--json"]);
    expect(ended.exitCode, ended.stderr).toBe(3);
    const missing = linesOf<Outcome>(join(cwd, "holes/ledger.jsonl")).filter(
      ({ state }) => state === "not-reached",
    );
    expect(missing.map(({ url }) => url).sort()).toEqual(gone.sort());
    expect(missing[0]?.reason).toBe("the capture does not hold this URL");
    expect(ended.stderr).toContain("name every capture of the archive, or crawl again");
    expect(events(ended.stdout).at(-1)).toMatchObject({ event: "end", exitCode: 3 });
  });

  test("build writes nothing when the capture does not hold the start page", async () => {
    const ended = await sitelift(["build", data(), "--site", "demo", "--out", "other"], { cwd });
    expect(ended.exitCode).toBe(3);
    expect(ended.stderr).toContain("the capture does not hold this URL");
    expect(readdirSync(cwd)).not.toContain("other/archive.json");
  });

  test("build says that the start page is damaged and where, or which pages the capture holds instead", async () => {
    const bytes = readFileSync(data());
    const { start } = JSON.parse(readFileSync(join(cwd, "site.json"), "utf8"));
    const index = readFileSync(data().replace("data.warc.gz", "index.cdxj"), "utf8");
    const places = index
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line.slice(line.indexOf("{"))))
      .filter(({ url }) => url === start);
    for (const { offset, length } of places) {
      const at = Number(offset) + (Number(length) >> 1);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
    }
    writeFileSync(join(cwd, "start.warc.gz"), bytes);
    const damaged = await buildHere(cwd, ["start.warc.gz"], "start");
    expect(damaged.exitCode).toBe(3);
    const said = damaged.stderr.slice(damaged.stderr.indexOf("error: "));
    expect(said).toContain("damaged where its response was");
    expect(said).toMatch(/start\.warc\.gz is damaged at byte \d+: /);
    expect(said).toContain("restore the capture from a copy");
    expect(said).not.toContain("?\n");

    mkdirSync(join(cwd, "else"));
    writeFileSync(join(cwd, "else/one.html"), "<p>One");
    writeFileSync(join(cwd, "else/pages.json"), '{"one.html": "https://example.org/one"}');
    const other = await buildHere(cwd, ["else"], "other");
    expect(other.exitCode).toBe(3);
    expect(other.stderr).toContain("It holds 1 page, such as https://example.org/one");
  });

  test("build reports a damaged capture and builds what was read before the damage", async () => {
    const bytes = readFileSync(data());
    writeFileSync(join(cwd, "cut.warc.gz"), bytes.subarray(0, bytes.length >> 1));
    const ended = await build(["cut.warc.gz"], "cut");
    expect(ended.exitCode).toBe(3);
    expect(ended.stderr).toMatch(
      /cut\.warc\.gz is damaged at byte \d+: the gzip member is cut short/,
    );
  });

  test("build fails only the page whose response is damaged and builds all others", async () => {
    const index = readFileSync(data().replace("data.warc.gz", "index.cdxj"), "utf8");
    const lines = index.trimEnd().split("\n");
    const responses = lines.map((line) => JSON.parse(line.slice(line.indexOf("{"))));
    const one = responses.find(({ url }) => !/articles|robots|misc|files/.test(url));
    const bytes = readFileSync(data());
    const at = Number(one.offset) + (Number(one.length) >> 1);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(join(cwd, "flipped.warc.gz"), bytes);
    const ended = await buildHere(cwd, ["flipped.warc.gz"], "flipped");
    expect(ended.exitCode, ended.stderr).toBe(3);
    expect(ended.stderr).toContain(`flipped.warc.gz is damaged at byte ${one.offset}: `);
    expect(ended.stdout).toContain("restore it from a copy and build again");
    expect(ended.stdout).not.toContain("run the same command again");
    const failed = linesOf<Outcome>(join(cwd, "flipped/ledger.jsonl")).filter(
      ({ state }) => state === "failed",
    );
    expect(failed).toMatchObject([
      { url: one.url, reason: "the capture is damaged where its response was" },
    ]);
    const whole = new Set(
      Object.keys(hashes(join(cwd, "A"))).filter((path) => /^content/.test(path)),
    );
    const built = Object.keys(hashes(join(cwd, "flipped"))).filter((path) => /^content/.test(path));
    expect(built.every((path) => whole.has(path))).toBe(true);
    expect(built).toHaveLength(whole.size - 1);
  });

  test.each([
    ["no-such.warc", "there is no no-such.warc"],
    ["site.json", "neither a WARC nor a WACZ file"],
    ["empty", "holds neither WARC nor WACZ files"],
    ["lost", "lost/x.warc.gz is a link that leads to no file"],
  ])("build of %s is a usage error", async (path, message) => {
    for (const name of ["empty", "lost"]) mkdirSync(join(cwd, name), { recursive: true });
    if (path === "lost") {
      symlinkSync("no-such.warc", join(cwd, "lost/x.warc.gz"));
      await expect(captureSums([join(cwd, "lost")])).rejects.toThrow("leads to no file");
    }
    const ended = await build([path], "never");
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toContain(message);
    expect(ended.stderr).toContain("hint: ");
  });
});

describe("build from captures of other programs", () => {
  const hasWget = spawnSync("wget", ["--version"]).status === 0;
  const why = hasWget ? "" : " (skipped: no wget on this machine)";

  /** Content files of an archive: what another capture of the same pages must give. */
  const contents = (archive: string) =>
    Object.entries(hashes(join(cwd, archive))).filter(([path]) => path.startsWith("content/"));

  /** Captures some URLs with wget, as one WARC file. */
  async function wget(
    name: string,
    urls: readonly string[],
    more: readonly string[] = [],
  ): Promise<string> {
    const list = join(cwd, `${name}.txt`);
    writeFileSync(list, `${urls.join("\n")}\n`);
    const args = ["-q", "-O", "/dev/null", "--no-warc-keep-log", `--warc-file=${name}`, ...more];
    // Not in step with this process, which serves the pages.
    const status = await new Promise((done, fail) =>
      spawn("wget", [...args, "-i", list], { cwd })
        .on("close", done)
        .on("error", fail),
    );
    // Exit code 8: one of the URLs returns an error, as some do by design.
    expect([0, 8]).toContain(status);
    return readdirSync(cwd).find((file) => file.startsWith(`${name}.warc`)) ?? "";
  }

  test.runIf(hasWget)(
    `build reads a wget WARC with URLs in angle brackets and no robots.txt${why}`,
    async () => {
      const pages = urls.filter((url) => !url.endsWith("/robots.txt"));
      const file = await wget("foreign", pages);
      const bytes = readFileSync(join(cwd, file));
      expect(gunzipSync(bytes).toString("latin1")).toContain("WARC-Target-URI: <http");
      const ended = await buildHere(cwd, [file], "W");
      expect(ended.exitCode, ended.stderr).toBe(0);
      expect(contents("W")).toEqual(contents("A"));
    },
  );

  test.runIf(hasWget)(`build reads several uncompressed wget WARC files${why}`, async () => {
    const pages = urls.filter((url) => !url.endsWith("/robots.txt"));
    const plain = ["--no-warc-compression"];
    const files = [
      await wget(
        "half1",
        pages.filter((_, at) => at % 2 === 0),
        plain,
      ),
      await wget(
        "half2",
        pages.filter((_, at) => at % 2 === 1),
        plain,
      ),
    ];
    expect(files).toEqual(["half1.warc", "half2.warc"]);
    const ended = await buildHere(cwd, files, "W2");
    expect(ended.exitCode, ended.stderr).toBe(0);
    expect(contents("W2")).toEqual(contents("A"));
  });

  test.runIf(hasWget)(
    `build resolves the revisits of a second wget crawl in the first${why}`,
    async () => {
      const pages = urls.filter((url) => !url.endsWith("/robots.txt"));
      const first = await wget("first", pages, ["--warc-cdx"]);
      const second = await wget("second", pages, ["--warc-dedup=first.cdx"]);
      expect(gunzipSync(readFileSync(join(cwd, second))).toString("latin1")).toContain(
        "WARC-Type: revisit",
      );
      const alone = await buildHere(cwd, [second], "W-alone");
      expect(alone.exitCode).toBe(3);
      const both = await buildHere(cwd, [second, first], "W-both");
      expect(both.exitCode, both.stderr).toBe(0);
      expect(contents("W-both")).toEqual(contents("A"));
    },
  );

  /** A response record, as a program of the simplest kind writes it. */
  function response(url: string, header: string, body: Uint8Array, type = "response"): Uint8Array {
    const block = Buffer.concat([Buffer.from(`${header}\r\n\r\n`), body]);
    const head = `WARC/1.0\r\nWARC-Type: ${type}\r\nWARC-Target-URI: ${url}\r\nWARC-Date: 2020-01-01T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:${url.length}>\r\nContent-Type: application/http;msgtype=response\r\nContent-Length: ${block.length}\r\n\r\n`;
    return Buffer.concat([Buffer.from(head), block, Buffer.from("\r\n\r\n")]);
  }

  /** The pages of the capture, rewritten. */
  function rewritten(
    name: string,
    rewrite: (body: Buffer) => { readonly header: string; readonly body: Uint8Array },
    rename = (url: string) => url,
  ): string {
    const records = gunzipSync(readFileSync(data()))
      .toString("latin1")
      .split(/(?=WARC\/1\.1\r\n)/);
    const made = records.flatMap((record) => {
      const [, url] =
        /^WARC\S+\r\nWARC-Type: response\r\n(?:.+\r\n){1,9}?WARC-Target-URI: (\S+)/.exec(record) ??
        [];
      if (url === undefined || url.endsWith("robots.txt")) return [];
      const [, http = "", ...body] = record.split("\r\n\r\n");
      const status = /^HTTP\/1\.1 (\d+)/.exec(http)?.[1] ?? "";
      const location = /^location: .*$/im.exec(http)?.[0];
      const bytes = Buffer.from(body.join("\r\n\r\n").replace(/\r\n\r\n$/, ""), "latin1");
      const type = /^content-type: .*$/im.exec(http)?.[0] ?? "";
      // Images and attachments stay as they are.
      const page = type.includes("text/html") ? rewrite(bytes) : { header: type, body: bytes };
      const lines = [`HTTP/1.1 ${status} Found`, page.header, ...(location ? [location] : [])];
      return [gzipSync(response(rename(url), lines.join("\r\n"), page.body))];
    });
    writeFileSync(join(cwd, name), Buffer.concat(made));
    return name;
  }

  const html = "Content-Type: text/html; charset=utf-8";
  const chunked = (body: Buffer) => {
    const half = body.length >> 1;
    const chunk = (part: Buffer) => [
      Buffer.from(`${part.length.toString(16)}\r\n`),
      part,
      Buffer.from("\r\n"),
    ];
    const parts = [...chunk(body.subarray(0, half)), ...chunk(body.subarray(half))];
    return Buffer.concat([...parts, Buffer.from("0\r\n\r\n")]);
  };

  test("build reads stored chunked transfer coding with gzip inside", async () => {
    const file = rewritten("chunks.warc.gz", (body) => ({
      header: `${html}\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip`,
      body: chunked(gzipSync(body)),
    }));
    const ended = await buildHere(cwd, [file], "chunks");
    expect(ended.exitCode, ended.stderr).toBe(0);
    expect(contents("chunks")).toEqual(contents("A"));
  });

  test.each<[string, string, (body: Buffer) => Uint8Array]>([
    ["brotli", "br", (body) => brotliCompressSync(body)],
    ["deflate with a zlib header", "deflate", (body) => deflateSync(body)],
    [
      "deflate without a zlib header, as some servers send it",
      "deflate",
      (body) => deflateRawSync(body),
    ],
  ])("build reads bodies in %s", async (name, coding, encode) => {
    const out = `coded-${name.replaceAll(/\W+/g, "-")}`;
    const file = rewritten(`${out}.warc.gz`, (body) => ({
      header: `${html}\r\nContent-Encoding: ${coding}`,
      body: encode(body),
    }));
    const ended = await buildHere(cwd, [file], out);
    expect(ended.exitCode, ended.stderr).toBe(0);
    expect(contents(out)).toEqual(contents("A"));
  });

  test("build reads decoded bodies stored with the headers of encoded ones", async () => {
    const file = rewritten("decoded.warc.gz", (body) => ({
      header: `${html}\r\nTransfer-Encoding: chunked\r\nContent-Encoding: br`,
      body,
    }));
    const ended = await buildHere(cwd, [file], "decoded");
    expect(ended.exitCode, ended.stderr).toBe(0);
    expect(contents("decoded")).toEqual(contents("A"));
  });

  test("build reads captured pages of the same URLs with https", async () => {
    const file = rewritten(
      "twin.warc.gz",
      (body) => ({ header: html, body }),
      (url) => url.replace("http:", "https:"),
    );
    const ended = await buildHere(cwd, [file], "twin");
    expect(ended.exitCode, ended.stderr).toBe(0);
    expect(contents("twin")).toEqual(contents("A"));
  });

  test("build reads a page in a charset other than UTF-8", async () => {
    const text = (body: Buffer) => body.toString("utf8").replaceAll(/[^\x00-\xff]/g, "?");
    const utf8 = rewritten("utf8.warc.gz", (body) => ({
      header: html,
      body: Buffer.from(text(body)),
    }));
    const latin = rewritten("latin.warc.gz", (body) => ({
      header: "Content-Type: text/html; charset=iso-8859-1",
      body: Buffer.from(text(body), "latin1"),
    }));
    await buildHere(cwd, [utf8], "utf8");
    const ended = await buildHere(cwd, [latin], "latin");
    expect(ended.exitCode, ended.stderr).toBe(0);
    expect(contents("latin")).toEqual(contents("utf8"));
  });

  test("build refuses a WARC compressed as a whole and says how to mend it", async () => {
    writeFileSync(join(cwd, "whole.warc.gz"), gzipSync(gunzipSync(readFileSync(data()))));
    const ended = await buildHere(cwd, ["whole.warc.gz"], "whole");
    expect(ended.exitCode).toBe(3);
    expect(ended.stderr).toContain("gunzip the file first");
  });

  test("build reads a WACZ package made by a ZIP program", async () => {
    const folder = join(cwd, "package");
    mkdirSync(join(folder, "archive"), { recursive: true });
    copyFileSync(data(), join(folder, "archive/data.warc.gz"));
    writeFileSync(join(folder, "datapackage.json"), "{}");
    const script =
      "import sys,zipfile\nz=zipfile.ZipFile('made.wacz','w',int(sys.argv[1]))\nz.write('package/archive/data.warc.gz','archive/data.warc.gz')\nz.write('package/datapackage.json','datapackage.json')\nz.close()";
    for (const method of ["0", "8"]) {
      if (spawnSync("python3", ["--version"]).status !== 0) return;
      execFileSync("python3", ["-c", script, method], { cwd });
      const ended = await buildHere(cwd, ["made.wacz"], `wacz${method}`);
      expect(ended.exitCode, ended.stderr).toBe(0);
      expect(hashes(join(cwd, `wacz${method}`))).toEqual(hashes(join(cwd, "A")));
    }
  });
});

describe("build from a folder of saved pages", () => {
  test("build reads a folder of saved pages by its pages.json", async () => {
    const folder = join(cwd, "saved");
    mkdirSync(folder);
    const map: Record<string, string> = {};
    for (const [at, url] of urls.entries()) {
      if (url.endsWith("/robots.txt")) continue;
      const response = await fetch(url);
      if (!response.headers.get("content-type")?.startsWith("text/html")) continue;
      writeFileSync(join(folder, `${at}.html`), await response.text());
      map[`${at}.html`] = url;
    }
    writeFileSync(join(folder, "pages.json"), JSON.stringify(map));
    const ended = await buildHere(cwd, ["saved"], "S", { media: false });
    expect(ended.exitCode, ended.stderr).toBe(0);
    const ids = (archive: string) =>
      linesOf<{ id: string }>(join(cwd, archive, "entries.jsonl")).map(({ id }) => id);
    expect(ids("S")).toEqual(ids("A"));
  });

  test.each([
    ["text that is not JSON", "{", "pages.json: "],
    ["a value that is not an object", "[]", "expected one JSON object"],
    ["a relative URL", '{"a.html": "articles"}', "expected an http URL"],
    [
      "a file outside the folder",
      '{"../site.json": "http://a.example/"}',
      "leads out of the folder",
    ],
    ["a missing file", '{"a.html": "http://a.example/"}', "is missing"],
  ])("build refuses a pages.json with %s", async (name, text, message) => {
    const folder = join(cwd, `map-${name.replaceAll(" ", "-")}`);
    mkdirSync(folder);
    writeFileSync(join(folder, "pages.json"), text);
    const ended = await build([folder], "never");
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toContain(message);
  });
});
