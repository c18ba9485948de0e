/** Content decoding that believes nothing: what is cut short, followed by anything or too large is refused. */
import {
  brotliDecompressSync,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  type ZlibOptions,
} from "node:zlib";
import { chunkSizeFor } from "../../warc/chunk-size.js";
import { FetchError } from "../fetch-error.js";

/** What zlib gives with `info: true`, which Node's types do not show. */
interface Decoded {
  readonly buffer: Buffer;
  /** `bytesWritten` counts the input that was used. */
  readonly engine: { readonly bytesWritten: number };
}
type Decoder = (bytes: Uint8Array, options: ZlibOptions) => unknown;

const DECODERS: Readonly<Record<string, Decoder>> = {
  gzip: gunzipSync,
  "x-gzip": gunzipSync,
  deflate: (bytes, options) =>
    isZlib(bytes) ? inflateSync(bytes, options) : inflateRawSync(bytes, options),
  br: brotliDecompressSync,
};

/** What servers name in its place, and browsers take as none: a charset, or that of mail; S3 its way of an upload. */
const NO_CODING =
  /^(?:identity|none|null|plain|text|binary|[78]bit|aws-chunked|us-ascii|utf-?(?:8|16)|(?:iso|windows|cp)-?\d[\d-]*)$/;

/**
 * Undoes a content coding (RFC 9110, section 8.4).
 *
 * Synchronous on purpose: a bomb then costs at most one `maxBytes` of memory, however many responses
 * arrive together.
 *
 * @param encoding value of Content-Encoding; undefined when there is none
 * @param maxBytes most bytes that may come out
 * @throws {FetchError} when the coding is unknown or stacked, or the body cut, damaged, trailed or too large
 */
export function decodeBody(
  bytes: Uint8Array,
  encoding: string | undefined,
  maxBytes: number,
): Uint8Array {
  const codings = codingsOf(encoding);
  const [coding] = codings;
  if (coding === undefined || bytes.length === 0) {
    if (bytes.length > maxBytes) throw tooLarge(maxBytes);
    return bytes;
  }
  if (codings.length > 1) throw new FetchError(`stacked content codings (${codings.join(", ")})`);
  const decode = Object.hasOwn(DECODERS, coding) ? DECODERS[coding] : undefined;
  if (decode === undefined) throw new FetchError(`unknown content coding "${coding}"`);
  return run(decode, coding, bytes, maxBytes);
}

function codingsOf(encoding: string | undefined): string[] {
  return (encoding ?? "")
    .split(",")
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== "" && !NO_CODING.test(coding));
}

/** True where {@link decodeBody} knows the coding. */
export function canDecode(encoding: string | undefined): boolean {
  const codings = codingsOf(encoding);
  return codings.length < 2 && codings.every((coding) => Object.hasOwn(DECODERS, coding));
}

function run(decode: Decoder, coding: string, bytes: Uint8Array, maxBytes: number): Uint8Array {
  try {
    const options = {
      info: true,
      maxOutputLength: maxBytes,
      chunkSize: chunkSizeFor(4 * bytes.length),
    };
    const { buffer, engine } = decode(bytes, options) as Decoded;
    if (engine.bytesWritten === bytes.length) return buffer;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(maxBytes);
    const what = code === "Z_BUF_ERROR" ? "is cut short" : "is damaged";
    throw new FetchError(`the ${coding} body ${what}`, { retry: true, cause: error });
  }
  throw new FetchError(`bytes follow the end of the ${coding} body`, { retry: true });
}

function tooLarge(maxBytes: number): FetchError {
  return new FetchError(`the body is larger than ${maxBytes} bytes`);
}

/** Servers send both forms as "deflate": RFC 1950 begins with a checked header, RFC 1951 does not. */
function isZlib(bytes: Uint8Array): boolean {
  const [method = 0, flags = 0] = bytes;
  return (method & 0x0f) === 8 && ((method << 8) | flags) % 31 === 0;
}
