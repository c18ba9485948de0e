/** A URL with a user name and a password: it is refused, and the password is shown and written nowhere. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { contentsOf } from "../archive/folders.js";
import { scratch, sitelift } from "./sitelift.js";

const URL = "http://user:s3cret@127.0.0.1:9/list";
const site = (more: object) => ({
  name: "a",
  preset: "drupal7",
  start: "http://a.example/",
  ...more,
});

/** Arguments, and a site file that they name. */
const CALLS: readonly (readonly [args: readonly string[], site: object | null])[] = [
  [["crawl", URL, "--preset", "drupal7"], null],
  [["crawl", URL, "--json"], null],
  [["crawl", 'http://user:a"s3cret@127.0.0.1:9/'], null],
  [["crawl", "http:\\\\user:s3cret@127.0.0.1:9/"], null],
  [["crawl", "http://user:s3cret@[a"], null],
  [[URL], null],
  [["inspect", URL], null],
  [["inspect", "page.html", `--url=${URL}`], null],
  [["init", URL, "--yes"], null],
  [["record", URL], null],
  [["redirects", "out", "--check", URL], null],
  [["crawl", "site.json"], site({ start: URL })],
  [["crawl", "site.json", "--json"], site({ origins: ["https://user:s3cret@b.example/"] })],
  [["crawl", "site.json"], site({ media: { origins: [URL] } })],
];

test.each(CALLS)("a password in the arguments %j is refused and not shown", async (args, file) => {
  const cwd = scratch();
  if (file !== null) writeFileSync(join(cwd, "site.json"), JSON.stringify(file));
  const before = await contentsOf(cwd);
  const { exitCode, stdout, stderr } = await sitelift(args, { cwd });
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/user name or password/);
  expect(stdout + stderr).not.toContain("s3cret");
  expect(await contentsOf(cwd)).toEqual(before);
});
