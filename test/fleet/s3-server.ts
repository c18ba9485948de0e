/**
 * A small S3 on a loopback port, for tests: PUT with `If-None-Match`, GET with ranges, HEAD, LIST, DELETE. It checks the
 * signature of each request by its own reading of the specification, and fails when a test says so.
 */
import { createHash, createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export const KEYS = { AWS_ACCESS_KEY_ID: "a-key", AWS_SECRET_ACCESS_KEY: "a secret/+=" };

/** What a test may let the server do in the place of an answer. */
export type Fault = "slow-down" | "lost-answer" | "conflict" | null;

export async function serveS3({
  fault = () => null,
  page = 1000,
  isOld = false,
  isPlain = false,
}: {
  /** Called with each request that is signed well. */
  readonly fault?: (method: string, key: string) => Fault;
  /** Keys in an answer to LIST. */
  readonly page?: number;
  /** True for a server that takes no note of `If-None-Match`. */
  readonly isOld?: boolean;
  /** True for a server that does not know `encoding-type`. */
  readonly isPlain?: boolean;
} = {}) {
  const objects = new Map<string, { body: Buffer; sha256: string }>();
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
    requests.push(`${request.method} ${url.pathname}${url.search}`);
    const refused = problemOf(request, url, body);
    if (refused !== null) return error(response, 403, refused);
    const [, bucket, ...names] = url.pathname.split("/").map(decodeURIComponent);
    if (bucket !== "bucket") return error(response, 404, "NoSuchBucket");
    const key = names.join("/");
    const fails = fault(request.method ?? "", key);
    if (fails === "slow-down") return error(response, 503, "SlowDown");
    if (fails === "conflict") return error(response, 409, "ConditionalRequestConflict");
    if (isOld) request.headers["if-none-match"] = "";
    if (fails === "lost-answer") response.end = () => response.destroy() as never;
    answer(request, response, { objects, key, url, body, page, isPlain });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    endpoint,
    place: `s3://bucket/a/prefix?endpoint=${endpoint}`,
    objects,
    requests,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function answer(
  { method, headers }: IncomingMessage,
  response: ServerResponse,
  {
    objects,
    key,
    url,
    body,
    page,
    isPlain,
  }: {
    readonly objects: Map<string, { body: Buffer; sha256: string }>;
    readonly key: string;
    readonly url: URL;
    readonly body: Buffer;
    readonly page: number;
    readonly isPlain: boolean;
  },
): unknown {
  const found = objects.get(key);
  if (method === "PUT") {
    if (headers["if-none-match"] === "*" && found !== undefined)
      return error(response, 412, "PreconditionFailed");
    objects.set(key, { body, sha256: String(headers["x-amz-meta-sha256"]) });
    response.end();
  } else if (method === "DELETE") {
    objects.delete(key);
    response.writeHead(204).end();
  } else if (url.searchParams.has("list-type")) {
    const { searchParams } = url;
    const after = searchParams.get("continuation-token") ?? "";
    const prefix = searchParams.get("prefix") ?? "";
    const keys = [...objects.keys()].filter((one) => one.startsWith(prefix) && one > after).sort();
    const some = keys.slice(0, page);
    const more =
      keys.length > page ? `<NextContinuationToken>${some.at(-1)}</NextContinuationToken>` : "";
    const shown = (one: string) =>
      isPlain ? one.replaceAll("&", "&amp;") : encodeURIComponent(one);
    const rows = some.map((one) => `<Contents><Key>${shown(one)}</Key></Contents>`);
    const how = isPlain ? "" : "<EncodingType>url</EncodingType>";
    response.end(`<ListBucketResult>${how}${rows.join("")}${more}</ListBucketResult>`);
  } else if (found === undefined) error(response, 404, "NoSuchKey");
  else {
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? "") ?? [];
    const part =
      from === undefined ? found.body : found.body.subarray(Number(from), Number(to) + 1);
    response.writeHead(from === undefined ? 200 : 206, {
      "content-length": part.length,
      "x-amz-meta-sha256": found.sha256,
    });
    response.end(method === "HEAD" ? undefined : part);
  }
}

function error(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { "content-type": "application/xml" });
  response.end(`<Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}

/** What is wrong with the signature of a request; null where it is right. */
function problemOf(request: IncomingMessage, url: URL, body: Buffer): string | null {
  const { headers, method } = request;
  const [, key, scope, names = "", signature] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? "",
    ) ?? [];
  if (key !== KEYS.AWS_ACCESS_KEY_ID || scope === undefined) return "InvalidAccessKeyId";
  const hash = createHash("sha256").update(body).digest("hex");
  if (headers["x-amz-content-sha256"] !== hash) return "XAmzContentSHA256Mismatch";
  const signed = names.split(";");
  const mustBe = Object.keys(headers).filter(
    (name) => name === "host" || name.startsWith("x-amz-"),
  );
  if (mustBe.some((name) => !signed.includes(name))) return "AccessDenied";
  const query = (request.url ?? "").split("?")[1] ?? "";
  const canonical = [
    method,
    url.pathname,
    query.split("&").sort().join("&"),
    ...signed.map((name) => `${name}:${String(headers[name]).trim()}`),
    "",
    names,
    hash,
  ].join("\n");
  const time = String(headers["x-amz-date"]);
  const text = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${createHash("sha256").update(canonical).digest("hex")}`;
  let secret: string | Buffer = `AWS4${KEYS.AWS_SECRET_ACCESS_KEY}`;
  for (const word of scope.split("/")) secret = createHmac("sha256", secret).update(word).digest();
  const expected = createHmac("sha256", secret).update(text).digest("hex");
  return expected === signature && scope.startsWith(time.slice(0, 8))
    ? null
    : "SignatureDoesNotMatch";
}
