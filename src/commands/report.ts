/** The account of a crawl, for people and for programs. */
import { relative } from "node:path";
import process from "node:process";
import type { ClosingAccount } from "../archive/write/account.js";
import type { Account } from "../archive/write/run-account.js";
import type { MediaEvent } from "../crawl/media.js";
import type { Walk, WalkEvent } from "../crawl/walk.js";
import { EXIT, type ExitCode } from "../error.js";
import { eventWords, type FetchEvent } from "../http/events.js";
import { FIELD_NAMES, STATES } from "../model.js";
import type { Site } from "../site/site.js";
import { count } from "../text.js";
import type { SelectorFindings } from "./health.js";
import { allOutside } from "./run.js";
import type { Terminal } from "./terminal.js";

/** Shows where a crawl stands. */
export class Progress {
  readonly #terminal: Terminal;
  readonly #states = new Map<string, number>();
  #listing = "listing page 1";
  #share = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  read(event: WalkEvent): void {
    this.#terminal.event(event);
    if (event.event === "listing") {
      const { pageNumber, pageCount } = event;
      this.#listing = `listing page ${pageNumber ?? "?"}${pageCount === null ? "" : ` of ${pageCount}`}`;
      this.#share = pageNumber === null || pageCount === null ? 0 : pageNumber / pageCount;
    } else this.#states.set(event.state, (this.#states.get(event.state) ?? 0) + 1);
    this.#show();
  }

  /** Something of the network that a person who waits wants to know. */
  fetching(event: FetchEvent): void {
    const message = eventWords(event);
    if (message === null) return;
    this.#terminal.event({ ...event, message });
    this.#terminal.progress(() => message);
  }

  /** An image or attachment that came, or did not. */
  media(event: MediaEvent): void {
    this.#terminal.event(event);
    this.#terminal.progress(() => `images and attachments: ${event.done} of ${event.of}`);
  }

  #show(): void {
    this.#terminal.progress(() => {
      const states = [...this.#states].map(([state, n]) => `${n} ${state}`).join(", ");
      const share = this.#share === 0 ? "" : ` (${Math.round(this.#share * 100)} %)`;
      return `${this.#listing}${share} · ${states || "no article yet"}`;
    });
  }
}

/** Says what came of a crawl: the account for people, the end event for programs. */
export function report(
  terminal: Terminal,
  run: {
    readonly site: Site;
    readonly folder: string;
    readonly seen: Walk;
    readonly account: Account;
    readonly selectors: SelectorFindings;
    readonly exitCode: ExitCode;
    readonly ignoredRobots: boolean;
  },
): void {
  const { site, folder, seen, account, selectors, exitCode, ignoredRobots } = run;
  const { counts, entries, listed } = account;
  // The ledger keeps what earlier runs met and this one did not.
  const more = listed - seen.listed;
  const earlier = more > 0 ? `, ${count(more, "address", "addresses")} of earlier runs` : "";
  terminal.event({
    event: "end",
    exitCode,
    counts: { listed, ...counts },
    entries,
    gaps: seen.gaps,
    drift: seen.drift,
    notes: seen.notes,
    outside: allOutside(seen),
    selectors,
    warnings: Object.fromEntries([...seen.warnings].map(([code, { count: n }]) => [code, n])),
    ...(account.closing === null ? {} : carried(account.closing)),
    dryRun: account.dryRun,
    ignoredRobots,
    out: folder,
  });
  const { bold, dim, green, red, yellow } = terminal.colours;
  const where = relative(process.cwd(), folder) || ".";
  terminal.print(
    `${bold(site.name)}: ${count(seen.listed, "article")} listed on ${count(seen.listingPages, "listing page")}${earlier}`,
  );
  for (const state of STATES) {
    const n = counts[state];
    if (n === 0 && state !== "written" && state !== "rejected" && state !== "failed") continue;
    const more =
      state === "written"
        ? `  (${verdicts(entries)})`
        : state === "gone" && entries.gone > 0
          ? `  (${count(entries.gone, "article")} missed for the first time)`
          : "";
    const paint =
      n === 0
        ? dim
        : state === "written"
          ? green
          : state === "duplicate" || state === "excluded"
            ? (s: string) => s
            : red;
    terminal.print(paint(`  ${state.padEnd(12)}${String(n).padStart(6)}${more}`));
  }
  for (const [code, { count: n, first }] of seen.warnings)
    terminal.print(`${yellow("warning")} ${code}: ${count(n, "entry", "entries")}, first ${first}`);
  const { health } = seen;
  const partly = FIELD_NAMES.filter((name) => health[name].present < health[name].of);
  if (partly.length > 0)
    terminal.print(
      dim(
        `fields found: ${partly.map((name) => `${name} ${health[name].present} of ${health[name].of}`).join(", ")}; the others on all`,
      ),
    );
  if (account.closing !== null)
    for (const line of carriedWords(account.closing)) terminal.print(line);
  if (ignoredRobots)
    terminal.print(
      `${red("robots.txt was ignored")} (--ignore-robots): what it forbids was asked for, and no Crawl-delay was kept`,
    );
  for (const gap of seen.gaps) terminal.print(`${red("gap")} ${gap}`);
  for (const note of seen.notes) terminal.print(`${yellow("note")} ${note}`);
  const outside = allOutside(seen);
  if (outside !== null) terminal.print(`${red("scope")} ${outside}`);
  for (const line of selectors.unmatched) terminal.print(`${yellow("selector")} ${line}`);
  for (const line of selectors.lost) terminal.print(`${yellow("selector")} ${line}`);
  for (const line of selectors.thresholds) terminal.print(`${red("selector")} ${line}`);
  for (const line of seen.drift) terminal.print(`${red("drift")} ${line}`);
  for (const { message } of account.balance) terminal.print(`${red("ledger")} ${message}`);
  if (account.dryRun) terminal.print("dry run: nothing was written");
  else {
    terminal.print(`archive: ${where}`);
    for (const { path, why } of account.look) terminal.print(`  ${path.padEnd(14)} ${why}`);
  }
  terminal.print(closing(exitCode));
}

/** What is always told, and what is told where it happened. */
function verdicts({
  edited,
  renamed,
  returned,
  unchanged,
  ...entries
}: Account["entries"]): string {
  const told = [
    `${entries.new} new`,
    `${edited} edited`,
    ...(renamed > 0 ? [`${renamed} renamed`] : []),
    `${unchanged} unchanged`,
    ...(returned > 0 ? [`${returned} of them returned`] : []),
  ];
  return told.join(", ");
}

/** What came along with the texts, in numbers. */
function carried({ media, links, translations }: ClosingAccount) {
  return {
    media: { files: media.files, failed: media.failed.length },
    links: {
      entries: links.entries,
      files: links.files,
      external: links.external,
      notMigrated: links.notMigrated.length,
      broken: links.broken.length,
      fragments: links.fragments.length,
    },
    translations: { linked: translations.linked, missing: translations.missing.length },
  };
}

function carriedWords(account: ClosingAccount): string[] {
  const { media, links } = carried(account);
  const lines: string[] = [];
  if (media.files + media.failed > 0)
    lines.push(
      `images and attachments: ${count(media.files, "file")}${media.failed === 0 ? "" : `, ${media.failed} not stored`}`,
    );
  if (links.entries + links.notMigrated + links.broken > 0)
    lines.push(
      `links: ${links.entries} to entries, ${links.notMigrated} to pages that were not migrated, ${links.broken} broken`,
    );
  const { applied, excluded, unknown } = account.overrides;
  if (applied.length + excluded.length > 0)
    lines.push(`overrides: ${applied.length} applied, ${excluded.length} excluded`);
  for (const about of unknown)
    lines.push(`warning override-unknown: ${about} names nothing of this archive`);
  return lines;
}

function closing(exitCode: ExitCode): string {
  switch (exitCode) {
    case EXIT.complete:
      return "complete: everything asked for is done and the ledger balances";
    case EXIT.findings:
      return "done, with findings: they stand above and in account.md (see --max-rejected and --max-failed-media)";
    case EXIT.incomplete:
      return "incomplete: some pages could not be read; run the same command again";
    case EXIT.drift:
      return "template drift: a selector that must match matches nothing; `sitelift inspect` shows which";
    case EXIT.interrupted:
      return "interrupted: what was read is written; run the same command again to go on";
    default:
      return "";
  }
}
