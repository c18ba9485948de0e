/** Answers to POST requests in a capture: each is found by what was sent, and by nothing else. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { openHttpCache } from "../../src/capture/reuse/http-cache.js";
import { openResumed } from "../../src/capture/reuse/resume.js";
import { type Capture, openCapture } from "../../src/capture/write/writer.js";
import { realDisk } from "../../src/disk/disk.js";
import type { Post } from "../../src/model.js";
import { cdxjText, parseCdxj } from "../../src/warc/cdxj.js";
import { indexedRequest } from "../../src/warc/post.js";
import { temporaryFolder } from "../archive/folders.js";
import { OPTIONS } from "./options.js";

const URL_ = "http://a.example/list.aspx";
const FORM = "application/x-www-form-urlencoded";
const post = (body: string): Post => ({ url: URL_, body, type: FORM, isAjax: false });
/** Longer than what can be part of a URL. */
const LONG = `__VIEWSTATE=${"v".repeat(20_000)}&page=`;

function stored(capture: Capture, answer: string, sent?: Post): Promise<void> {
  const head =
    sent === undefined
      ? "GET /list.aspx HTTP/1.1\r\nHost: a.example\r\n"
      : `POST /list.aspx HTTP/1.1\r\nHost: a.example\r\nCookie: k=SECRET\r\nContent-Type: ${FORM}\r\n`;
  return capture.exchange({
    ...{ url: URL_, post: sent, startedAt: 0, endedAt: 1, address: null },
    request: Buffer.from(`${head}\r\n${sent?.body ?? ""}`),
    response: Buffer.from("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"),
    ...{ status: 200, body: Buffer.from(answer), whole: true, cached: null },
  });
}

test("a capture that was cut off gives each POST its own answer again, and none of them to a GET", async () => {
  const root = await temporaryFolder();
  const capture = await openCapture(root, OPTIONS);
  await stored(capture, "first");
  for (const page of ["2", "3"]) await stored(capture, `long ${page}`, post(LONG + page));
  await stored(capture, "short", post("page=2"));
  await capture.failure({
    ...{
      url: URL_,
      post: post("page=3"),
      startedAt: 0,
      reason: "cut",
      state: "failed",
      retry: false,
    },
  });
  await capture.close();
  const again = await openCapture(root, OPTIONS);
  const resumed = await openResumed(join(root, again.path, "data.warc.gz"), null, realDisk);
  const of = async (sent?: Post) => {
    const answer = await resumed.next(new URL(URL_), sent);
    return answer === null ? null : Buffer.from(answer.body).toString();
  };
  expect([await of(post(`${LONG}3`)), await of(post("page=2")), await of(), await of()]).toEqual([
    ...["long 3", "short", "first"],
    null,
  ]);
  expect([await of(post("page=3")), await of(post(`${LONG}4`))]).toEqual([null, null]);
  await resumed.close();
  await again.finish();
  const present = { data: "", find: async () => null };
  const cache = await openHttpCache(join(root, "captures"), present, realDisk);
  const known = await cache.find(new URL(URL_));
  expect(Buffer.from(known?.response.body ?? []).toString()).toBe("first");
  await cache.close();
});

test("a line of an index keeps what was sent when it is read and written again", () => {
  const place = { offset: 0, length: 1, filename: "data.warc.gz", digest: "sha1:A", sha256: "b" };
  const kept = { date: "2026-01-01T00:00:00Z", mime: "text/html", status: 200 };
  const text = cdxjText({ ...place, ...kept, url: URL_, request: indexedRequest(post("b=2&a=1")) });
  expect(text).toMatch(/^example,a\)\/list\.aspx\?__wb_method=post&a=1&b=2 20260101000000 /);
  const line = parseCdxj(text.trimEnd());
  expect(line === null ? null : cdxjText(line)).toBe(text);
});

test.each([
  ["a=1&b=x%20y", FORM, "a=1&b=x%20y"],
  ['{"a":{"b":1},"c":[2,3,null]}', "application/json", "b=1&c=2&c.2_=3&c.3_=null"],
  ["words", "text/x-other", "__wb_post_data=d29yZHM="],
])("the body %s is indexed as pywb and warcio do", (body, type, query) => {
  const found = indexedRequest({ ...post(body), type });
  expect(found).toEqual({ method: "POST", requestBody: query });
});
