/** One thing to decide, with examples. Pure. */
import { count, gather } from "../../text.js";

/** The command that crawls again; SITE and ARCHIVE are for the reader to fill in. */
export const AGAIN = "sitelift crawl SITE --out ARCHIVE";

/** One case of something: an entry or a URL, words to add to a file, and what is to say of it. */
export interface Example {
  readonly entry?: string | null;
  readonly code?: string;
  readonly type?: string;
  readonly text?: string;
}

/** An example as a document shows it. @param show each piece in the markup of the document */
export function exampleText(
  { entry, code, type, text = "" }: Example,
  show: Readonly<Record<keyof Example, (piece: string) => string>>,
): string {
  const parts = [
    ...(entry == null ? [] : [show.entry(entry)]),
    ...(code === undefined ? [] : [show.code(code)]),
    ...(type === undefined ? [] : [show.type(type)]),
    ...(text === "" ? [] : [show.text(text)]),
  ];
  return parts.join(": ");
}

export interface Decision {
  readonly title: string;
  /** True where it decides about the exit code. */
  readonly isFinding: boolean;
  readonly advice: string;
  /** A command to run, or words to add to a file. Those for a site file have their keys quoted, as JSON and code take them. */
  readonly type: string;
  readonly examples: readonly Example[];
}

/** @returns null where there is nothing to decide */
export function decide(
  examples: readonly Example[],
  title: (n: number) => string,
  advice: string,
  type: string,
  isFinding = false,
): Decision | null {
  return examples.length === 0
    ? null
    : { title: title(examples.length), isFinding, advice, type, examples };
}

/** Links, each target once with their number, that of most links first: a menu has the same on every article. */
export function eachOnce(links: readonly Example[]): Example[] {
  const targets = new Map<string | undefined, Example[]>();
  for (const link of links) gather(targets, link.code, link);
  return [...targets.values()]
    .sort((a, b) => b.length - a.length)
    .map(([first, ...others]) => {
      const times = others.length === 0 ? "" : count(others.length + 1, "link");
      return { ...first, text: [first?.text ?? "", times].filter(Boolean).join(", ") };
    });
}
