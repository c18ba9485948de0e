/** What is said of a way on that the site file does not read, and what to write there. Pure. */
import type { Lead } from "../model.js";
import { collapse } from "./nodes.js";

const KINDS: Readonly<Record<Lead["kind"], string>> = {
  next: "a link",
  link: "a link",
  control: "a control that loads more",
  script: "a link or button that only a script follows",
  form: "a form",
};

/** `a link "Older posts" at div.nav-previous > a`. */
export function leadWords({ kind, label, place, written }: Lead): string {
  const says = label === "" ? "" : ` "${label}"`;
  const to = written == null || written === "" ? "" : ` to ${collapse(written.slice(0, 120))}`;
  return `${KINDS[kind]}${says}${to} at ${place}`;
}

/** One sentence for a person who looks at a page. */
export function leadSentence(lead: Lead): string {
  return `${leadWords(lead)} looks like the way to the next page; ${wayOn(lead)}`;
}

/** What to write in the site file where a list has such a way on. */
export function wayOn({ url, place, attribute, sends }: Lead): string {
  const end = '`"next": []` says that the list has one page';
  const at = JSON.stringify(place);
  if (url === null && sends === "form")
    return `\`"next": { "submit": ${at} }\` sends its form, if that matches only what leads on (\`span + a\` is the link after a number that is none); ${end}`;
  const request = `a request that the network tab of a browser shows, \`"next": { "post": "…", "body": "…{n}" }\` or \`"next": { "template": "…{n}" }\` sends it`;
  if (url === null && sends === "script")
    return `\`"next": { "submit": ${at}, "set": { "…": "{1}" } }\` sends a form, if its script does so and puts what it is called with into that field; if it sends ${request}; ${end}`;
  if (url === null)
    return `it names no URL: if it sends ${request}; else its pages can only be read by another list, such as a feed; ${end}`;
  const way =
    attribute === null || attribute === "href"
      ? JSON.stringify(place)
      : `{ "select": ${JSON.stringify(place)}, "attribute": "${attribute}" }`;
  return `\`next: ${way}\` follows it, ${end}`;
}
