/** `sitelift schema`: the JSON Schemas that editors and importers check files against. */
import process from "node:process";
import { z } from "zod";
import { writeNamed } from "../disk/folders.js";
import { EXIT, type ExitCode } from "../error.js";
import { fleetSchema } from "../fleet/file.js";
import { entryDataOf } from "../schema/entry.js";
import type { OwnShape } from "../schema/fields.js";
import { siteSchema } from "../site/schema.js";
import type { Site } from "../site/site.js";
import { jsonText } from "../text.js";
import type { SchemaOptions } from "./command-line/site.js";

/** @param site whose entries are meant; null for any */
export async function schema(
  what: "site" | "entry" | "fleet",
  site: Site | null,
  options: SchemaOptions,
): Promise<ExitCode> {
  const text = jsonText(
    what === "site"
      ? z.toJSONSchema(siteSchema, { io: "input" })
      : what === "fleet"
        ? z.toJSONSchema(fleetSchema, { io: "input" })
        : entrySchemaOf(site?.own),
  );
  if (options.out === undefined) process.stdout.write(text);
  else await writeNamed(options.out, text);
  return EXIT.complete;
}

/** Front matter of an entry: with the own fields of a site, and what each type must have. The calendar is not in it. */
function entrySchemaOf(own: OwnShape = { fields: {} }): object {
  const made = z.toJSONSchema(entryDataOf(own));
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
