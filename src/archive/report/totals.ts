/** Sums that account.md and report.html both show, with their words. Pure. */

import { STATES, type State } from "../../model.js";
import type { Holdings } from "../../schema/holdings.js";
import type { Place, Remains } from "../../schema/run-report.js";

type Sums = readonly (readonly [words: string, sum: number])[];

/** The states in which URLs ended, each with how many. */
export function statesIn(counts: Readonly<Record<State, number>>) {
  const all = STATES.map((state) => [state, counts[state]] as const);
  return all.filter(([, n]) => n > 0);
}

/** Where the links of all bodies lead. */
export function linkTargets(links: Holdings["links"]): Sums {
  return [
    ["other entries", links.entries],
    ["files of the archive", links.files],
    ["other sites", links.external],
    ["not a web page (mail, telephone)", links.other],
    ["pages that were not migrated", links.notMigrated.length],
    ["pages that are gone or failed, and what is not a URL", links.broken.length],
    ["files on other hosts, shown in place", links.embedded.length],
    ["anchors that do not exist", links.fragments.length],
  ];
}

/** What became of the words of the article pages. */
export function pageWords({ words, left, furniture, navigation, ignored }: Remains): Sums {
  const sum = (places: readonly Place[]) => places.reduce((n, place) => n + place.words, 0);
  return [
    ["in fields", words.read],
    ["removed by the site file", words.removed],
    ["ignored by the site file", sum(ignored)],
    ["links to other articles", sum(navigation)],
    ["menus, footers and side blocks, which repeat", sum(furniture)],
    ["left behind", sum(left)],
  ];
}
