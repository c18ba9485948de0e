/** Options that do nothing beside others, as a table: whoever gave them is told. Pure. */

type Given = Readonly<Record<string, unknown>>;
/** What a command line says: the options that were typed, and the arguments. */
interface Line {
  readonly given: Given;
  readonly args: readonly string[];
}

/** Options that have no effect where a condition holds. */
interface Needless {
  /** Keys of the options, as the code takes them. */
  readonly off: readonly string[];
  /** What follows "has no effect": `with --no-media`. */
  readonly why: string;
  readonly when: (line: Line) => boolean;
}

const beside = (key: string, why: string, off: readonly string[]): Needless => ({
  ...{ off, why: `with ${why}` },
  when: ({ given }) => given[key] === !why.startsWith("--no-"),
});
const without = (key: string, why: string, off: readonly string[]): Needless => ({
  ...{ off, why: `without ${why}` },
  when: ({ given }) => given[key] === undefined,
});
const isUrl = (target: unknown) => /^https?:\/\//i.test(String(target));
const isFile = (target: unknown) => /\.(?:m?[jt]s|json)(?:#.*)?$/.test(String(target));

/** A preset is for a bare URL, a language for a built-in site. @param siteOf what names the site */
const bySite = (siteOf: (line: Line) => unknown, bare: boolean): readonly Needless[] => [
  {
    off: ["preset"],
    why: "with a site that is named: it is for a bare URL",
    when: (line) => (siteOf(line) === undefined ? !bare : !isUrl(siteOf(line))),
  },
  {
    off: ["language"],
    why: "without a built-in site: a site file says which language it has",
    when: (line) => {
      const site = siteOf(line);
      return site === undefined || isUrl(site) || isFile(site);
    },
  },
];
const option = ({ given }: Line) => given.site;

const walking: readonly Needless[] = [
  beside("media", "--no-media", ["refetchMedia", "maxFailedMedia"]),
  beside("dryRun", "--dry-run", ["selfContained", "refetchMedia", "maxFailedMedia", "requisites"]),
  beside("articles", "--no-articles", ["prefer"]),
  {
    off: ["witness"],
    why: "with --limit: a part of a list is not compared",
    when: ({ given }) => given.limit !== undefined,
  },
];

/** What `--watch` neither writes nor judges. */
const WRITING = "out dryRun overrides maxRejected maxFailedMedia media witness since notify".split(
  " ",
);
/** Targets of an export without content files of their own. */
const DATA = ["csv", "jsonl", "sqlite", "bagit", "drupal", "wordpress"];
/** A page at a URL is where it is. */
const ofUrl: Needless = {
  off: ["url"],
  why: "with a page that is named by its URL",
  when: ({ args, given }) => given.capture === undefined && args.every(isUrl),
};

const TABLE: Readonly<Record<string, readonly Needless[]>> = {
  demo: [beside("serve", "--serve", ["out", "language"]), without("serve", "--serve", ["port"])],
  crawl: [
    ...bySite(({ args }) => args[0], false),
    ...walking,
    {
      off: ["delay", "concurrency", "ignoreRobots", "waitForRobots"],
      why: "with --from-archive: a web archive has a pace of its own",
      when: ({ given }) => given.fromArchive !== undefined,
    },
    {
      off: ["requisites"],
      why: "with --from-archive: articles and their images are all that is asked for",
      when: ({ given }) => given.fromArchive !== undefined && given.requisites !== "none",
    },
  ],
  build: [
    ...bySite(option, false),
    beside("watch", "--watch", WRITING),
    without("manifest", "--manifest", ["index", "check"]),
    ...walking.map((one) => ({
      ...one,
      when: (line: Line) => !line.given.watch && one.when(line),
    })),
  ],
  export: [
    {
      off: ["path"],
      why: `with --to ${DATA.join(", ")}: they have no content files`,
      when: ({ given }) => DATA.includes(String(given.to)),
    },
    {
      off: ["permalink", "base"],
      why: "with --to bagit: a bag holds the archive as it is",
      when: ({ given }) => given.to === "bagit",
    },
  ],
  inspect: [...bySite(option, true), ofUrl],
  record: [...bySite(option, true), ofUrl, beside("walk", "--walk", ["as", "listing"])],
  test: [
    ...bySite(option, false),
    without("update", "--update", ["force"]),
    {
      off: ["json"],
      why: "with --reporter: that one decides",
      when: ({ given }) => given.reporter !== undefined && given.reporter !== "json",
    },
    {
      off: ["health"],
      why: "without the text report",
      when: ({ given: { reporter, json, out } }) =>
        reporter === "json" ||
        (reporter === undefined && json === true) ||
        (reporter !== undefined && reporter !== "text" && out === undefined),
    },
  ],
  init: [ofUrl],
  drift: [...bySite(option, false), without("maxAge", "--max-age", ["maxAgeFails"])],
  schema: [
    ...bySite(option, false),
    {
      off: ["site"],
      why: "on the schema of a site file: it has the fields of any site",
      when: ({ args }) => args[0] === "site",
    },
  ],
};

/**
 * One sentence for each option that has no effect.
 *
 * @param command its name
 * @param given the options that were typed, without defaults
 */
export function withoutEffect(command: string, args: readonly string[], given: Given): string[] {
  const found = new Map<string, string>();
  for (const { off, why, when } of TABLE[command] ?? [])
    if (when({ given, args }))
      for (const key of off)
        if (given[key] !== undefined && !found.has(key))
          found.set(key, `${flagOf(key, given[key])} has no effect ${why}`);
  return [...found.values()];
}

function flagOf(key: string, value: unknown): string {
  const words = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return value === false ? `--no-${words}` : `--${words}`;
}
