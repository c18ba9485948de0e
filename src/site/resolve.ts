/** How a site file becomes a site: it is checked, laid over its preset, and completed. */
import { CliError } from "../error.js";
import { FIELD_NAMES, type FieldName } from "../model.js";
import { explainIssue } from "../schema/explain.js";
import { completeSite } from "./defaults.js";
import { LISTING_KINDS } from "./listing-kinds.js";
import { type Preset, siteSchema } from "./schema.js";
import type { Site } from "./site.js";

/**
 * Checks a site file and fills in presets and defaults.
 *
 * @param input what the file holds, unchecked
 * @param presets the presets that may be named
 * @param from name of the file, for messages
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
  const preset =
    own.preset === undefined || Object.hasOwn(presets, own.preset)
      ? (presets[own.preset ?? ""] ?? {})
      : undefined;
  if (preset === undefined)
    throw new CliError(`${from}: unknown preset "${own.preset}"`, {
      exitCode: 2,
      hint: `Known presets: ${Object.keys(presets).join(", ")}.`,
    });
  const merged = mergePreset(preset, own);
  const lacks = [
    merged.start === undefined
      ? "start: expected the URL of the first listing page, found nothing"
      : null,
    merged.listing?.rows === undefined
      ? "listing.rows: expected a selector of the rows, found nothing"
      : null,
    merged.fields?.title === undefined
      ? "fields.title: expected a selector of the title, found nothing"
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

/** A site whose list begins at another URL, which may be on an origin of its own. */
export function startingAt(site: Site, start: string): Site {
  return { ...site, start, origins: [...site.origins, new URL(start).origin] };
}

/**
 * A site as it is walked in another language.
 *
 * @param start URL of its listing in that language
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

/**
 * A preset with a site's own keys on top: objects are merged key by key, lists are replaced whole. Where these name a
 * kind of list, what it is read by goes before what the preset says of pages.
 */
export function mergePreset(given: Preset, own: Preset): Preset {
  const { kind } = own.listing ?? {};
  const preset = kind === undefined ? given : mergePreset(given, LISTING_KINDS[kind]);
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
