/**
 * changes.atom: what changed on the site, as a feed (RFC 4287). It follows from the snapshots; a run that changes nothing
 * leaves it as it is, and before the first change it has no entries. Pure.
 */
import type { RecordedChanges } from "../../schema/snapshot.js";
import { count, parseUrl } from "../../text.js";
import { type ChangingRun, changingRuns, type PastRun, whenOf } from "../history.js";
import { escapeHtml as escapeXml } from "./html.js";

/** Entries of the feed: the newest. */
const MOST = 200;

const WORDS = {
  added: "Added",
  edited: "Edited",
  reread: "Read in another way",
  renamed: "Renamed",
  gone: "Gone",
  returned: "Returned",
} as const;

/** @param entries of the archive: before the first change the feed is as old as the newest article */
export function renderFeed(
  site: string,
  runs: readonly PastRun[],
  entries: readonly { readonly date: string | null }[],
): string {
  const changing = changingRuns(runs);
  const name = encodeURIComponent(site);
  const newest =
    entries
      .map(({ date }) => date ?? "")
      .sort()
      .at(-1) ?? "";
  const last = changing.at(-1);
  const updated =
    last === undefined ? `${newest === "" ? "1970-01-01" : newest}T12:00:00Z` : whenOf(last);
  const ids = idsOf(changing, name);
  const items = changing
    .flatMap((run, at) => itemsOf(run, ids[at] ?? ""))
    .reverse()
    .slice(0, MOST);
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<title>Changes of ${escapeXml(site)}</title>
<id>urn:sitelift:${name}:changes</id>
<updated>${updated}</updated>
<author><name>sitelift</name></author>
${items.join("")}</feed>
`;
}

/**
 * An id for each run: when its pages were fetched, and the rules that read them. Its place among the runs would be another
 * once earlier ones are pruned, and when it was made another in an archive that is built from the same captures.
 */
function idsOf(runs: readonly ChangingRun[], name: string): string[] {
  const used = new Map<string, number>();
  return runs.map((run) => {
    const rules = run.rules?.slice(0, 12) ?? "";
    const id = `urn:sitelift:${name}:${whenOf(run).replace(/[-:]/g, "")}:${rules}`;
    const times = (used.get(id) ?? 0) + 1;
    used.set(id, times);
    return times === 1 ? id : `${id}:${times}`;
  });
}

/** Last first, as the feed has them: the changes of the site in the order of `diff`, those of the site file as one entry. */
function itemsOf(run: ChangingRun, id: string): string[] {
  const { counts, list } = run.changes;
  const when = whenOf(run);
  const own = list
    .filter(({ kind }) => kind !== "reread")
    .map((change) => itemOf(change, id, when));
  const all = Object.values(counts).reduce((sum, n) => sum + n, 0) - counts.reread;
  const more = all - own.length;
  const summary = (key: string, title: string, text: string) =>
    `<entry>\n<id>${id}:${key}</id>\n<title>${title}</title>\n<updated>${when}</updated>\n<content type="text">${text}</content>\n</entry>\n`;
  return [
    ...(counts.reread > 0
      ? [
          summary(
            "reread",
            `${count(counts.reread, "entry is", "entries are")} read in another way`,
            "The site file, overrides.yaml or sitelift changed, and not the site.",
          ),
        ]
      : []),
    ...(more > 0
      ? [summary("more", `${count(more, "further change")}`, "See `sitelift diff`.")]
      : []),
    ...own.reverse(),
  ];
}

function itemOf(change: RecordedChanges["list"][number], run: string, when: string): string {
  const { kind, id, title, url, what } = change;
  const web = /^https?:$/.test(parseUrl(url)?.protocol ?? "")
    ? `<link rel="alternate" href="${escapeXml(url)}"/>\n`
    : "";
  const content = [`${WORDS[kind]}: ${url}`, ...what].map(escapeXml).join("\n");
  return `<entry>
<id>${run}:${kind}:${encodeURIComponent(id)}</id>
<title>${WORDS[kind]}: ${escapeXml(title)}</title>
<updated>${when}</updated>
${web}<content type="text">${content}</content>
</entry>
`;
}
