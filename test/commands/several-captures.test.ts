/** A build of several captures into one archive. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { capturesOf } from "../capture/office.js";
import { buildHere, crawlHere } from "./here.js";
import { events, scratch } from "./sitelift.js";
import { serveSite } from "./small-site.js";

test("the worst of several captures decides about the exit code of a build, and is named", async () => {
  let isBroken = true;
  using served = await serveSite((path) => {
    if (path === "/list") return '<li><a href="/a">One</a></li><li><a href="/b">Two</a></li>';
    return path === "/a" || (path === "/b" && !isBroken) ? `<p>Words of ${path}.</p>` : 410;
  });
  const { start } = served;
  const cwd = scratch();
  const site = {
    ...{ name: "several", start, politeness: { delay: 0, concurrency: 1 } },
    listing: { rows: "li", link: "a", next: [] },
    fields: { title: { listing: "a" }, body: { article: "p" } },
  };
  writeFileSync(join(cwd, "site.json"), JSON.stringify(site));
  expect((await crawlHere(cwd, "one")).exitCode).toBe(3);
  isBroken = false;
  expect((await crawlHere(cwd, "one")).exitCode).toBe(0);
  const built = await buildHere(cwd, ["one"], "two", { json: true });
  expect(built.exitCode, built.stderr).toBe(3);
  expect(events(built.stdout).at(-1)).toMatchObject({ event: "end", exitCode: 3 });
  expect(built.stderr).toMatch(/alone ends with exit code 3/);
  // What it lacked is shown with it, and what to do at the end.
  const { stdout } = await buildHere(cwd, ["one"], "three");
  const [oldest = "", newest = ""] = capturesOf(join(cwd, "one"));
  const [head, tail = ""] = stdout.split(newest);
  expect(head).toMatch(/^(\S+)\n\1 alone ends with exit code 3\n {2}failed .*410/);
  expect(head).toContain('{ "finding": "article-failed", "place": ');
  expect(tail).not.toContain("410");
  const [last = ""] = stdout.trimEnd().split("\n").slice(-1);
  expect(last.replace(/\S*captures\/([\w-]+)\S*/, "$1")).toBe(
    `incomplete: ${oldest} ends with exit code 3, and the newest capture does not; see above why. Accept that in the site file, or build the other captures without it`,
  );
});
