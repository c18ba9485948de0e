/** Paths in JSON answers, as selectors of the tree that is made of one. */

/** A name as selectors take it without escapes: `content:encoded` is `content-encoded`, `@type` is `type`. */
export function dataName(name: string): string {
  const plain = name.toLowerCase().replace(/[^\p{L}\p{N}_-]+/gu, "-");
  return plain.replace(/^-+/, "").replace(/^(?=\d|$)/, "_");
}

/** `title.rendered`, `tags.0.name`; what has any other sign is a selector. */
const PATH = /^[\p{L}_$@][\p{L}\p{N}_$@-]*(?:\.[\p{L}\p{N}_$@-]+)*$/u;

/** A path as a selector: `tags.0.name` is the name of the first tag. @param from what the path begins at */
export function pathSelector(path: string, from: ":scope" | "json"): string {
  if (!PATH.test(path)) return path;
  const steps = path.split(".").map((name) =>
    // A list has one element for each of its members.
    /^\d+$/.test(name) ? `:nth-of-type(${Number(name) + 1})` : ` > ${dataName(name)}`,
  );
  return from + steps.join("");
}
