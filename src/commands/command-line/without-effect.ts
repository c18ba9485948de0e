/** Options that do nothing beside others: whoever gave them is told. Pure. */

import { isUrl } from "../../text.js";

type Given = Readonly<Record<string, unknown>>;
/** What a command line says: the options that were typed, and the arguments. */
export interface Line {
  readonly given: Given;
  readonly args: readonly string[];
}

/** Options that have no effect where a condition holds. */
export interface Needless {
  /** Keys of the options, as the code takes them. */
  readonly off: readonly string[];
  /** What follows "has no effect": `with --no-media`. */
  readonly why: string;
  readonly when: (line: Line) => boolean;
}

export const beside = (key: string, why: string, off: readonly string[]): Needless => ({
  ...{ off, why: `with ${why}` },
  when: ({ given }) => given[key] === !why.startsWith("--no-"),
});
export const without = (key: string, why: string, off: readonly string[]): Needless => ({
  ...{ off, why: `without ${why}` },
  when: ({ given }) => given[key] === undefined,
});
const isFile = (target: unknown) => /\.(?:m?[jt]s|json)(?:#.*)?$/.test(String(target));

/** A preset is for a bare URL, a language for a built-in site. @param siteOf what names the site */
export const bySite = (siteOf: (line: Line) => unknown, bare: boolean): readonly Needless[] => [
  {
    off: ["preset"],
    why: "with a site that is named: it is for a bare URL",
    when: (line) => (siteOf(line) === undefined ? !bare : !isUrl(String(siteOf(line)))),
  },
  {
    off: ["language"],
    why: "without a built-in site: a site file says which language it has",
    when: (line) => {
      const site = siteOf(line);
      return site === undefined || isUrl(String(site)) || isFile(site);
    },
  },
];
/** The site that `--site` names. */
export const option = ({ given }: Line) => given.site;

/** A page at a URL is where it is. */
export const ofUrl: Needless = {
  off: ["url"],
  why: "with a page that is named by its URL",
  when: ({ args, given }) => given.capture === undefined && args.every(isUrl),
};

/**
 * Which of the options that were typed have no effect: a sentence for each, by its key.
 *
 * @param line its options without their defaults
 */
export function withoutEffect(table: readonly Needless[], line: Line): ReadonlyMap<string, string> {
  const { given } = line;
  const found = new Map<string, string>();
  for (const { off, why, when } of table)
    if (when(line))
      for (const key of off)
        if (given[key] !== undefined && !found.has(key))
          found.set(key, `${flagOf(key, given[key])} has no effect ${why}`);
  return found;
}

function flagOf(key: string, value: unknown): string {
  const words = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return value === false ? `--no-${words}` : `--${words}`;
}
