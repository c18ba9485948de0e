import { describe, expect, test } from "vitest";
import { archiveList } from "../../src/commands/archive-list.js";
import { Kept } from "../commands/here.js";
import { type MockOptions, startMock, waitingClock } from "./mock.js";
import { listed, START, written } from "./site.js";

const CAPTURES = [
  listed(1, 3, "20190101000000", ["a"]),
  listed(1, 3, "20210603120000", ["a"]),
  listed(2, 3, "20210604120000", ["b"]),
  listed(3, 3, "20210801120000", ["c"]),
  listed(1, 3, "20211225120000", ["d"]),
  written("a", "20210603120000"),
];

async function list(options: MockOptions = {}, captures = CAPTURES) {
  const mock = await startMock(captures, options);
  const terminal = new Kept({});
  const { exitCode: code } = await archiveList(
    START,
    { in: `wayback:${mock.origin}/web/` },
    terminal,
    waitingClock(),
  );
  return { code, mock, stdout: terminal.stdout, stderr: terminal.stderr };
}

describe("sitelift archive list", () => {
  test("shows captures by year and the best three months, for one request", async () => {
    const { code, mock, stdout } = await list();
    expect(code).toBe(0);
    expect(mock.log).toHaveLength(1);
    expect(stdout).toContain("5 captures of 3 URLs");
    expect(stdout).toContain("  2021  4 captures of 3 URLs");
    expect(stdout).toMatch(/most within three months: 3, 2021-06-03 to 2021-08-01/);
  });

  test("says with exit code 1 that there is nothing", async () => {
    const { code, stdout } = await list({}, []);
    expect([code, stdout]).toEqual([1, expect.stringMatching(/no capture\nnothing is archived/)]);
  });

  test("says with exit code 3 what came in the place of an answer, and asks no second time", async () => {
    const { code, stderr, mock } = await list({ fault: () => ({ status: 503 }) });
    expect([code, mock.log.length]).toEqual([3, 1]);
    expect(stderr).toMatch(/no answer: 127.0.0.1.*asked http.*and HTTP 503/);
  });
});
