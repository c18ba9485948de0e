/**
 * A site: what to read and where, as plain data. Here a site file becomes one: it is checked, laid over its
 * preset, and completed.
 */
import { CliError } from "./error.js";
import { explainIssue } from "./explain.js";
import { FIELD_NAMES, type FieldName } from "./model.js";
import { completeSite } from "./site-defaults.js";
import { type Preset, type SiteInput, siteSchema } from "./site-schema.js";

export type { Preset, SiteInput };

/** One way to read a field. */
export interface Alternative {
  readonly select: string;
  readonly attribute: string | null;
  readonly read: "text" | "html" | "own";
  readonly all: boolean;
}

export interface FieldRules {
  readonly listing: readonly Alternative[];
  readonly article: readonly Alternative[];
  readonly prefer: "listing" | "article" | "same";
  readonly required: boolean;
  readonly empty: readonly string[];
}

/** A site, checked and complete: presets merged, every default filled in. */
export interface Site {
  readonly name: string;
  readonly start: string;
  readonly language: string;
  readonly origins: readonly string[];
  readonly remove: readonly string[];
  readonly media: { readonly origins: readonly string[] };
  /** The site in other languages that it knows, each complete, but for the start. */
  readonly languages: Readonly<Record<string, Omit<Site, "languages">>>;
  readonly politeness: { readonly delay: number; readonly concurrency: number };
  /** The least share of articles that must have a field. */
  readonly health: Readonly<Partial<Record<FieldName, number | undefined>>>;
  readonly listing: {
    readonly within: readonly string[];
    readonly rows: readonly string[];
    readonly link: readonly Alternative[];
    readonly next: readonly Alternative[];
    readonly current: readonly string[];
    readonly pageLinks: readonly string[];
    readonly pageParameter: string | null;
    readonly empty: readonly string[];
  };
  readonly article: {
    readonly follow: boolean;
    readonly translations: readonly string[];
    readonly media: readonly string[];
  };
  readonly fields: Readonly<Record<FieldName, FieldRules>> & {
    readonly date: FieldRules & {
      readonly formats: readonly string[];
      readonly locales: readonly string[];
    };
    readonly type: FieldRules & {
      readonly values: Readonly<Record<string, string | null>> | null;
      readonly unknownValues: "error" | "keep" | "null";
    };
  };
}

/** Gives a site file its types; what it says is checked when it is loaded. */
export function defineSite(site: SiteInput): SiteInput {
  return site;
}

/**
 * Checks a site file and fills in presets and defaults.
 *
 * @param input what the file holds, unchecked
 * @param presets the presets that may be named
 * @param from where it stands, for messages
 * @throws {CliError} exit code 2, naming every key that is wrong, what was expected and the nearest known key
 */
export function resolveSite(
  input: unknown,
  presets: Readonly<Record<string, Preset>>,
  from: string,
): Site {
  const parsed = siteSchema.safeParse(input);
  if (!parsed.success)
    throw new CliError(`${from} is not a valid site file`, {
      exitCode: 2,
      details: parsed.error.issues.flatMap((issue) => explainIssue(siteSchema, issue, input)),
      hint: "`sitelift schema site` prints every key and what it means.",
    });
  const own = parsed.data;
  const preset = own.preset === undefined ? {} : presets[own.preset];
  if (preset === undefined)
    throw new CliError(`${from}: unknown preset "${own.preset}"`, {
      exitCode: 2,
      hint: `Known presets: ${Object.keys(presets).join(", ")}.`,
    });
  const merged = mergePreset(preset, own);
  const lacks = [
    merged.start === undefined
      ? "start: expected the address of the first listing page, found nothing"
      : null,
    merged.listing?.rows === undefined
      ? "listing.rows: expected a selector of the rows, found nothing"
      : null,
    merged.fields?.title === undefined
      ? "fields.title: expected where the title stands, found nothing"
      : null,
  ].filter((line) => line !== null);
  if (lacks.length > 0)
    throw new CliError(`${from} is not complete`, {
      exitCode: 2,
      details: lacks,
      hint: 'A Drupal 7 site needs only `preset: "drupal7"`, a name and a start.',
    });
  return { ...completeSite(own.name, merged), languages: languagesOf(own.name, merged) };
}

function languagesOf(name: string, merged: Preset): Site["languages"] {
  return Object.fromEntries(
    Object.entries(merged.languages ?? {}).map(([language, { origins = [], ...own }]) => [
      language,
      completeSite(name, {
        ...mergePreset(merged, { ...own, language }),
        origins: [...(merged.origins ?? []), ...origins],
      }),
    ]),
  );
}

/**
 * A site as it is walked in another language.
 *
 * @param start address of its listing in that language
 */
export function inOtherLanguage(site: Site, language: string, start: string): Site {
  const own = site.languages[language] ?? site.languages[language.split("-")[0] ?? ""] ?? site;
  const { politeness, article, origins } = site;
  return {
    ...own,
    languages: site.languages,
    language,
    start,
    origins,
    politeness,
    article: { ...own.article, follow: article.follow },
  };
}

/** A preset with a site's own keys on top: objects are merged key by key, lists are replaced whole. */
export function mergePreset(preset: Preset, own: Preset): Preset {
  const fieldsOf = (name: FieldName) => ({ ...preset.fields?.[name], ...own.fields?.[name] });
  const named = FIELD_NAMES.filter((name) => preset.fields?.[name] ?? own.fields?.[name]);
  return {
    ...preset,
    ...own,
    listing: { ...preset.listing, ...own.listing },
    article: { ...preset.article, ...own.article },
    media: { ...preset.media, ...own.media },
    languages: { ...preset.languages, ...own.languages },
    politeness: { ...preset.politeness, ...own.politeness },
    health: { ...preset.health, ...own.health },
    fields: Object.fromEntries(named.map((name) => [name, fieldsOf(name)])),
  };
}
