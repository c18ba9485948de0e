/** `--json`: every line of stdout is an object, and the words for people are on stderr, whichever command it is. */
import { beforeAll, expect, test } from "vitest";
import { officeWithSite } from "../capture/office.js";
import { events, scratch, sitelift } from "./sitelift.js";

const cwd = scratch();

beforeAll(async () => {
  const office = await officeWithSite(cwd);
  for (const _ of [1, 2])
    await sitelift(["crawl", "site.json", "--out", "A", "--limit", "3", "--no-media"], { cwd });
  await office.close();
});

test.each<[string, RegExp]>([
  ["verify A", /checks out/],
  ["diff A --last", /no change; 3 the same/],
  ["pack A", /A\.wacz: 2 captures/],
  ["prune A --keep last:9", /nothing to remove/],
  ["export A --to jsonl --out E", /for jsonl: 3 articles/],
  ["redirects A --out map.json", /redirects in map\.json/],
  ["build A --site site.json --out B --no-media", /3 written/],
])(
  "%s --json prints objects on stdout, and the words for people on stderr",
  async (command, words) => {
    const plain = await sitelift(command.split(" "), { cwd });
    expect(plain.stdout).toMatch(words);
    const ended = await sitelift([...command.split(" "), "--json"], { cwd });
    expect(events(ended.stdout).at(-1)).toMatchObject({ event: "end", exitCode: ended.exitCode });
    expect(ended.stderr).toMatch(words);
  },
);
