/** `sitelift schema`: the JSON Schemas that editors and importers check files against. */
import process from "node:process";
import { z } from "zod";
import { writeNamed } from "../disk/folders.js";
import { EXIT, type ExitCode } from "../error.js";
import { fleetSchema } from "../fleet/file.js";
import { entrySchemaOf } from "../schema/schemas.js";
import { siteSchema } from "../site/schema.js";
import type { Site } from "../site/site.js";
import { jsonText } from "../text.js";
import type { SchemaOptions } from "./command-line.js";

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
