/** The descriptions in a WACZ package (https://specs.webrecorder.net/wacz/1.1.1/, sections 5.2.4 and 5.2.5). */
import { z } from "zod";
import { count } from "./words.js";

/** Algorithm and value; this program writes sha256. */
const hash = z
  .string()
  .regex(
    /^(?:sha256:[0-9a-f]{64}|(?!sha256:)[a-z0-9]+:[0-9a-f]+)$/,
    "expected sha256: and 64 hexadecimal digits",
  );

/** datapackage.json. */
export const packageDescription = z.looseObject({
  profile: z.literal("data-package"),
  software: z.string().optional(),
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

/** A signature with a local key (https://specs.webrecorder.net/wacz-auth/0.1.0/). */
export const signedData = z.looseObject({
  hash,
  created: z.string(),
  software: z.string(),
  version: z.string().optional(),
  /** In base64. */
  signature: z.string().min(1),
  /** In base64, DER of SubjectPublicKeyInfo. */
  publicKey: z.string().min(1),
});
export type SignedData = z.output<typeof signedData>;

/** datapackage-digest.json. */
export const packageDigest = z.looseObject({
  path: z.literal("datapackage.json"),
  hash,
  /** There where the package is signed, in one of several forms. */
  signedData: z.looseObject({}).optional(),
});
