/** A site as the options of a run change it. */
import { CliError } from "../../error.js";
import { fieldsInOrder, type Site } from "../../site/site.js";
import type { CrawlOptions } from "../command-line/crawl.js";

/** What the command line says goes before what the site file says. */
export function adjust(site: Site, options: CrawlOptions): Site {
  const load = options.dryRun ? "none" : (options.requisites ?? site.requisites.load);
  const origins = originsOf(site, options.languages ?? []);
  const adjusted = <T extends List>(one: T): T => ({
    ...one,
    origins,
    requisites: { ...one.requisites, load },
  });
  const { delay, concurrency } = site.politeness;
  const walked = {
    ...adjusted(site),
    lists: site.lists.map(adjusted),
    politeness: {
      delay: options.delay ?? delay,
      concurrency: options.concurrency ?? concurrency,
    },
  };
  return options.articles === false ? withoutArticles(walked) : walked;
}

type List = Omit<Site, "lists">;

/** The site without its article pages: what they may give cannot be demanded, in no list, language or type. */
function withoutArticles(site: Site): Site {
  const followed = [site, ...site.lists].filter(({ article }) => article.follow);
  const parts = followed.flatMap((one) => [one, ...Object.values(one.languages)]);
  const unread = new Set(
    parts.flatMap(({ fields }) =>
      Object.entries(fields).flatMap(([name, { article }]) => (article.length > 0 ? name : [])),
    ),
  );
  const own = demandingLess(site.own, unread);
  const walked = <T extends List>(one: T): T => {
    if (!one.article.follow) return { ...one, own };
    const languages = Object.entries(one.languages).map(([tag, other]) => [tag, rowsOnly(other)]);
    return { ...rowsOnly(one), own, languages: Object.fromEntries(languages) };
  };
  return { ...walked(site), lists: site.lists.map(walked) };
}

function demandingLess({ fields, types }: Site["own"], unread: ReadonlySet<string>): Site["own"] {
  const shapes = Object.entries(fields).map(([name, { required, ...shape }]) => [
    name,
    required && !unread.has(name) ? { ...shape, required } : shape,
  ]);
  const needs = Object.entries(types ?? {}).map(([type, { required }]) => [
    type,
    { required: required.filter((name) => !unread.has(name)) },
  ]);
  return { fields: Object.fromEntries(shapes), ...(types && { types: Object.fromEntries(needs) }) };
}

function rowsOnly<T extends Omit<List, "languages">>(site: T): T {
  const fields = Object.entries(site.fields).map(([name, rules]) => {
    const required = rules.required && (name === "title" || rules.article.length === 0);
    return [name, { ...rules, article: [], required }];
  });
  const isKept = (name: string) => site.fields[name]?.article.length === 0;
  return {
    ...site,
    article: { ...site.article, follow: false },
    fields: Object.fromEntries(fields) as Site["fields"],
    health: Object.fromEntries(Object.entries(site.health).filter(([name]) => isKept(name))),
  };
}

/** What entries lack that were written from rows alone, as a note. */
export function rowsNote(site: Site): string {
  const unread = fieldsInOrder(site).flatMap(([name, { listing }]) =>
    listing.length === 0 ? name : [],
  );
  const lacks = unread.length === 0 ? "" : `, without ${unread.join(", ")}`;
  return `--no-articles: the entries are written from the rows of the list alone${lacks}; crawl without it for the articles`;
}

/** Origins of the site and of the languages that are walked. @throws {CliError} when that of the start is left out */
function originsOf(site: Site, languages: readonly string[] | "all"): readonly string[] {
  if (languages.length === 0) return site.origins;
  if (languages !== "all" && site.language !== "und" && !languages.includes(site.language))
    throw new CliError(`--languages leaves out ${site.language}, the language of the start page`, {
      hint: `Add ${site.language}, or choose another start with --language.`,
    });
  const chosen = Object.entries(site.languages).filter(
    ([language]) => languages === "all" || languages.includes(language),
  );
  return [...new Set([...site.origins, ...chosen.flatMap(([, { origins }]) => origins)])];
}
