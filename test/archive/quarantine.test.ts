/** What a run has rejected, as it is staged. */
import { expect, test } from "vitest";
import { Quarantine } from "../../src/archive/quarantine.js";
import { rejection } from "./samples.js";

test("two drafts with one id that are rejected at the same time get folders of their own", async () => {
  const quarantine = new Quarantine();
  let end = 0;
  const stage = async (content: Uint8Array | string) => {
    const offset = end;
    end += content.length;
    await new Promise((resolve) => setImmediate(resolve));
    return { offset, length: content.length };
  };
  const twice = [rejection("same", "<h1>one</h1>"), rejection("same", "<h1>two</h1>")];
  await Promise.all(twice.map((one) => quarantine.add(one, stage)));
  expect([...quarantine.files().keys()].sort()).toEqual(
    ["same00000000-2", "same00000000"].flatMap((folder) =>
      ["issues.json", "page.html", "record.json"].map((name) => `quarantine/${folder}/${name}`),
    ),
  );
});
