/** `sitelift init`: proposes a site file from a listing page and an article, and writes it with what a project needs to test it. */
import { resolve } from "node:path";
import process from "node:process";
import type { RecordedCase } from "../cases/record.js";
import { EXIT, type ExitCode } from "../error.js";
import type { Page } from "../model.js";
import { kindOfData } from "../propose/data.js";
import type { Picks, Proposal } from "../propose/proposal.js";
import { type ProposeOptions, propose } from "../propose/propose.js";
import { siteOfProposal } from "../propose/reads.js";
import { startOfKind } from "../site/listing-kinds.js";
import { siteNameOf } from "../site/load.js";
import type { Site } from "../site/site.js";
import { isUrl } from "../text.js";
import { isPostKey } from "../url/post.js";
import { sameOrigin } from "../url/url.js";
import type { InitOptions } from "./command-line/site.js";
import type { End } from "./end.js";
import {
  firstCases,
  freeName,
  isDefault,
  namedAlready,
  type PlannedFile,
  planFiles,
  writeFiles,
} from "./init/files.js";
import { noList } from "./init/no-list.js";
import { ask, choiceLine, confirmed, showProposal } from "./init/show.js";
import { TRIED, tryOut } from "./init/try-out.js";
import { fetchPage, orNull, savedPage } from "./pages.js";
import { here, Terminal } from "./terminal.js";

export async function init(target: string, options: InitOptions): Promise<End | ExitCode> {
  const terminal = new Terminal(options);
  const read = await readPages(target, options, terminal);
  const { listing, article } = read;
  const own = siteNameOf(read.first.site.start ?? listing.url);
  const name = options.name ?? (options.force ? own : freeName(own, process.cwd()));
  const asks = isInteractive(options);
  const made = { name, ...read.more };
  const proposal = asks
    ? await settled(listing, article, made)
    : proposalFor(listing, article, made);
  if (proposal === null) return EXIT.interrupted;
  const files = planFiles(proposal, process.cwd(), options);
  showProposal(terminal, proposal, files);
  const namesake = namedAlready(name, process.cwd()).find((path) => path !== files[0].path);
  if (namesake !== undefined)
    terminal.warn(
      `${namesake} has the name ${name} too, so both sites share one archive folder: give one another with --name`,
    );
  else if (name !== own && options.name === undefined)
    terminal.warn(`another site file here has the name ${own}, so this site is named ${name}`);
  const unsure = proposal.choices.filter(({ sure }) => !sure);
  if (options.dryRun)
    return end(terminal, proposal, unsure.length > 0 ? EXIT.findings : EXIT.complete);
  if (unsure.length > 0 && !options.yes && !asks) {
    terminal.warn("nothing was written: there is no terminal to ask on, and this is not sure:");
    for (const choice of unsure) terminal.warn(`  ${choiceLine(choice)}`);
    terminal.warn(
      proposal.reads.isArticle
        ? "Give the URL of the page that lists the articles; or accept the proposal with --yes."
        : "Accept the proposal with --yes, or write the file by hand from it.",
    );
    return end(terminal, proposal, EXIT.findings);
  }
  if (asks && !(await confirmed(files.map(({ path }) => path)))) return EXIT.interrupted;
  const site = siteOfProposal(proposal.site);
  const [{ path }] = files;
  const cases = await firstCases(site, resolve(path), listing, article);
  await write(terminal, files, cases);
  if (unsure.length > 0) {
    const taken = unsure.map(({ part, value }) => `${part} (${value || "none"})`);
    terminal.print(`taken without asking: ${taken.join(", ")}`);
  }
  const isSound = await tried(terminal, target, site, read);
  const [named, crawled] = isDefault(path) ? ["", ""] : [` --site ${path}`, ` ${path}`];
  terminal.print(`next: npx sitelift inspect ${target}${named}, then npx sitelift crawl${crawled}`);
  return end(terminal, proposal, isSound ? EXIT.complete : EXIT.findings, files, cases);
}

/** The pages that a proposal is made from, and what was proposed by the first of them. */
async function readPages(target: string, options: InitOptions, terminal: Terminal) {
  const listing = await listingPage(target, options.url);
  const first = proposalFor(listing, null, { name: options.name ?? "site" });
  // The first link of an article leads to its author or the next one: it is followed only where that was accepted.
  const isFollowed = !first.reads.isArticle || options.yes === true;
  // The answers of these hold all of an article.
  const isWhole = /^(?:wp-json|jsonapi)$/.test(first.site.listing?.kind ?? "");
  const isAsking = isFollowed && !isWhole;
  const article =
    isAsking || options.article !== undefined
      ? await articlePage(terminal, options.article, target, first, listing.url)
      : null;
  const isAsked = isUrl(target) && isAsking;
  const more = isAsked ? await morePages(terminal, first, listing.url, article) : {};
  return { listing, first, article, more, isAsked: isAsked && first.reads.article !== null };
}

async function write(
  terminal: Terminal,
  files: readonly PlannedFile[],
  cases: readonly RecordedCase[],
): Promise<void> {
  await writeFiles(process.cwd(), files);
  for (const one of cases) await one.write();
  const { dim } = terminal.colours;
  for (const { path, purpose } of files) terminal.print(`wrote ${path}  ${dim(purpose)}`);
  for (const { name, folder } of cases)
    terminal.print(`wrote ${here(folder)}  ${dim(`case ${name}`)}`);
}

/** Tries what was written, and says what it lacks. @returns true where it lacks nothing that is known */
async function tried(
  terminal: Terminal,
  target: string,
  site: Site,
  { article, isAsked }: Awaited<ReturnType<typeof readPages>>,
): Promise<boolean> {
  const found = isUrl(target) ? await tryOut(site, terminal) : [];
  // A crawl of rows alone is whole by its own rules: only here it is known that there was a page.
  const isTextless = !site.article.follow && (article !== null || isAsked);
  if (isTextless)
    terminal.warn(
      `${article === null ? "no article could be read" : `no text was found on ${article.url}`}, so the site file reads the rows alone: write where the text is as fields.body.article, and take out article.follow`,
    );
  if (found.length > 0) {
    terminal.warn(`a crawl of at most ${TRIED} articles with it has findings:`);
    for (const line of found) terminal.warn(`  ${line}`);
  } else if (isUrl(target))
    terminal.print(
      `a crawl of at most ${TRIED} articles with it has no finding; the feed and sitemap were not asked`,
    );
  return found.length === 0 && !isTextless;
}

/** More articles than the one that was read, and the second page of the list, as far as they can be fetched. */
async function morePages(
  terminal: Terminal,
  { reads: { articles, next } }: Proposal,
  listing: string,
  read: Page | null,
): Promise<{ others: Page[]; second: Page | null }> {
  const get = async (url: string) =>
    sameOrigin(url, listing) ? orNull(fetchPage(url), terminal) : null;
  const others: Page[] = [];
  const at = read === null ? articles.length : articles.indexOf(read.requestedUrl);
  for (const url of articles.slice(at + 1)) {
    const page = await get(url);
    if (page !== null) others.push(page);
  }
  const second = next === null || isPostKey(next) ? null : await get(next);
  return { others, second };
}

async function listingPage(target: string, given: string | undefined): Promise<Page> {
  if (isUrl(target)) {
    const page = await fetchPage(target);
    const kind = kindOfData(page)?.kind;
    return kind === "wp-json" ? fetchPage(startOfKind(kind, target)) : page;
  }
  return savedPage(target, given);
}

/** The article that is named, else the first of a few rows that can be fetched, if the listing was; null for none. */
async function articlePage(
  terminal: Terminal,
  named: string | undefined,
  target: string,
  { reads: { article, articles } }: Proposal,
  listing: string,
): Promise<Page | null> {
  if (named !== undefined) {
    return isUrl(named) ? fetchPage(named) : savedPage(named, undefined, article ?? listing);
  }
  if (!isUrl(target) || article === null) return null;
  const own = articles.filter((url) => sameOrigin(url, listing));
  for (const url of own) {
    const page = await orNull(fetchPage(url), terminal, "not read");
    if (page !== null) return page;
  }
  if (own.length === 0)
    terminal.warn(`the rows lead to another site, ${article}: name an article with --article`);
  return null;
}

function proposalFor(listing: Page, article: Page | null, options: ProposeOptions) {
  const proposal = propose(listing, article, options);
  if (proposal !== null) return proposal;
  throw noList(listing);
}

/** Proposes, and asks about what is not sure until everything is; null when the user leaves. */
async function settled(listing: Page, article: Page | null, options: ProposeOptions) {
  let picks: Picks = {};
  for (;;) {
    const proposal = proposalFor(listing, article, { ...options, picks });
    const open = proposal.choices.find(
      ({ part, sure, options }) => !sure && options.length > 1 && picks[part] === undefined,
    );
    if (open === undefined) return proposal;
    const answer = await ask(open);
    if (answer === null) return null;
    picks = { ...picks, [open.part]: answer };
  }
}

/** Questions need a terminal, and an option that does not answer them already. */
function isInteractive({ yes, json, dryRun }: InitOptions): boolean {
  const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  return isTerminal && !yes && !json && !dryRun && !process.env.CI;
}

function end(
  terminal: Terminal,
  { reads, choices, missing }: Proposal,
  exitCode: ExitCode,
  files: readonly PlannedFile[] = [],
  cases: readonly RecordedCase[] = [],
): End {
  const { rows, titles, links, dates } = reads;
  const unsure = choices.filter(({ sure }) => !sure).length;
  for (const path of [...files.map(({ path }) => path), ...cases.map(({ folder }) => here(folder))])
    terminal.event({ event: "written", path });
  const found = { rows, titles, links, dates, unsure, missing: missing.length };
  const counts = { ...found, files: files.length, cases: cases.length };
  return { exitCode, counts };
}
