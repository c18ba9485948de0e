/** The built program as a process: it exits and prints as the commands that the other tests run in their own process. */
import { expect, test } from "vitest";
import { DEEP } from "../deep.js";
import { scratch, sitelift, siteliftProcess } from "./sitelift.js";

/** Calls that end at once: refused options, a refused file as text and as JSON, a result. */
const CALLS: readonly (readonly string[])[] = [
  ["demo", "--port", "high"],
  ["crawl", "gone.ts", "--json"],
  ["verify", "gone"],
  ["schema", "entry"],
];

/** One of each other command. */
const MORE: readonly (readonly string[])[] = [
  ["build", "gone.warc", "--site", "demo"],
  ["pack", "gone", "--json"],
  ["diff", "gone", "--last", "--json"],
  ["export", "gone", "--to", "hugo"],
  ["redirects", "gone", "--json"],
  ["inspect", "gone.html"],
  ["record", "gone.html", "--site", "demo"],
  ["test", "gone", "--json"],
  ["init", "gone.html"],
  ["drift", "gone"],
];

test.each(DEEP ? [...CALLS, ...MORE] : CALLS)(
  "the built program with the arguments %s exits and prints as it does in the test process",
  async (...args) => {
    const cwd = scratch();
    const own = await siteliftProcess(args, { cwd });
    expect(own).toEqual(await sitelift(args, { cwd }));
    expect(own.exitCode).toBe(args[0] === "schema" ? 0 : 2);
  },
);
