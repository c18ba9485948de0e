/** Signed packages: what `pack --sign` writes, and what `verify --key` says of them. */
import { execFileSync, spawnSync } from "node:child_process";
import { generateKeyPairSync, sign } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { storedZip } from "../../src/archive/pack/stored-zip.js";
import { hashOf } from "../../src/disk/read.js";
import { inMemory } from "../../src/warc/bytes.js";
import { contentOf, readZip } from "../../src/warc/zip.js";
import { officeWithSite } from "../capture/office.js";
import { events, scratch, sitelift } from "./sitelift.js";

const cwd = scratch();
const run = (...args: readonly string[]) => sitelift(args, { cwd });
const findings = async (...args: readonly string[]) => {
  const { exitCode, stdout, stderr } = await run("verify", ...args, "--json");
  const found = events(stdout).filter(({ event }) => event === "finding");
  return { exitCode, stderr, found: found.map(({ code, message }) => `${code}: ${message}`) };
};

/** Writes both halves of a new key. */
function newKey(name: string, curve = "secp384r1") {
  const pair = generateKeyPairSync("ec", { namedCurve: curve });
  const pkcs8 = pair.privateKey.export({ format: "pem", type: "pkcs8" });
  const spki = pair.publicKey.export({ format: "pem", type: "spki" });
  writeFileSync(join(cwd, `${name}.pem`), pkcs8);
  writeFileSync(join(cwd, `${name}-pub.pem`), spki);
  return pair;
}

/** The members of a package by their paths. */
async function members(name: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for await (const member of readZip(inMemory(readFileSync(join(cwd, name))))) {
    const bytes = await contentOf(member);
    const text = Buffer.from(await bytes.read(0, bytes.size)).toString("latin1");
    found.set(member.path, text);
  }
  return found;
}

/** A copy of the signed package in which a member was changed. */
async function changed(name: string, path: string, change: (text: string) => string) {
  const parts = [...(await members("signed.wacz"))].map(([at, text]) => {
    const bytes = Buffer.from(at === path ? change(text) : text, "latin1");
    return { path: at, content: () => [bytes], bytes: bytes.length, sha256: hashOf(bytes) };
  });
  const pieces: Uint8Array[] = [];
  for await (const piece of storedZip(parts, "2026-01-01T00:00:00Z")) pieces.push(piece);
  writeFileSync(join(cwd, name), Buffer.concat(pieces));
}

const own = newKey("own");
const other = newKey("other", "prime256v1");

beforeAll(async () => {
  const office = await officeWithSite(cwd);
  await run("crawl", "site.json", "--out", "A", "--limit", "3", "--no-media");
  await office.close();
  expect((await run("pack", "A", "--out", "plain.wacz")).exitCode).toBe(0);
  const packed = await run("pack", "A", "--out", "signed.wacz", "--sign", "own.pem");
  expect(packed.stdout).toMatch(/^signed with the key sha256:[0-9a-f]{64}$/m);
});

test("a signed package has the form of wacz-auth, and differs from a plain one in its signature alone", async () => {
  const [plain, signed] = [await members("plain.wacz"), await members("signed.wacz")];
  const digest = JSON.parse(signed.get("datapackage-digest.json") ?? "");
  expect(Object.keys(digest)).toEqual(["path", "hash", "signedData"]);
  const { created, software, version, hash, signature, publicKey, ...rest } = digest.signedData;
  expect(rest).toEqual({});
  expect(hash).toBe(digest.hash);
  expect(hash).toBe(`sha256:${hashOf(signed.get("datapackage.json") ?? "")}`);
  expect(created).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  expect([software, version]).toEqual([expect.stringMatching(/^sitelift /), "0.1.0"]);
  const der = own.publicKey.export({ format: "der", type: "spki" });
  expect(publicKey).toBe(der.toString("base64"));
  expect(Buffer.from(signature, "base64")[0]).toBe(0x30);
  signed.delete("datapackage-digest.json");
  plain.delete("datapackage-digest.json");
  expect(signed).toEqual(plain);
});

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

test.runIf(hasOpenssl)(
  `openssl finds the signature good${hasOpenssl ? "" : " (skipped: no openssl on this machine)"}`,
  async () => {
    const text = (await members("signed.wacz")).get("datapackage-digest.json") ?? "";
    const { hash, signature } = JSON.parse(text).signedData;
    writeFileSync(join(cwd, "hash"), hash);
    writeFileSync(join(cwd, "signature"), Buffer.from(signature, "base64"));
    const args = ["dgst", "-sha256", "-verify", "own-pub.pem", "-signature", "signature", "hash"];
    expect(execFileSync("openssl", args, { cwd, encoding: "utf8" })).toContain("Verified OK");
  },
);

test("verify says what signed a package, and whether it is the key given", async () => {
  const known = await run("verify", "signed.wacz", "--key", "own-pub.pem");
  expect(known.exitCode, known.stdout).toBe(0);
  expect(known.stdout).toMatch(
    /^signed\.wacz was signed with the key sha256:[0-9a-f]{64} \(the one given\), by sitelift \S+ at 2/m,
  );
  const unknown = await run("verify", "signed.wacz");
  expect(unknown.exitCode).toBe(0);
  expect(unknown.stdout).toContain("(not compared: --key names the one that it must be)");
  const said = events((await run("verify", "signed.wacz", "--json")).stdout);
  expect(said.find(({ event }) => event === "signature")).toMatchObject({
    event: "signature",
    path: "signed.wacz",
    isKnown: false,
  });
});

/** Signs the package anew with another key. */
function resigned(text: string): string {
  const digest = JSON.parse(text);
  const signature = sign("sha256", Buffer.from(digest.hash), {
    key: other.privateKey,
    dsaEncoding: "ieee-p1363",
  }).toString("base64");
  const publicKey = other.publicKey.export({ format: "der", type: "spki" }).toString("base64");
  return JSON.stringify({ ...digest, signedData: { ...digest.signedData, signature, publicKey } });
}

const DIGEST = "datapackage-digest.json";
test.each<[string, string, string, (text: string) => string, string, readonly RegExp[]]>([
  [
    "another key",
    "signed.wacz",
    "",
    String,
    "other-pub.pem",
    [/^signature: it is signed with the key sha256:\w+, and not with the one given, sha256:\w+$/],
  ],
  [
    "a new signature, raw, by another key",
    "x.wacz",
    DIGEST,
    resigned,
    "own-pub.pem",
    [/^signature: it is signed with the key/],
  ],
  [
    "no signature",
    "plain.wacz",
    "",
    String,
    "own-pub.pem",
    [/^signature: the package is not signed$/],
  ],
  [
    "a signature that was taken out",
    "x.wacz",
    DIGEST,
    (text) => JSON.stringify({ ...JSON.parse(text), signedData: undefined }),
    "own-pub.pem",
    [/^signature: the package is not signed$/],
  ],
  [
    "a changed page",
    "x.wacz",
    "pages/pages.jsonl",
    (text) => text.replace("Articles", "Article"),
    "own-pub.pem",
    [/^size: /, /^checksum: /],
  ],
  [
    "a changed description with its hash",
    "x.wacz",
    "datapackage.json",
    (text) => text.replace('"title": "office"', '"title": "OFFICE"'),
    "own-pub.pem",
    [
      /^checksum: /,
      /^signature: what was signed is sha256:\w+, and datapackage\.json is sha256:\w+$/,
    ],
  ],
  [
    "a damaged signature",
    "x.wacz",
    DIGEST,
    (text) =>
      text
        .replace(/"created": "2/, '"created": "1')
        .replace(/(?<="signature": "M..)./, (one) => (one === "x" ? "y" : "x")),
    "own-pub.pem",
    [/^signature: its signature is not one of sha256:\w+ by the key beside it$/],
  ],
])("verify --key finds %s", async (_, name, path, change, key, wanted) => {
  if (path !== "") await changed(name, path, change);
  const { exitCode, found, stderr } = await findings(name, "--key", key);
  expect(exitCode, stderr).toBe(1);
  expect(found).toEqual(wanted.map((words) => expect.stringMatching(words)));
});

test.each<[string, readonly string[], RegExp]>([
  ["a missing key", ["pack", "A", "--sign", "none.pem"], /there is no file none\.pem/],
  [
    "a public key",
    ["pack", "A", "--sign", "own-pub.pem"],
    /holds a public key, and signing needs the private one/,
  ],
  ["no key at all", ["pack", "A", "--sign", "site.json"], /site\.json is not a private key in PEM/],
  [
    "a key of another kind",
    ["pack", "A", "--sign", "ed.pem"],
    /ed\.pem is a key of the kind ed25519/,
  ],
  [
    "a private key to verify with",
    ["verify", "signed.wacz", "--key", "own.pem"],
    /holds a private key, and only the public one is needed/,
  ],
  ["a folder without a package", ["verify", "A", "--key", "own-pub.pem"], /holds no package/],
])("pack and verify refuse %s", async (_, args, words) => {
  const { privateKey } = generateKeyPairSync("ed25519");
  writeFileSync(join(cwd, "ed.pem"), privateKey.export({ format: "pem", type: "pkcs8" }));
  const { exitCode, stderr } = await run(...args);
  expect(stderr).toMatch(words);
  expect(exitCode).toBe(2);
});

test("verify of an archive folder checks the signatures of the packages in it", async () => {
  const packed = await run("pack", "A", "--out", "A/A.wacz", "--sign", "own.pem");
  expect(packed.exitCode, packed.stderr).toBe(0);
  expect((await findings("A", "--key", "own-pub.pem")).found).toEqual([]);
  const { found } = await findings("A", "--key", "other-pub.pem");
  expect(found).toEqual([expect.stringMatching(/^signature: /)]);
});
