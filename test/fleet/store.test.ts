import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { CliError } from "../../src/error.js";
import { fetchArchive, KeptArchives } from "../../src/fleet/objects.js";
import { openStore } from "../../src/fleet/open-store.js";
import { sign } from "../../src/fleet/sign.js";
import { checkStore, type Store } from "../../src/fleet/store.js";
import { scratch } from "../commands/sitelift.js";
import { type Fault, KEYS, serveS3 } from "./s3-server.js";

const bytes = (text: string) => Buffer.from(text);
const s3 = await serveS3({ page: 2 });
afterAll(() => s3.close());

describe.each([
  ["a folder", () => openStore(join(scratch(), "store"), {})],
  ["S3", () => openStore(s3.place.replace("prefix", `p${Math.random()}`), KEYS)],
])("a store in %s", (_, openOne) => {
  async function opened(work: (store: Store) => Promise<void>) {
    const store = openOne();
    await work(store);
    await store[Symbol.asyncDispose]();
  }

  test("gives the bytes of an object, and null for one that is not there", () =>
    opened(async (store) => {
      expect(await store.create("a/b.json", bytes("one"))).toBe(true);
      expect(Buffer.from((await store.read("a/b.json")) ?? []).toString()).toBe("one");
      for (const key of ["a/c.json", "a", "a/b.json/c"]) {
        expect(await store.read(key), key).toBeNull();
        expect(await store.download(key, join(scratch(), "file")), key).toBe(false);
      }
    }));

  test("makes an object once: of many who try at the same time one wins, and its bytes stay", () =>
    opened(async (store) => {
      const tries = ["one", "two", "three", "four"];
      const won = await Promise.all(tries.map((text) => store.create("state/1.json", bytes(text))));
      expect(won.filter(Boolean)).toHaveLength(1);
      const kept = Buffer.from((await store.read("state/1.json")) ?? []).toString();
      expect(kept).toBe(tries[won.indexOf(true)]);
      expect(await store.create("state/1.json", bytes("late"))).toBe(false);
      expect(Buffer.from((await store.read("state/1.json")) ?? []).toString()).toBe(kept);
    }));

  test("takes a file and gives it back, one without bytes and one of many pieces too", () =>
    opened(async (store) => {
      const folder = scratch();
      for (const size of [0, 1, 8 * 1024 * 1024, 9 * 1024 * 1024 + 1]) {
        const file = join(folder, `from-${size}`);
        writeFileSync(file, Buffer.alloc(size, "abcdefg"));
        expect(await store.create(`files/${size}`, { file })).toBe(true);
        expect(await store.download(`files/${size}`, join(folder, "to"))).toBe(true);
        expect(readFileSync(join(folder, "to")).equals(readFileSync(file)), `${size}`).toBe(true);
      }
    }));

  test("lists keys in one order, whatever is in them, and no others", () =>
    opened(async (store) => {
      const keys = [
        "state/a b+c%.json",
        "state/é/😀.json",
        "state/x&y'(1)*.json",
        "state/z=1?.json",
      ];
      for (const key of [...keys, "states.json", "other/1"]) await store.create(key, bytes(key));
      expect(await store.list("state/")).toEqual([...keys].sort());
      expect(await store.list("none/")).toEqual([]);
      for (const key of keys)
        expect(Buffer.from((await store.read(key)) ?? []).toString()).toBe(key);
    }));

  test("is found to make an object once", () =>
    opened(async (store) => {
      await checkStore(store);
      await checkStore(store);
    }));

  test("removes an object, and takes one that is not there for removed", () =>
    opened(async (store) => {
      await store.create("a", bytes("a"));
      await store.remove("a");
      await store.remove("a");
      expect(await store.read("a")).toBeNull();
      expect(await store.create("a", bytes("again"))).toBe(true);
    }));

  test("refuses a key that would leave it", () =>
    opened(async (store) => {
      for (const key of ["../a", "a/../../b", "/a", "a//b", "", "."])
        await expect(store.create(key, bytes("a")), key).rejects.toThrow(CliError);
    }));
});

describe("S3", () => {
  const failing = (faults: Fault[]) => serveS3({ fault: () => faults.shift() ?? null });

  test("of a server that makes an object twice is refused", async () => {
    const server = await serveS3({ isOld: true });
    const store = openStore(server.place, KEYS);
    await expect(checkStore(store)).rejects.toThrow("lets two workers overwrite each other");
    await store[Symbol.asyncDispose]();
    await server.close();
  });

  test("of a server that does not know encoding-type lists keys as they are", async () => {
    const server = await serveS3({ page: 2, isPlain: true });
    const store = openStore(server.place, KEYS);
    const keys = ["a b+c%20.json", "d&e.json", "é.json"];
    for (const key of keys) await store.create(key, bytes(key));
    expect(await store.list("")).toEqual(keys);
    await store[Symbol.asyncDispose]();
    await server.close();
  });

  test("is asked again where it wants less to do, or another machine writes the same key", async () => {
    const server = await failing(["slow-down", "conflict"]);
    const store = openStore(server.place, KEYS);
    expect(await store.create("a", bytes("a"))).toBe(true);
    expect(server.requests).toHaveLength(3);
    await store[Symbol.asyncDispose]();
    await server.close();
  });

  test("whose answer was lost has made the object: the one who asked again is the one who made it", async () => {
    const server = await failing(["lost-answer", null, null, "lost-answer"]);
    const store = openStore(server.place, KEYS);
    expect(await store.create("a", bytes("mine"))).toBe(true);
    // Here the first request came to nothing new: another one's object was there.
    server.objects.set("a/prefix/b", { body: bytes("theirs"), sha256: "0" });
    expect(await store.create("b", bytes("mine"))).toBe(false);
    await store[Symbol.asyncDispose]();
    await server.close();
  });

  test.each([
    [
      "a wrong secret",
      "s3://bucket/x",
      { ...KEYS, AWS_SECRET_ACCESS_KEY: "wrong" },
      "SignatureDoesNotMatch",
    ],
    ["a wrong key", "s3://bucket/x", { ...KEYS, AWS_ACCESS_KEY_ID: "other" }, "InvalidAccessKeyId"],
    ["no such bucket", "s3://missing/x", KEYS, "NoSuchBucket"],
  ])("with %s is refused at once, in words", async (_, place, env, word) => {
    const store = openStore(`${place}?endpoint=${s3.endpoint}`, env);
    await expect(store.read("a")).rejects.toThrow(word);
    await store[Symbol.asyncDispose]();
  });

  test("sends the token of credentials that pass", async () => {
    const store = openStore(s3.place, { ...KEYS, AWS_SESSION_TOKEN: "a token" });
    expect(await store.create("with-token", bytes("a"))).toBe(true);
    await store[Symbol.asyncDispose]();
  });

  test("is signed as the examples of Amazon are", () => {
    const day = Date.UTC(2013, 4, 24);
    const payload = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    const credentials = {
      accessKeyId: "AKIAIOSFODNN7EXAMPLE",
      secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    };
    const signed = (url: string, headers: Record<string, string>) =>
      sign(
        { method: "GET", url: new URL(url), headers, payload, region: "us-east-1", now: day },
        credentials,
      ).authorization?.split("Signature=")[1];
    const host = "https://examplebucket.s3.amazonaws.com";
    expect(signed(`${host}/test.txt`, { range: "bytes=0-9" })).toBe(
      "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    );
    expect(signed(`${host}/?prefix=J&max-keys=2`, {})).toBe(
      "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    );
  });
});

test.each([
  ["s3://", KEYS, "names no bucket"],
  ["s3://bucket/a?endpint=http://x", KEYS, '"endpint" is not known'],
  ["s3://bucket/a?endpoint=ftp://x", KEYS, "is not a URL of http or https"],
  ["s3://bucket/a", {}, "there are no credentials"],
  ["https://example.org/store", KEYS, "is not a store"],
  ["gs://bucket", KEYS, "is not a store"],
  ["", {}, "is not a store"],
])("%s is refused as a store", (place, env, message) => {
  expect(() => openStore(place, env)).toThrow(message);
});

test("a store in a folder passes over what was cut off while it was written", async () => {
  const folder = scratch();
  mkdirSync(join(folder, "state"));
  writeFileSync(join(folder, "state", ".unfinished-1"), "half");
  expect(await openStore(folder, {}).list("state/")).toEqual([]);
});

test("a worker fetches files of an archive once, and keeps those of the last few archives alone", async () => {
  const folder = scratch();
  const store = openStore(join(folder, "store"), {});
  const fetched: string[] = [];
  const counted: Store = {
    ...store,
    download: (key, file) => {
      fetched.push(key);
      return store.download(key, file);
    },
  };
  for (const site of ["one", "two", "three"]) {
    const sha256 = createHash("sha256").update(site).digest("hex");
    const manifest = JSON.stringify({ files: [{ path: "a.jpg", sha256 }] });
    await store.create(`archives/${site}/a.jpg`, bytes(site));
    await store.create(`archives/${site}/archive.json`, bytes(manifest));
  }
  mkdirSync(join(folder, "work"));
  const kept = new KeptArchives(join(folder, "work"), 2);
  const isImage = (path: string) => path === "a.jpg";
  for (const [at, site] of ["one", "two", "one", "three", "one", "two"].entries()) {
    const to = join(folder, `to-${at}`);
    await fetchArchive(counted, `archives/${site}/`, to, isImage, kept);
    expect(readFileSync(join(to, "a.jpg"), "utf8")).toBe(site);
  }
  expect(fetched.map((key) => key.split("/")[1])).toEqual(["one", "two", "three", "two"]);
  expect(readdirSync(join(folder, "work"))).toEqual(["kept-archives-one-", "kept-archives-two-"]);
});
