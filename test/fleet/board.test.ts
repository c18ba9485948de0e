/** What a fleet shows on the way. */
import process from "node:process";
import { afterEach, expect, test, vi } from "vitest";
import { Board } from "../../src/commands/fleet/board.js";
import { Terminal } from "../../src/commands/terminal.js";
import type { FleetSite } from "../../src/fleet/sites.js";
import { Kept } from "../commands/here.js";

const site = (name: string, host: string) => ({ name, host }) as FleetSite;
const SITES = [site("one", "a.example"), site("two", "a.example"), site("three", "b.example")];
afterEach(() => vi.restoreAllMocks());

test("a terminal shows one line for each host that is asked, in the place of those before", () => {
  let screen = "";
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    screen += text;
    return true;
  });
  const stderr = process.stderr as { isTTY: boolean };
  const { isTTY } = stderr;
  vi.stubEnv("CI", "");
  vi.stubEnv("TERM", "xterm");
  stderr.isTTY = true;
  try {
    const board = new Board(new Terminal({ json: true }), SITES);
    const one = board.open(SITES[0] as FleetSite);
    using three = board.open(SITES[2] as FleetSite);
    one.progress(() => "listing page 1");
    three.progress(() => "2 written");
    expect(screen).toBe(
      "a.example: 0 of 2 done · one: listing page 1\nb.example: 0 of 1 done" +
        "\u001b[1A\r\u001b[K\u001b[J" +
        "a.example: 0 of 2 done · one: listing page 1\nb.example: 0 of 1 done · three: 2 written",
    );
    one[Symbol.dispose]();
    screen = "";
    three.progress(() => "3 written");
    expect(screen).toBe("\u001b[1A\r\u001b[K\u001b[Jb.example: 0 of 1 done · three: 3 written");
  } finally {
    stderr.isTTY = isTTY;
    vi.unstubAllEnvs();
  }
});

test("what sites say has their names, what all of them say is said once, and the end is that of the fleet", () => {
  const kept = new Kept({ json: true });
  const board = new Board(kept, SITES);
  using one = board.open(SITES[0] as FleetSite);
  using two = board.open(SITES[1] as FleetSite);
  one.warn("a.example: one request in 10 s");
  two.warn("a.example: one request in 10 s");
  two.warn("resuming captures/x");
  one.print("its whole report");
  two.event({ event: "site", exitCode: 0 });
  expect(kept.stderr).toBe("one: a.example: one request in 10 s\ntwo: resuming captures/x\n");
  expect(JSON.parse(kept.stdout)).toEqual({ event: "site", exitCode: 0, site: "two" });
});
