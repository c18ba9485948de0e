/** What the links and the translations of an archive leave to decide. Pure. */
import type { UnresolvedLink } from "../../schema/holdings.js";
import type { Account } from "../../schema/run-report.js";
import { count } from "../../text.js";
import { AGAIN, type Decision, decide, eachOnce } from "./decision.js";
import { inOrder, type Shelf } from "./shelf.js";

export function ofLinks({ archive }: Account, shelf: Shelf): (Decision | null)[] {
  const { notMigrated, broken, fragments } = archive.links;
  const { missing } = archive.translations;
  const translations = (isRead: boolean) =>
    inOrder(
      missing.filter(({ language }) => Object.hasOwn(archive.languages, language) === isRead),
      ({ id }) => id,
      shelf,
    ).map(({ id, language, address }) => ({ entry: id, code: address, text: language }));
  const links = (all: readonly UnresolvedLink[]) =>
    inOrder(all, ({ entry }) => entry, shelf).map(({ entry, address, state }) => {
      return { entry, code: address, ...(state === null ? {} : { text: state }) };
    });
  return [
    decide(
      links(broken),
      (n) => `${count(n, "broken link")}`,
      "The page is gone, failed, or the link is not a URL. They stay as they are. To ask for the pages again:",
      AGAIN,
    ),
    decide(
      eachOnce(links(notMigrated)),
      () => `${count(notMigrated.length, "link")} to pages that were not migrated`,
      "They keep their old URL. Look whether the new site needs these pages:",
      "sitelift inspect URL --site SITE",
    ),
    decide(
      inOrder(fragments, ({ entry }) => entry, shelf).map(({ entry, fragment }) => {
        return { entry, code: `#${fragment}` };
      }),
      (n) => `${count(n, "link")} to anchors that do not exist`,
      "The link leads to its page, and not to the place on it. To see all:",
      "sitelift verify ARCHIVE",
    ),
    decide(
      translations(false),
      (n) => `${count(n, "translation")} named by their page but not in the archive`,
      "Crawl the other languages too, or leave them out:",
      `${AGAIN} --languages all`,
    ),
    decide(
      translations(true),
      (n) => `${count(n, "translation")} named by their page but not by the list of their language`,
      "A language switch may lead to pages that do not exist. To look at one:",
      "sitelift inspect URL --site SITE",
    ),
  ];
}
