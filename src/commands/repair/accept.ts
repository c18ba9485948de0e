/** What `repair --accept` writes: the site file, and cases of the pages as they are now. */
import { existsSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import { CASE_FILES } from "../../cases/case.js";
import { newCasesFolder, writeFiles } from "../../cases/folder.js";
import { type NewCase, pageCase, scrubbedCase } from "../../cases/record.js";
import { CliError } from "../../error.js";
import type { Page } from "../../model.js";
import { siteOfInput } from "../../propose/repair/edited-site.js";
import type { Repair } from "../../propose/repair/repair.js";
import type { Site, SiteInput } from "../../site/site.js";
import { readSiteFile } from "../../site/site-file.js";
import { jsonText } from "../../text.js";
import { here } from "../terminal.js";
import { passingCases } from "./known-pages.js";
import type { PagesNow } from "./pages.js";

/**
 * Writes all of it; the cases of before stay, and `drift` passes over them from now on.
 *
 * @param text the site file as it is to be
 * @returns folders of the new cases, relative to the working folder
 * @throws {CliError} when the text does not load as what was proved: nothing is written then
 */
export async function acceptRepair(
  file: string,
  text: string,
  was: Site,
  { site }: Repair,
  { listing, articles }: PagesNow,
): Promise<string[]> {
  const old = await passingCases(was);
  const recorded = new Date().toISOString();
  const day = recorded.slice(0, 10);
  const root = resolve(newCasesFolder(site));
  const readBy = { site: site.list === null ? file : `${file}#${site.list}` };
  const caseOf = (kind: "listing" | "article", page: Page): NewCase => {
    const name = freeName(root, `${kind}-${day}`);
    return { site, root, readBy, recorded, kind, pages: [page], name };
  };
  const cases = [await scrubbedCase(caseOf("listing", listing))];
  const [article] = articles;
  if (article !== undefined) cases.push(await pageCase(caseOf("article", article), listing));
  await replaceSiteFile(file, text, site);
  for (const { folder, about } of old) {
    if (about === null || about.kept !== undefined) continue;
    const kept = `of the template before ${day}`;
    await writeFiles(folder, [[CASE_FILES.about, jsonText({ ...about, kept })]]);
  }
  for (const one of cases) await one.write();
  return cases.map(({ folder }) => here(folder));
}

function freeName(root: string, name: string): string {
  for (let n = 1; ; n++) {
    const free = n === 1 ? name : `${name}-${n}`;
    if (!existsSync(join(root, free))) return free;
  }
}

/** Code may say something else than its text: it is loaded before it takes the place of the file. */
async function replaceSiteFile(file: string, text: string, proved: Site): Promise<void> {
  const extension = extname(file);
  const beside = join(dirname(file), `.${basename(file, extension)}.repair${extension}`);
  try {
    await writeFile(beside, text);
    const { input } = await readSiteFile(beside);
    const site = siteOfInput(input as SiteInput, proved.list);
    if (JSON.stringify(site) !== JSON.stringify(proved))
      throw new CliError(`${basename(file)} would not say what was proved: it is code`, {
        hint: "Change it by hand; `sitelift repair` without --accept shows what.",
      });
    await rename(beside, file);
  } finally {
    await rm(beside, { force: true });
  }
}
