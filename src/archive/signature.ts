/**
 * Signed packages: a hash of datapackage.json, signed with a key of the one who packs, in datapackage-digest.json
 * (https://specs.webrecorder.net/wacz-auth/0.1.0/, "anonymous signature"). Who holds the key is told elsewhere.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";
import { CliError } from "../error.js";
import type { SignedData } from "../schema/package.js";

const VERSION = "0.1.0";

/** What signs, and what it says of itself. */
export interface Signing {
  /** Private key, from {@link signingKey}. */
  readonly key: KeyObject;
  /** ISO 8601, in UTC. */
  readonly created: string;
  readonly software: string;
}

/** @param hash of datapackage.json, `sha256:` and hexadecimal digits */
export function signedData(hash: string, { key, created, software }: Signing): SignedData {
  return {
    hash,
    created,
    software,
    version: VERSION,
    // ECDSA with SHA-256, in DER: what ArchiveWeb.page and the authsign server write.
    signature: sign("sha256", Buffer.from(hash), key).toString("base64"),
    publicKey: derOf(key).toString("base64"),
  };
}

/** The key that comes with a signature; null where it is none, or the signature is not one of the hash by it. */
export function signerOf({ hash, signature, publicKey }: SignedData): KeyObject | null {
  try {
    const der = Buffer.from(publicKey, "base64");
    const key = createPublicKey({ key: der, format: "der", type: "spki" });
    const [data, bytes] = [Buffer.from(hash), Buffer.from(signature, "base64")];
    // Some programs write it raw, and not in DER.
    const isBy = (["der", "ieee-p1363"] as const).some((dsaEncoding) =>
      verify("sha256", data, { key, dsaEncoding }, bytes),
    );
    return isBy && key.asymmetricKeyType === "ec" ? key : null;
  } catch {
    return null;
  }
}

/** SHA-256 of a public key, of that of a private one: what `openssl pkey -pubin -outform DER | sha256sum` gives. */
export function keyName(key: KeyObject): string {
  return `sha256:${createHash("sha256").update(derOf(key)).digest("hex")}`;
}

function derOf(key: KeyObject): Buffer {
  const half = key.type === "private" ? createPublicKey(key) : key;
  return half.export({ format: "der", type: "spki" });
}

const HINT =
  "Make one: openssl ecparam -name secp384r1 -genkey -noout -out key.pem; its public half: openssl pkey -in key.pem -pubout -out pub.pem";

/** @param path of the file, for errors @throws {CliError} when it is not a private ECDSA key in PEM */
export function signingKey(pem: Uint8Array, path: string): KeyObject {
  const text = Buffer.from(pem).toString("latin1");
  if (text.includes("ENCRYPTED"))
    throw new CliError(`${path} is protected by a password`, {
      hint: "Sign with a key without one, in a place that only you can read.",
    });
  if (text.includes("PUBLIC KEY"))
    throw new CliError(`${path} holds a public key, and signing needs the private one`, {
      hint: HINT,
    });
  return ecdsa(() => createPrivateKey(text), `${path} is not a private key in PEM`, path);
}

/** @param path of the file, for errors @throws {CliError} when it is not a public ECDSA key in PEM, or a certificate */
export function verifyingKey(pem: Uint8Array, path: string): KeyObject {
  const text = Buffer.from(pem).toString("latin1");
  if (text.includes("PRIVATE KEY"))
    throw new CliError(`${path} holds a private key, and only the public one is needed`, {
      hint: `Keep it to yourself: openssl pkey -in ${path} -pubout -out pub.pem`,
    });
  return ecdsa(() => createPublicKey(text), `${path} is not a public key in PEM`, path);
}

function ecdsa(read: () => KeyObject, message: string, path: string): KeyObject {
  let key: KeyObject;
  try {
    key = read();
  } catch (cause) {
    throw new CliError(message, { hint: HINT, cause });
  }
  if (key.asymmetricKeyType === "ec") return key;
  throw new CliError(`${path} is a key of the kind ${key.asymmetricKeyType}, and not ECDSA`, {
    hint: HINT,
  });
}
