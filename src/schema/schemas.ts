/** The JSON Schemas of an archive, for editors, importers and other languages. */
import { z } from "zod";
import { entryData, entryDataOf, entryLine } from "./entry.js";
import type { OwnShape } from "./fields.js";
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

/** JSON Schema of the front matter of an entry of one site: its own fields, and what each type must have. */
export function entrySchemaOf(own: OwnShape): object {
  const made = z.toJSONSchema(entryDataOf(own), { target: "draft-2020-12" });
  const rules = Object.entries(own.types ?? {}).map(([type, { required }]) => ({
    if: { properties: { type: { const: type } } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: mustHave(required, own),
  }));
  return rules.length === 0 ? made : { ...made, allOf: rules };
}

function mustHave(names: readonly string[], { fields }: OwnShape): object {
  const there = (some: readonly string[]) => ({
    required: some,
    properties: Object.fromEntries(
      some.map((name) => [
        name,
        fields[name]?.kind === "list" ? { minItems: 1 } : { not: { type: "null" } },
      ]),
    ),
  });
  const own = names.filter((name) => fields[name] !== undefined);
  const reserved = names.filter((name) => fields[name] === undefined && name !== "body");
  if (own.length === 0) return there(reserved);
  const { required, properties } = there(reserved);
  return { required: [...required, "fields"], properties: { ...properties, fields: there(own) } };
}
