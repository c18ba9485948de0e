/** What a person who waits is told of the way. */
import { expect, test } from "vitest";
import { Progress } from "../../src/commands/run/progress.js";
import { Terminal } from "../../src/commands/terminal.js";

class Shown extends Terminal {
  readonly warned: string[] = [];
  last = "";
  override warn(line: string): void {
    this.warned.push(line);
  }
  override progress(text: () => string): void {
    this.last = text();
  }
}

function shown() {
  const terminal = new Shown({});
  return { terminal, progress: new Progress(terminal) };
}
const page = (rows: number, pageNumber: number | null, pageCount: number | null) =>
  ({ event: "listing", url: "http://x/news", rows, pageNumber, pageCount }) as const;
const written = { event: "article", url: "http://x/a", state: "written" } as never;

test("no share is shown before all rows are known, and then that of the articles", () => {
  const { terminal, progress } = shown();
  progress.read(page(10, 1, 2));
  expect(terminal.last).toBe("listing page 1 · no article yet");
  progress.read(page(10, 1, 9));
  expect(terminal.last).toBe("listing page 1 of 9 · no article yet");
  progress.read(written);
  expect(terminal.last).not.toContain("%");
  progress.read(page(5, 9, 9));
  expect(terminal.last).toBe("listing page 9 of 9 · 1 written of 25 (4 %)");
});

test("a Crawl-delay is said at once, with the pace, the delay without effect and the time left", () => {
  const { terminal, progress } = shown();
  progress.fetching({ event: "pace", host: "x", delayMs: 10_000, wantedMs: 0 });
  expect(terminal.warned).toEqual([
    "x: robots.txt asks for a Crawl-delay: one request in 10 s; a delay of 0 ms (`--delay`, `politeness.delay`) has no effect",
  ]);
  progress.read(page(54, 1, 1));
  expect(terminal.warned.at(-1)).toBe(
    "54 articles listed so far, one request in 10 s: about 9 min left",
  );
  progress.read(page(10, 1, null));
  expect(terminal.last).toMatch(/at least 11 min left/);
});

test("where the total is known, the time left follows from the pace that was measured", () => {
  let now = 0;
  const terminal = new Shown({});
  const progress = new Progress(terminal, () => now);
  progress.read(page(40, 1, 1));
  for (let at = 0; at < 19; at++) progress.read(written);
  expect(terminal.last).toBe("listing page 1 of 1 · 19 written of 40 (47 %)");
  now = 10_000;
  progress.read(written);
  expect(terminal.last).toBe(
    "listing page 1 of 1 · 20 written of 40 (50 %) · 21 pages, 2.1 a second · about 10 s left",
  );
});

test("where the total is not known, the pace is shown without a time left", () => {
  let now = 0;
  const terminal = new Shown({});
  const progress = new Progress(terminal, () => now);
  progress.read(page(40, null, null));
  for (let at = 0; at < 19; at++) progress.read(written);
  now = 10_000;
  progress.read(written);
  expect(terminal.last).toBe("listing page ? · 20 written · 21 pages, 2.1 a second");
});
