/** Captures as they are written, read by a program that is not ours. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openCapture } from "../../src/capture/write/writer.js";
import { type Disk, realDisk } from "../../src/disk/disk.js";
import { sortKey } from "../../src/warc/cdxj.js";
import { hasDigest } from "../../src/warc/digest.js";
import { temporaryFolder } from "../archive/folders.js";
import { type FaultServer, PAGE, startFaultServer } from "../fault-server.js";
import { fetchPaths, HOST } from "../http/crawl.js";
import { OPTIONS } from "./options.js";
import { foreignIndex, foreignRecords } from "./warcio.js";

describe("a capture", () => {
  let server: FaultServer;
  beforeAll(async () => {
    server = await startFaultServer();
  });
  afterAll(() => server.close());

  /** Captures some paths; gives the folder of the capture. */
  async function capture(paths: readonly string[], options = {}) {
    const root = await temporaryFolder();
    const kept = await openCapture(root, OPTIONS);
    await fetchPaths(server, paths, { recorder: kept, ...options });
    await kept.finish();
    const folder = join(root, kept.path);
    return { folder, data: join(folder, "data.warc.gz") };
  }

  test("a capture holds the received bytes, content coding included, as warcio reads them", async () => {
    const paths = ["/gzip", "/br", "/deflate", "/early-hints", "/until-close", "/404"];
    const { data } = await capture(paths);
    const records = await foreignRecords(data);
    const bodies = new Map(
      records.filter(({ type }) => type === "response").map((record) => [record.url, record]),
    );
    const of = (path: string) => bodies.get(`http://${HOST}${path}`);
    expect(gunzipSync(of("/gzip")?.payload ?? new Uint8Array()).toString()).toBe(PAGE);
    expect(of("/gzip")?.httpHeader("content-encoding")).toBe("gzip");
    expect(of("/br")?.httpHeader("content-encoding")).toBe("br");
    expect(Buffer.from(of("/early-hints")?.payload ?? []).toString()).toBe(PAGE);
    expect(of("/early-hints")?.statusLine).toBe("HTTP/1.1 200 Scenario");
    expect(Buffer.from(of("/until-close")?.payload ?? []).toString()).toBe(PAGE);
    expect(of("/404")?.statusLine).toBe("HTTP/1.1 404 Scenario");
    expect(of("/robots.txt")).toBeDefined();
  });

  test("a capture links request, response and metadata of each exchange to one another and to the warcinfo record", async () => {
    const { data } = await capture(["/page"]);
    const records = await foreignRecords(data);
    expect(records.map(({ type }) => type)).toEqual([
      "warcinfo",
      ...["response", "request", "metadata"],
      ...["response", "request", "metadata"],
      "metadata",
    ]);
    const [info, , , , answer, request, metadata] = records;
    expect(request?.header("WARC-Concurrent-To")).toBe(answer?.id);
    expect(metadata?.header("WARC-Concurrent-To")).toBe(answer?.id);
    expect(answer?.header("WARC-Warcinfo-ID")).toBe(info?.id);
    expect(answer?.header("WARC-IP-Address")).toBe("127.0.0.1");
    expect(request?.httpHeader("user-agent")).toMatch(/^sitelift/);
    expect(Buffer.from(info?.payload ?? []).toString()).toContain("isPartOf: office");
  });

  test.each([
    [false, "robots: obey"],
    [true, "robots: ignore"],
  ])(
    "the warcinfo record of a capture has the robots policy (ignored: %s)",
    async (ignoreRobots, line) => {
      const root = await temporaryFolder();
      const run = { ...OPTIONS.run, ignoreRobots };
      const opened = await openCapture(root, { ...OPTIONS, run });
      await fetchPaths(server, ["/page"], { recorder: opened, ignoreRobots });
      await opened.finish();
      const [info] = await foreignRecords(join(root, opened.path, "data.warc.gz"));
      expect(Buffer.from(info?.payload ?? []).toString()).toContain(`${line}\r\n`);
    },
  );

  test("a capture removes the transfer coding, so that length and payload digest mean the same to every reader", async () => {
    const { data } = await capture(["/chunked"]);
    const [, answer] = (await foreignRecords(data)).filter(({ type }) => type === "response");
    expect(Buffer.from(answer?.payload ?? []).toString()).toBe(PAGE);
    expect(answer?.httpHeader("transfer-encoding")).toBeNull();
    expect(answer?.httpHeader("x-archive-orig-transfer-encoding")).toBe("chunked");
    expect(answer?.httpHeader("content-length")).toBe(String(PAGE.length));
    const digest = createHash("sha1").update(PAGE).digest("hex");
    const written = answer?.header("WARC-Payload-Digest") ?? "";
    expect(written).toMatch(/^sha1:[A-Z2-7]{32}$/);
    expect(hasDigest(Buffer.from(PAGE), written)).toBe(true);
    expect(hasDigest(Buffer.from(PAGE), `sha1:${digest}`)).toBe(true);
  });

  test("a capture has one gzip member per record, and each line of its sorted index leads to one", async () => {
    const { folder, data } = await capture(["/page", "/gzip", "/404", "/hop-1"]);
    const text = readFileSync(join(folder, "index.cdxj"), "utf8");
    const lines = text.trimEnd().split("\n");
    expect(lines).toEqual(lines.toSorted());
    expect(lines.length).toBeGreaterThan(3);
    const bytes = readFileSync(data);
    for (const line of lines) {
      const { offset, length, url } = JSON.parse(line.slice(line.indexOf("{")));
      const member = bytes.subarray(Number(offset), Number(offset) + Number(length));
      const record = gunzipSync(member).toString("latin1");
      expect(record).toMatch(/^WARC\/1\.1\r\nWARC-Type: response\r\n/);
      expect(record.match(/WARC\/1\.1\r\n/g)).toHaveLength(1);
      expect(record).toContain(`WARC-Target-URI: ${url}\r\n`);
    }
  });

  test("the index of a capture is the one that warcio makes", async () => {
    const { folder, data } = await capture(["/page", "/gzip", "/404", "/chunked"]);
    const plain = (line: string) => {
      const at = line.indexOf("{");
      const { url, digest, length, offset, filename, status } = JSON.parse(line.slice(at));
      const numbers = [status, length, offset].map(Number);
      return [line.slice(0, at), url, digest.replace(/^sha1:/, ""), filename, ...numbers].join(" ");
    };
    const own = readFileSync(join(folder, "index.cdxj"), "utf8").trimEnd().split("\n").map(plain);
    const foreign = (await foreignIndex(data, "data.warc.gz")).map(plain);
    expect(own).toEqual(foreign.toSorted());
  });

  test.each([
    ["http://www.Example.org/A?b=2&a=1", "org,example)/a?a=1&b=2"],
    ["https://example.org:8080/", "org,example:8080)/"],
    ["https://xn--bcher-kva.example/%C3%A9", "example,xn--bcher-kva)/%c3%a9"],
  ])("the index of a capture sorts %s as %s", (url, key) => {
    expect(sortKey(url)).toBe(key);
  });

  test("a capture records a request without a response, with the reason", async () => {
    const { folder, data } = await capture(["/reset"]);
    const lost = (await foreignRecords(data)).filter(
      ({ type, url }) => type === "metadata" && url?.endsWith("/reset"),
    );
    expect(lost).toHaveLength(2);
    expect(Buffer.from(lost[0]?.payload ?? []).toString()).toMatch(
      /^fetchFailed: connection reset/,
    );
    expect(readFileSync(join(folder, "index.cdxj"), "utf8")).not.toContain("/reset");
  });

  test("a capture never holds a credential that was sent", async () => {
    const root = await temporaryFolder();
    const kept = await openCapture(root, OPTIONS);
    const request =
      "GET / HTTP/1.1\r\nHost: a.example\r\nCookie: k=SECRET1\r\nAuthorization: Basic SECRET2\r\nProxy-Authorization: SECRET3\r\nAccept: */*\r\n\r\n";
    await kept.exchange({
      url: "http://a.example/",
      startedAt: 0,
      endedAt: 1,
      address: null,
      request: Buffer.from(request),
      response: Buffer.from("HTTP/1.1 200 OK\r\n\r\nbody"),
      status: 200,
      body: Buffer.from("body"),
      whole: true,
      cached: null,
    });
    await kept.finish();
    const text = gunzipSync(readFileSync(join(root, kept.path, "data.warc.gz"))).toString("latin1");
    expect(text).toContain("Host: a.example\r\nAccept: */*\r\n\r\n");
    expect(text).not.toContain("SECRET");
  });

  test("a finished capture has data, index, records and capture.json, and no journal", async () => {
    const { folder } = await capture(["/page"]);
    expect(readdirSync(folder).sort()).toEqual([
      "capture.json",
      "data.warc.gz",
      "index.cdxj",
      "records.jsonl",
    ]);
    const account = JSON.parse(readFileSync(join(folder, "capture.json"), "utf8"));
    for (const { path, bytes, sha256 } of account.files) {
      const found = readFileSync(join(folder, path));
      expect(found.length).toBe(bytes);
      expect(createHash("sha256").update(found).digest("hex")).toBe(sha256);
    }
  });

  test("an interrupted capture keeps its responses when the disk fails to look them up", async () => {
    const root = await temporaryFolder();
    const kept = await openCapture(root, OPTIONS);
    await fetchPaths(server, ["/page"], { recorder: kept });
    await kept.close();
    const data = readFileSync(join(root, kept.path, "data.warc.gz"));
    const lstat: Disk["lstat"] = (path) =>
      path.endsWith("data.warc.gz")
        ? Promise.reject(Object.assign(new Error("EIO"), { code: "EIO" }))
        : realDisk.lstat(path);
    const disk = { ...realDisk, lstat };
    await expect(openCapture(root, { ...OPTIONS, disk })).rejects.toThrow(
      /the disk reported an error/,
    );
    expect(readFileSync(join(root, kept.path, "data.warc.gz")).equals(data)).toBe(true);
    const again = await openCapture(root, OPTIONS);
    expect(again.resumed).toBe(2);
    await again.close();
  });
});
