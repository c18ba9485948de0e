/** Why another run would find a failure again, by what is known where it is made. */
import { expect, test } from "vitest";
import { FetchError } from "../../src/http/fetch-error.js";
import { readable } from "../../src/http/fetch-page.js";
import { codeOfFinding, firstPageAdvice } from "../../src/schema/failure-code.js";

test.each([
  [404, "gone"],
  [410, "gone"],
  [401, "refused"],
  [403, "refused"],
  [501, "refused"],
  [408, undefined],
  [429, undefined],
  [503, undefined],
  [301, undefined],
])("a response with status %i has the code %s", (status, code) => {
  expect(new FetchError(`HTTP ${status}`, { status }).code).toBe(code);
});

test("what the wire gave and is not tried again has the code unusable, and what may pass has none", () => {
  expect(new FetchError("the body is larger than 9 bytes").code).toBe("unusable");
  expect(new FetchError("connection refused (ECONNREFUSED)", { retry: true }).code).toBeUndefined();
  expect(new FetchError("no capture", { state: "not-reached" }).code).toBeUndefined();
  expect(new FetchError("damaged", { code: "not-captured" }).code).toBe("not-captured");
});

test.each([
  ["application/pdf", "%PDF-1.7", "unusable"],
  ["text/html", " ", undefined],
  ["text/html", "<html><p>cut", undefined],
])("a page of type %s that is %s has the code %s", (type, words, code) => {
  const url = "https://a.example/";
  const headers = { "content-type": type };
  const page = { url, requestedUrl: url, status: 200, headers, body: Buffer.from(words) };
  expect(() => readable(page)).toThrow(expect.objectContaining({ code }));
});

test.each([
  ["next-outside", "list"],
  ["next-unfollowed", "list"],
  ["page-unread", undefined],
  ["total-missed", undefined],
])("the finding %s has the code %s", (finding, code) => {
  expect(codeOfFinding(finding)).toBe(code);
});

test.each([
  ["HTTP 403", /in a browser: .*ask its owner/],
  ["HTTP 401", /in a browser/],
  ["HTTP 404", /Check the URL/],
  ["HTTP 503", /later/],
  ["HTTP 429, and no request is wanted in the next 2 h", /later/],
  ["cannot reach the site: the host name is not known (ENOTFOUND)", /host in the URL/],
])("a first page that does not come with %s has a next step", (reason, step) => {
  expect(firstPageAdvice(reason)).toMatch(step);
});

test("what says itself what to do gets no other advice", () => {
  expect(firstPageAdvice("robots.txt disallows it")).toBeNull();
});
