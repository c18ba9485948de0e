/** The descriptions in a WACZ package (https://specs.webrecorder.net/wacz/1.1.1/, sections 5.2.4 and 5.2.5). */
import { z } from "zod";
import { count } from "./words.js";

const hash = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, "expected sha256: and 64 hexadecimal digits");

/** datapackage.json. */
export const packageDescription = z.looseObject({
  profile: z.literal("data-package"),
  wacz_version: z.string().regex(/^1\.\d+(?:\.\d+)?$/, "expected a version 1.x of WACZ"),
  resources: z.array(
    z.looseObject({
      name: z.string().min(1),
      path: z.string().min(1),
      hash,
      bytes: count,
    }),
  ),
});
export type PackageDescription = z.output<typeof packageDescription>;

/** datapackage-digest.json. */
export const packageDigest = z.looseObject({ path: z.literal("datapackage.json"), hash });
