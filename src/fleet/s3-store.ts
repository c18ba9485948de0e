/** A store in a bucket of S3, or of a server that speaks like it: SeaweedFS, Garage, RustFS. */
import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { Agent, request } from "undici";
import { explained } from "../disk/disk.js";
import { hashFile, hashOf } from "../disk/read.js";
import { CliError, EXIT } from "../error.js";
import { byCodeUnits, parseUrl, percentDecode, percentEncode, unescapeMarkup } from "../text.js";
import { type Credentials, sign } from "./sign.js";
import { type Content, checkKey, type Store, type Variables } from "./store.js";

/** Attempts at a request before the store counts as failing: half a minute of them. */
const ATTEMPTS = 7;
/** First wait between two attempts; each further one is twice as long. */
const FIRST_WAIT = 250;
/** Bytes that are asked for at once: a connection that breaks costs no more. */
const PIECE = 8 * 1024 * 1024;

interface Bucket {
  /** As the user gave it. */
  readonly name: string;
  /** Of the bucket, with `/` at its end. */
  readonly base: URL;
  /** What each key begins with: empty, or ends with `/`. */
  readonly prefix: string;
  readonly region: string;
  readonly credentials: Credentials;
}

/** @throws {CliError} exit code 2, when the URL or the credentials are not whole */
export function s3Store(place: string, env: Variables): Store {
  const bucket = bucketOf(place, env);
  const agent = new Agent({ connect: { timeout: 10_000 }, bodyTimeout: 60_000 });
  const ask = (method: Parameters<typeof send>[2], key: string | null, asked: Asked = {}) =>
    send(bucket, agent, method, key, asked);
  return {
    name: bucket.name,
    async create(key, content) {
      checkKey(key);
      const { status, isRepeated } = await ask("PUT", key, {
        content,
        headers: { "if-none-match": "*" },
      });
      if (status !== 412) return true;
      // The response to an earlier attempt was lost: was that the one that made it?
      if (!isRepeated) return false;
      return (await ask("HEAD", key)).headers[SHA256] === (await hashOfContent(content));
    },
    async read(key) {
      checkKey(key);
      const { status, body } = await ask("GET", key);
      return status === 404 ? null : body;
    },
    async download(key, file) {
      checkKey(key);
      const { status, headers } = await ask("HEAD", key);
      if (status === 404) return false;
      const size = Number(headers["content-length"] ?? 0);
      const piece = (from: number, to: number) =>
        ask("GET", key, { headers: { range: `bytes=${from}-${to}` } });
      await explained(download(size, file, piece), file);
      return true;
    },
    async list(prefix) {
      const keys: string[] = [];
      for (let token: string | null = ""; token !== null; ) {
        const query = {
          ...(token === "" ? {} : { "continuation-token": token }),
          "encoding-type": "url",
          "list-type": "2",
          prefix: bucket.prefix + prefix,
        };
        const text = textOf((await ask("GET", null, { query })).body);
        // A server that does not know `encoding-type` writes keys as they are.
        const isEncoded = tagsOf(text, "EncodingType")[0] === "url";
        const keyOf = (word: string) =>
          isEncoded ? percentDecode(word.replaceAll("+", " ")) : unescapeMarkup(word);
        keys.push(...tagsOf(text, "Key").map(keyOf));
        token = tagsOf(text, "NextContinuationToken").map(unescapeMarkup)[0] ?? null;
      }
      return keys.map((key) => key.slice(bucket.prefix.length)).sort(byCodeUnits);
    },
    async remove(key) {
      checkKey(key);
      await ask("DELETE", key);
    },
    [Symbol.asyncDispose]: () => agent.close(),
  };
}

function bucketOf(place: string, env: Variables): Bucket {
  const url = parseUrl(place);
  if (url === null || url.hostname === "")
    throw new CliError(`"${place}" names no bucket`, {
      hint: "Give s3://bucket/prefix?endpoint=https://…; without an endpoint, Amazon's is meant.",
    });
  const unknown = [...url.searchParams.keys()].find((name) => !/^(endpoint|region)$/.test(name));
  if (unknown !== undefined)
    throw new CliError(`"${unknown}" is not known after the ? of ${place}`, {
      hint: "Known: endpoint, region.",
    });
  const named = url.searchParams.get("region");
  const region = named ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? "us-east-1";
  const endpoint = url.searchParams.get("endpoint");
  const base = parseUrl(
    endpoint === null
      ? `https://${url.hostname}.s3.${region}.amazonaws.com/`
      : `${endpoint.replace(/\/+$/, "")}/${url.hostname}/`,
  );
  if (base === null || !/^https?:$/.test(base.protocol))
    throw new CliError(`the endpoint of ${place} is not a URL of http or https`);
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (!accessKeyId || !secretAccessKey)
    throw new CliError(`there are no credentials for ${place}`, {
      hint: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and AWS_SESSION_TOKEN where there is one.",
    });
  const path = percentDecode(url.pathname).replace(/^\/+|\/+$/g, "");
  const sessionToken = env.AWS_SESSION_TOKEN || undefined;
  const credentials = { accessKeyId, secretAccessKey, sessionToken };
  const name = `s3://${url.hostname}/${path}`;
  return { name, base, prefix: path === "" ? "" : `${path}/`, region, credentials };
}

interface Asked {
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly content?: Content;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Uint8Array;
  /** True where an attempt before it may have been carried out. */
  readonly isRepeated: boolean;
}

/** What an object is known by, as a header of its own. */
const SHA256 = "x-amz-meta-sha256";

/**
 * Asks until an answer says something of the object. 404 and 412 are answers.
 *
 * @throws {CliError} when the store refuses, or fails each time
 */
async function send(
  bucket: Bucket,
  agent: Agent,
  method: "GET" | "HEAD" | "PUT" | "DELETE",
  key: string | null,
  { query = {}, headers = {}, content = NOTHING }: Asked,
): Promise<Answer> {
  const url = urlOf(bucket, key, query);
  const payload = await hashOfContent(content);
  const length = content instanceof Uint8Array ? content.length : (await stat(content.file)).size;
  const body = () => (content instanceof Uint8Array ? content : createReadStream(content.file));
  const own = method === "PUT" ? { ...headers, [SHA256]: payload } : headers;
  const what = `${method} ${key ?? "of its list"}`;
  const failed = (reason: string, hint: string) =>
    new CliError(`the store ${bucket.name} cannot be used: ${reason}`, {
      exitCode: EXIT.incomplete,
      hint,
    });
  let isRepeated = false;
  for (let attempt = 1; ; attempt++) {
    const { region, credentials } = bucket;
    const asked = { method, url, headers: own, payload, region, now: Date.now() };
    const signed = { ...sign(asked, credentials), "user-agent": "sitelift" };
    const answer = await request(url, {
      dispatcher: agent,
      method,
      ...(method === "PUT"
        ? { headers: { ...signed, "content-length": `${length}` }, body: body() }
        : { headers: signed }),
    })
      .then(async ({ statusCode: status, headers, body }) => {
        return { status, headers, body: new Uint8Array(await body.arrayBuffer()) };
      })
      .catch((error: Error) => error);
    if (answer instanceof Error) isRepeated = true;
    else {
      const { status } = answer;
      const code = tagsOf(textOf(answer.body), "Code")[0] ?? "";
      if (status < 300 || status === 412 || (status === 404 && code !== "NoSuchBucket"))
        return { ...answer, isRepeated };
      // 409 is the answer while another machine writes the same key.
      if (
        status < 500 &&
        ![408, 409, 429].includes(status) &&
        !/^(RequestTimeout|SlowDown)$/.test(code)
      )
        throw failed(`${what}: HTTP ${status} ${code}`, REFUSED);
      isRepeated ||= status >= 500 && status !== 503;
    }
    if (attempt === ATTEMPTS) {
      const reason = answer instanceof Error ? answer.message : `HTTP ${answer.status}`;
      throw failed(`${what}: ${reason}; asked ${ATTEMPTS} times`, "Is it running? Then run again.");
    }
    await sleep(FIRST_WAIT * 2 ** (attempt - 1) * (0.5 + Math.random() / 2));
  }
}

const NOTHING = new Uint8Array();
const REFUSED = "Check the bucket, the region, the credentials, and that the clock is right.";

function urlOf({ base, prefix }: Bucket, key: string | null, query: NonNullable<Asked["query"]>) {
  const url = new URL(base);
  if (key !== null) url.pathname += (prefix + key).split("/").map(percentEncode).join("/");
  url.search = Object.entries(query)
    .map(([word, value]) => `${percentEncode(word)}=${percentEncode(value)}`)
    .sort(byCodeUnits)
    .join("&");
  return url;
}

async function hashOfContent(content: Content): Promise<string> {
  return content instanceof Uint8Array ? hashOf(content) : hashFile(content.file);
}

async function download(
  size: number,
  path: string,
  piece: (from: number, to: number) => Promise<Answer>,
): Promise<void> {
  await using file = await open(path, "w");
  for (let at = 0; at < size; at += PIECE) {
    const { status, body } = await piece(at, Math.min(at + PIECE, size) - 1);
    // A server that knows no ranges sends the whole.
    const isWhole = status === 200 && body.length === size;
    if (!isWhole && body.length !== Math.min(PIECE, size - at))
      throw new CliError(`a piece of ${path} came with ${body.length} bytes`, {
        exitCode: EXIT.incomplete,
        hint: "Was the object changed meanwhile? Then run again.",
      });
    await file.write(body, 0, body.length, at);
    if (isWhole) return;
  }
}

function textOf(body: Uint8Array): string {
  return Buffer.from(body).toString("utf8");
}

/** What elements of a small XML answer hold, as it is written. */
function tagsOf(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, "g"))].map(
    ([, text = ""]) => text,
  );
}
