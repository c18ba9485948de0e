/** The text of a proposed site file, each choice with its evidence in a comment. */
import { type Choice, PLACES, type Proposal } from "./proposal.js";
import { alternatives } from "./rank.js";

/** A TypeScript or JavaScript module. */
export function siteText({ site, choices, missing, left }: Proposal): string {
  const comments = new Map(choices.map((choice) => [PLACES[choice.part], commentOf(choice)]));
  const lines = literal(site as Readonly<Record<string, unknown>>, "", "  ", comments);
  // What a page says may have line ends, and the rest of it would be code.
  const noted = (what: string, lines: readonly string[]) =>
    lines.map((line) => `// ${what}: ${line.replace(/\s+/g, " ")}.\n`).join("");
  return `import { defineSite } from "sitelift";\n\n${noted("Not found", missing)}${noted("In no field", left)}export default defineSite({\n${lines}});\n`;
}

function commentOf(choice: Choice): string {
  const { matched, reason, samples, sure, options } = choice;
  const [sample] = samples;
  const hasOthers = options.filter(({ value }) => value !== "").length > 1;
  return [
    `${sure ? "" : "NOT SURE: "}${matched === "" ? "" : `${matched}: `}${reason}`,
    ...(sample === undefined ? [] : [`"${sample}"`]),
    ...(sure || !hasOthers ? [] : [`or ${alternatives(choice)}`]),
  ].join("; ");
}

function literal(
  value: Readonly<Record<string, unknown>>,
  path: string,
  indent: string,
  comments: ReadonlyMap<string, string>,
): string {
  let text = "";
  for (const [key, one] of Object.entries(value)) {
    if (one === undefined) continue;
    const place = path === "" ? key : `${path}.${key}`;
    const comment = comments.get(place);
    if (comment !== undefined) text += `${indent}// ${comment.replace(/\s+/g, " ")}\n`;
    const isPart = typeof one === "object" && one !== null && !Array.isArray(one);
    const shown =
      isPart && !("select" in one)
        ? `{\n${literal(one as Record<string, unknown>, place, `${indent}  `, comments)}${indent}}`
        : plain(one);
    text += `${indent}${/^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key)}: ${shown},\n`;
  }
  return text;
}

/** A value on one line, as a person would write it. */
function plain(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(plain).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, one]) => `${key}: ${plain(one)}`)
    .join(", ")} }`;
}
