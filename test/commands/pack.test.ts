/** `sitelift pack`, looked at by a ZIP program that is not ours. */
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hashes, officeWithSite } from "../captures/office.js";
import { scratch, sitelift } from "./sitelift.js";

const LOOK = `
import hashlib, json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
read = lambda path: z.read(path)
package = json.loads(read("datapackage.json"))
digest = json.loads(read("datapackage-digest.json"))
print(json.dumps({
  "damaged": z.testzip(),
  "methods": sorted({one.compress_type for one in z.infolist()}),
  "names": z.namelist(),
  "version": package["wacz_version"],
  "listed": [one["path"] for one in package["resources"]],
  "wrong": [one["path"] for one in package["resources"] if one["hash"] != "sha256:" + hashlib.sha256(read(one["path"])).hexdigest() or one["bytes"] != len(read(one["path"]))],
  "digest": digest["hash"] == "sha256:" + hashlib.sha256(read("datapackage.json")).hexdigest(),
  "pages": read("pages/pages.jsonl").decode().splitlines(),
  "index": read("indexes/index.cdx").decode().splitlines(),
}))
`;
const hasPython = spawnSync("python3", ["--version"]).status === 0;
const why = hasPython ? "" : " (skipped: no python3 on this machine)";

test.runIf(hasPython)(
  `a package is whole, stored, listed, and the same in every time zone${why}`,
  async () => {
    const cwd = scratch();
    const office = await officeWithSite(cwd);
    await sitelift(["crawl", "site.json", "--out", "A"], { cwd });
    await office.close();
    const sums = new Set<string>();
    for (const TZ of ["UTC", "Asia/Shanghai", "America/New_York"]) {
      const packed = await sitelift(["pack", "A"], { cwd, env: { TZ } });
      expect(packed.exitCode, packed.stderr).toBe(0);
      sums.add(
        createHash("sha256")
          .update(readFileSync(join(cwd, "A.wacz")))
          .digest("hex"),
      );
    }
    expect(sums.size).toBe(1);
    const seen = JSON.parse(
      execFileSync("python3", ["-c", LOOK, "A.wacz"], { cwd, encoding: "utf8", maxBuffer: 1e8 }),
    );
    expect(seen).toMatchObject({
      damaged: null,
      methods: [0],
      version: "1.1.1",
      wrong: [],
      digest: true,
    });
    const described = ["datapackage.json", "datapackage-digest.json"];
    expect([...seen.listed, ...described].sort()).toEqual(seen.names.toSorted());
    expect(seen.names.filter((name: string) => /^archive\//.test(name))).toHaveLength(1);
    expect(seen.names).toContain("entries/entries.jsonl");
    expect(seen.pages).toHaveLength(71);
    expect(JSON.parse(seen.pages[0])).toMatchObject({ format: "json-pages-1.0" });
    expect(seen.index).toEqual(seen.index.toSorted());
    const built = await sitelift(["build", "A.wacz", "--site", "site.json", "--out", "B"], { cwd });
    expect(built.exitCode, built.stderr).toBe(0);
    expect(hashes(join(cwd, "B"))).toEqual(hashes(join(cwd, "A")));
  },
);

test("what holds no finished capture is not packed", async () => {
  const cwd = scratch();
  const { exitCode, stderr } = await sitelift(["pack", "nothing"], { cwd });
  expect(exitCode).toBe(2);
  expect(stderr).toContain("is not an archive");
});
