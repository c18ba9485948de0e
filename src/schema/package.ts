/** The descriptions in a WACZ package (https://specs.webrecorder.net/wacz/1.1.1/, sections 5.2.4 and 5.2.5). */
import { z } from "zod";
import { count } from "./words.js";

/** Algorithm and value, or MD5 without its name (Data Package); this program writes sha256. */
const hash = z
  .string()
  .regex(
    /^(?:sha256:[0-9a-f]{64}|(?!sha256:)(?:[a-z0-9]+[:-])?[\w+/-]+=*)$/i,
    "expected sha256: and 64 hexadecimal digits",
  );

/**
 * datapackage.json. The draft of WACZ 1.2 has the profile `wacz` and no version; a package of packages, which Browsertrix
 * makes of a collection, `multi-wacz-package`.
 */
export const packageDescription = z.looseObject({
  profile: z.string().nullish(),
  software: z.string().nullish(),
  wacz_version: z
    .string()
    .regex(/^1\.\d+(?:\.\d+)?$/, "expected a version 1.x of WACZ")
    .nullish(),
  /** Each of them a {@link packageResource}. */
  resources: z.array(z.unknown()),
  /** Of a crawl that stores no page twice: the packages that hold what it repeats. */
  relation: z
    .looseObject({ requires: z.array(z.unknown()).optional() })
    .nullish()
    .catch(null),
});
/** A file that it lists. */
export const packageResource = z.looseObject({
  path: z.string().min(1),
  hash,
  bytes: count.nullish(),
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
