/** The way to the next listing page where no link leads there, as a site file says it. */
import type { z } from "zod";
import type { counted, posted } from "./listing-schema.js";
import type { Alternative, PostRules, Site } from "./site.js";

type Posted = z.input<typeof posted>;
type Counts = Pick<z.input<typeof counted>, "from" | "step" | "until">;

export function countsOf({ from = 2, step = 1, until }: Counts) {
  return { from, step, until: typeof until === "number" ? until : null } satisfies Partial<
    Site["listing"]["counted"]
  >;
}

/** @param cursor where a page has what asks for the next one */
export function postRules(
  { post, body, type = "form", values = {} }: Posted,
  cursor: readonly Alternative[],
): PostRules {
  return {
    url: post,
    body: typeof body === "string" ? body : fieldsOf(body),
    type: type === "json" ? "application/json" : "application/x-www-form-urlencoded",
    cursor,
    values: Object.entries(values).map(([name, { select, attribute = null, match = null }]) => ({
      ...{ name, select, attribute, match },
    })),
  };
}

function fieldsOf(fields: Readonly<Record<string, string>>): string {
  const encode = (text: string) =>
    text
      .split(/(\{[A-Za-z]\w*\})/)
      .map((part, at) => (at % 2 === 0 ? encodeURIComponent(part) : part))
      .join("");
  return Object.entries(fields)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encode(value)}`)
    .join("&");
}
