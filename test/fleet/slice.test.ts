import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type After, runSlice, type SliceWorld } from "../../src/commands/fleet/slice.js";
import { archiveSnapshot } from "../../src/commands/fleet/snapshot-archive.js";
import { storeSite } from "../../src/commands/fleet/stored-site.js";
import { fetchArchive } from "../../src/fleet/objects.js";
import { openStore } from "../../src/fleet/open-store.js";
import { Snapshot } from "../../src/fleet/states.js";
import type { Store } from "../../src/fleet/store.js";
import { findWholeSite } from "../../src/site/load.js";
import { hashes, officeWithSite } from "../capture/office.js";
import { crawlHere, hasty } from "../commands/here.js";
import { scratch, sitelift } from "../commands/sitelift.js";

/** A snapshot that is planned, and does one slice after the other. */
async function planned(cwd: string, store: Store, requests: number, base: string | null = null) {
  const options = { requisites: "none" as const };
  const site = await findWholeSite(join(cwd, "site.json"), {});
  const rules = await storeSite(store, { site, options });
  const snapshot = new Snapshot(store, { site: site.name, snapshot: base === null ? 1 : 2 });
  const at = new Date().toISOString();
  await snapshot.begin({ version: 1, rules, host: "127.0.0.1", delay: 0, base, at });
  const work = join(cwd, "work");
  mkdirSync(work, { recursive: true });
  const world: SliceWorld = {
    store,
    work,
    most: { requests, ms: 60_000 },
    again: { times: 1, ms: 10 },
    signal: new AbortController().signal,
    world: { clock: hasty },
  };
  const slice = (slice: number) =>
    runSlice({ site: site.name, snapshot: snapshot.number, slice }, world);
  return { snapshot, world, slice, site: site.name, number: snapshot.number };
}

async function toTheEnd(slice: (slice: number) => Promise<After>) {
  const seen: After[] = [];
  for (let k = 0; k < 50; k++) {
    seen.push(await slice(k));
    if (seen.at(-1)?.next !== "slice") return seen;
  }
  throw new Error("it does not end");
}

test("a crawl in slices asks for each URL as often as one crawl, and its archive is the same byte for byte", {
  timeout: 120_000,
}, async () => {
  const cwd = scratch();
  const office = await officeWithSite(cwd);
  await crawlHere(cwd, "whole");
  const asked = () => office.requests.map(({ status, url }) => `${status} ${url}`);
  const whole = asked().sort();
  const store = openStore(join(cwd, "store"), {});
  const { slice, world, snapshot, site, number } = await planned(cwd, store, 7);
  const after = await toTheEnd(slice);
  expect(after.length).toBeGreaterThan(3);
  expect(after.at(-1)?.next).toBe("archive");
  expect(asked().slice(whole.length).sort()).toEqual(whole);
  const last = { site, snapshot: number, slice: after.length - 1 };
  expect(await archiveSnapshot(last, world)).toBe(true);
  const end = await snapshot.end();
  expect(end).toMatchObject({ exitCode: 0, requests: whole.length });
  await fetchArchive(store, end?.archive ?? "", join(cwd, "got"), () => true);
  expect(hashes(join(cwd, "got"))).toEqual(hashes(join(cwd, "whole")));
  const verified = await sitelift(["verify", "got"], { cwd });
  expect(verified.exitCode, verified.stdout).toBe(0);

  // Work that is done twice changes nothing.
  const keys = await store.list("");
  // Left by a worker that was killed when it had stored the archive.
  await store.create(`${snapshot.captures}0-part`, Buffer.from("left"));
  expect(await archiveSnapshot(last, world)).toBe(false);
  expect((await slice(0)).next).toBe("nothing");
  expect(await store.list("")).toEqual(keys);

  // The next snapshot goes on from that archive.
  const before = office.requests.length;
  await crawlHere(cwd, "whole");
  const again = office.requests.length - before;
  const second = await planned(cwd, store, 7, end?.archive ?? "");
  const seen = await toTheEnd(second.slice);
  expect(office.requests.length - before).toBe(2 * again);
  await archiveSnapshot({ site, snapshot: 2, slice: seen.length - 1 }, world);
  await fetchArchive(
    store,
    (await second.snapshot.end())?.archive ?? "",
    join(cwd, "two"),
    () => true,
  );
  expect(hashes(join(cwd, "two"))).toEqual(hashes(join(cwd, "whole")));
  const proved = await sitelift(["verify", "two"], { cwd });
  expect(proved.exitCode, proved.stdout).toBe(0);
  await office.close();
});
