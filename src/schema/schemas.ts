/** The JSON Schemas of an archive, for editors, importers and other languages. */
import { z } from "zod";
import { entryData, entryLine } from "./entry.js";
import { outcomeLine } from "./ledger.js";
import { manifest } from "./manifest.js";

const PUBLISHED = {
  entry: entryData,
  "entry-line": entryLine,
  "ledger-line": outcomeLine,
  archive: manifest,
} as const;

/** JSON Schemas (draft 2020-12) by the name under which each is published. They hold no function checks: the calendar, for one. */
export function jsonSchemas(): Record<keyof typeof PUBLISHED, object> {
  const made = Object.entries(PUBLISHED).map(([name, schema]) => [
    name,
    z.toJSONSchema(schema, { target: "draft-2020-12" }),
  ]);
  return Object.fromEntries(made);
}
