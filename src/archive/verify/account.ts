/** account.json against archive.json, and the fragments of links. */
import { z } from "zod";
import { checkJson } from "../../disk/read.js";
import { count, gather } from "../../text.js";
import { readContent } from "../frontmatter.js";
import { FILES } from "../layout.js";
import { anchorsOf } from "../links.js";
import type { KnownEntries } from "./entries.js";
import { type Inquiry, isThere, jsonOf, textOf } from "./inquiry.js";

const requisites = z.looseObject({ missing: z.array(z.unknown()), more: z.number() });

const account = z.looseObject({
  counts: z.record(z.string(), z.number()),
  entries: z.number(),
  media: z.looseObject({ files: z.number() }),
  requisites: requisites.optional(),
  links: z.looseObject({
    fragments: z.array(
      z.looseObject({ entry: z.string(), target: z.string(), fragment: z.string() }),
    ),
  }),
});

/** Checks that the account agrees with the archive, and that every fragment is there or listed as missing. */
export async function checkAccount(inquiry: Inquiry, known: KnownEntries): Promise<void> {
  const { manifest, report } = inquiry;
  isThere(inquiry, FILES.accountText);
  if (!isThere(inquiry, FILES.account)) return;
  const found = await jsonOf(inquiry, FILES.account, account, "account");
  if (found === null) return;
  // Entries and ledger are compared with archive.json elsewhere: one damage is reported once.
  if (manifest !== null) {
    const below = (folder: string) =>
      manifest.files.filter(({ path }) => path.startsWith(folder)).length;
    const differs = (what: string, counted: number | undefined, listed: number | undefined) => {
      const message = `${what}: ${counted} here, ${listed} in ${FILES.manifest}`;
      if (counted !== listed) report("account", FILES.account, message);
    };
    differs("entries", found.entries, below("content/"));
    differs("media files", found.media.files, below("media/"));
    for (const [state, listed] of Object.entries(manifest.counts))
      differs(state, found.counts[state], listed);
  }
  inquiry.notes.push(...replayNotes(FILES.account, found.requisites));
  const { fragments } = found.links;
  const missing = new Set(fragments.map((one) => keyOf(one.entry, one.target, one.fragment)));
  await checkFragments(inquiry, known, missing);
}

/** What showing the captured pages lacks, as the account of a run says. @param path of the account */
function replayNotes(path: string, found: z.output<typeof requisites> | undefined): string[] {
  const lacks = (found?.missing.length ?? 0) + (found?.more ?? 0);
  if (lacks === 0) return [];
  const files = count(lacks, "file that pages need", "files that pages need");
  return [`${files} to be looked at ${lacks === 1 ? "is" : "are"} in no capture: see ${path}`];
}

/** The same of an account in a package, which may be of any version. @param text null where there is none */
export function packageNotes(path: string, text: string | null): string[] {
  const { value } = checkJson(text ?? "", z.looseObject({ requisites: requisites.optional() }));
  if (value === undefined) return [];
  if (value.requisites !== undefined) return replayNotes(path, value.requisites);
  return [
    "pages are shown without the design of their site: the crawl stored no style sheets, fonts and scripts (`requisites: none`)",
  ];
}

/** @param missing those that the account lists */
async function checkFragments(
  inquiry: Inquiry,
  { idAt, fragments }: KnownEntries,
  missing: ReadonlySet<string>,
) {
  const byTarget = new Map<string, (typeof fragments)[number][]>();
  for (const one of fragments) gather(byTarget, one.target, one);
  for (const [target, all] of byTarget) {
    const id = idAt.get(target);
    // A missing file has been reported.
    if (id === undefined) continue;
    const body = await textOf(inquiry, target)
      .then((text) => readContent(text).body)
      .catch(() => null);
    if (body === null) continue;
    const anchors = anchorsOf(body);
    for (const { entry, path, fragment } of all) {
      const message = `${target} has no anchor "${fragment}", and ${FILES.account} does not list it`;
      if (!anchors.has(fragment) && !missing.has(keyOf(entry, id, fragment)))
        inquiry.report("fragment-broken", path, message);
    }
  }
}

function keyOf(...parts: readonly string[]): string {
  return parts.join("\n");
}
