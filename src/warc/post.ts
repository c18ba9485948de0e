/**
 * POST requests in captures. The request record holds the body. An index has it as pywb, warcio and cdxj-indexer do: as
 * part of the key under which the response is looked up, and in two fields of the line. Pure.
 */
import type { Post } from "../model.js";
import { headersOf, parseHttp } from "./http.js";
import { fieldOf, uriOf, type WarcRecord } from "./record.js";

/** What a line of an index says of a request other than a GET. */
export interface IndexedRequest {
  readonly method: string;
  readonly requestBody: string;
}

/** The POST that a request record holds; null for any other record. */
export function postIn(record: Pick<WarcRecord, "fields" | "block">): Post | null {
  if (fieldOf(record, "warc-type") !== "request") return null;
  const message = parseHttp(record.block);
  const url = uriOf(record, "warc-target-uri");
  if (message === null || url === null || !message.start.startsWith("POST ")) return null;
  const { "content-type": type = "", "x-requested-with": by } = headersOf(message.fields);
  return { url, body: Buffer.from(message.body).toString("utf8"), type, isAjax: by !== undefined };
}

/** Longest body of a line, as warcio and cdxj-indexer cut it. */
const MOST = 4096;

/** The body as a query. */
export function indexedRequest({ body, type }: Post): IndexedRequest {
  return { method: "POST", requestBody: queryOf(body, mimeOf(type)).slice(0, MOST) };
}

/** The URL under which an index has the response to a request. */
export function indexedUrl(url: string, { method, requestBody }: IndexedRequest): string {
  return `${url}${url.includes("?") ? "&" : "?"}__wb_method=${method}&${decoded(requestBody)}`;
}

function mimeOf(type: string): string {
  return type.split(";", 1)[0]?.trim() ?? "";
}

function queryOf(body: string, mime: string): string {
  if (mime === "application/x-www-form-urlencoded") return body;
  if (mime === "application/json") return jsonQuery(body);
  return `__wb_post_data=${Buffer.from(body).toString("base64")}`;
}

function decoded(query: string): string {
  try {
    return decodeURI(query);
  } catch {
    return "";
  }
}

/** Each value of a JSON by the name of its key, as warcio flattens it: `{"a": {"b": 1}, "c": [2, 3]}` is `b=1&c=2&c.2_=3`. */
function jsonQuery(body: string): string {
  const query = new URLSearchParams();
  const seen = new Map<string, number>();
  const add = (value: unknown, name: string): void => {
    if (Array.isArray(value)) for (const one of value) add(one, name);
    else if (typeof value === "object" && value !== null)
      for (const [key, one] of Object.entries(value)) add(one, key);
    else {
      const text = value === null ? "null" : String(value);
      if (text === "") return;
      const times = (seen.get(name) ?? 0) + 1;
      seen.set(name, times);
      query.set(times === 1 ? name : `${name}.${times}_`, text);
    }
  };
  try {
    add(JSON.parse(body), "");
  } catch {
    // What is not JSON has no keys.
  }
  return query.toString();
}
