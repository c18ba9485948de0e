/**
 * Signature version 4 of AWS, which every S3-compatible store takes. Pure.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
import { createHmac } from "node:crypto";
import { hashOf } from "../disk/read.js";
import { byCodeUnits } from "../text.js";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of credentials that hold for some hours. */
  readonly sessionToken?: string | undefined;
}

export interface Signed {
  readonly method: string;
  /** Host, path and query as they are sent. */
  readonly url: URL;
  /** Names in lower case; without `host`. */
  readonly headers: Readonly<Record<string, string>>;
  /** SHA-256 of the body in hexadecimal. */
  readonly payload: string;
  readonly region: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The headers of a request with its signature. */
export function sign(request: Signed, credentials: Credentials): Record<string, string> {
  const { url, region, payload, now } = request;
  const time = new Date(now).toISOString().replace(/[-:]|\.\d+/g, "");
  const { sessionToken } = credentials;
  const headers: Record<string, string> = {
    ...request.headers,
    "x-amz-date": time,
    "x-amz-content-sha256": payload,
    ...(sessionToken === undefined ? {} : { "x-amz-security-token": sessionToken }),
  };
  const all = Object.entries({ ...headers, host: url.host }).sort(([a], [b]) => byCodeUnits(a, b));
  const names = all.map(([name]) => name).join(";");
  const canonical = [
    request.method,
    url.pathname,
    [...url.search.slice(1).split("&")].sort(byCodeUnits).join("&"),
    ...all.map(([name, value]) => `${name}:${value.trim().replace(/ +/g, " ")}`),
    "",
    names,
    payload,
  ].join("\n");
  const day = time.slice(0, 8);
  const scope = `${day}/${region}/s3/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", time, scope, hashOf(canonical)].join("\n");
  const key = [day, region, "s3", "aws4_request"].reduce<string | Buffer>(
    (secret, word) => createHmac("sha256", secret).update(word).digest(),
    `AWS4${credentials.secretAccessKey}`,
  );
  const signature = createHmac("sha256", key).update(text).digest("hex");
  const credential = `${credentials.accessKeyId}/${scope}`;
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`,
  };
}
