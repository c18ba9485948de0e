/** The JSON Schema of an entry, for editors, importers and other languages. */
import { z } from "zod";
import { entryDataOf } from "./entry.js";
import type { OwnShape } from "./fields.js";

/**
 * Of its front matter, draft 2020-12: with the own fields of a site, and what each type must have. It holds no function
 * checks: the calendar, for one.
 */
export function entrySchemaOf(own: OwnShape = { fields: {} }): object {
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
