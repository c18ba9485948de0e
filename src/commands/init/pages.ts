/** The pages that a proposal is made from: fetched, or saved files at the address that is told or that they give. */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { CliError } from "../../error.js";
import { ownAddress, parsePage } from "../../extract/tree.js";
import type { Page } from "../../model.js";
import type { Proposal } from "../../propose/proposal.js";
import { canonicalUrl, sameOrigin } from "../../url.js";

const ADDRESS = /^https?:\/\//i;
/** For finding a saved page's own address. */
const NOWHERE = "http://saved.invalid/";

/** @throws {CliError} when the page cannot be had, or a saved one is at no known address */
export async function listingPage(target: string, url: string | undefined): Promise<Page> {
  if (ADDRESS.test(target)) return fetchPage(target);
  const body = readSaved(target);
  const address = canonicalUrl(url ?? "") ?? ownAddress(parsePage(savedAt(NOWHERE, body)));
  if (address === null)
    throw new CliError(`${target} does not say at which address it stood`, {
      hint: "Name it: --url https://example.org/articles",
    });
  return savedAt(address, body);
}

/**
 * The article that is named, else that of the first row when the listing was fetched.
 *
 * @returns why there is none, where one was looked for
 */
export async function articlePage(
  named: string | undefined,
  target: string,
  { reads }: Proposal,
  listing: string,
): Promise<{ page: Page | null; problem: string | null }> {
  if (named !== undefined) {
    if (ADDRESS.test(named)) return { page: await fetchPage(named), problem: null };
    const body = readSaved(named);
    const own = ownAddress(parsePage(savedAt(NOWHERE, body)));
    return { page: savedAt(own ?? reads.article ?? listing, body), problem: null };
  }
  if (!ADDRESS.test(target) || reads.article === null) return { page: null, problem: null };
  if (!sameOrigin(reads.article, listing))
    return {
      page: null,
      problem: `the first row leads to another site, ${reads.article}: name an article with --article`,
    };
  try {
    return { page: await fetchPage(reads.article), problem: null };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return { page: null, problem: `no article was looked at: ${error.message}` };
  }
}

async function fetchPage(url: string): Promise<Page> {
  const { fetchOne } = await import("../../http/live.js");
  const politeness = { delay: 250, concurrency: 1 };
  return fetchOne(url, { start: url, origins: [new URL(url).origin], politeness });
}

function savedAt(url: string, body: Uint8Array): Page {
  return { url, requestedUrl: url, status: 200, headers: {}, body };
}

function readSaved(path: string): Uint8Array {
  const file = resolve(path);
  if (!existsSync(file))
    throw new CliError(`"${path}" is neither an address nor a file`, {
      hint: "An address begins with http:// or https://; a file is taken from the working folder.",
    });
  try {
    return readFileSync(file);
  } catch (error) {
    throw new CliError(`${path} cannot be read`, {
      hint: "Expected one saved HTML page.",
      cause: error,
    });
  }
}
