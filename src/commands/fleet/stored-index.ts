/** The index page of a fleet on many machines, in its store: the same as that of one process. */
import { CliError, type ExitCode } from "../../error.js";
import { NO_STATE, storedState } from "../../fleet/archive-state.js";
import { indexFiles } from "../../fleet/index-page.js";
import { type Row, rowOf, todoOf, worstOf } from "../../fleet/rows.js";
import type { Store } from "../../fleet/store.js";
import { count } from "../../text.js";
import { isoTime } from "../../warc/date.js";
import type { Terminal } from "../terminal.js";
import { PROGRAM } from "../version.js";
import { isPlanLost, type Standing } from "./standings.js";
import { storedSite } from "./stored-site.js";

/** Writes index.html and index.json beside the archives of a store. What goes wrong is told, and costs nothing else. */
export async function writeStoredIndex(
  store: Store,
  all: readonly Standing[],
  terminal: Terminal,
): Promise<void> {
  // A store that nobody has used may be a name that was typed wrong: it is not made.
  if (all.length === 0) return;
  try {
    const sites: Row[] = [];
    for (const one of all) sites.push(await storedRow(store, one));
    const run = { generator: PROGRAM, time: isoTime(Date.now()), exitCode: worstOf(sites), sites };
    for (const [name, text] of indexFiles(run)) {
      // Objects are made once: this one is the last word of whoever came last.
      await store.remove(name);
      await store.create(name, Buffer.from(text));
    }
    terminal.print(`all of them: index.html in ${store.name}`);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    terminal.warn(`the index page was not written: ${error.message}`);
  }
}

async function storedRow(store: Store, standing: Standing): Promise<Row> {
  const { snapshot, plan, stopped, end, slices } = standing;
  const { site: name } = snapshot;
  const prefix = end?.archive ?? plan.base;
  const state = prefix === null ? NO_STATE : await storedState(store, prefix);
  const start = isPlanLost(standing) ? "" : await startOf(store, plan.rules);
  const site = { name, start, host: plan.host, every: null };
  const ended = endOf(standing, prefix);
  const due = end === null && stopped === null ? `in work: ${count(slices, "slice")} done` : null;
  const row = rowOf(site, state, ended, due);
  return { ...row, report: state.hasReport && prefix !== null ? `${prefix}report.html` : null };
}

/** What a snapshot came to; null for one that goes on. */
function endOf({ snapshot, stopped, end }: Standing, prefix: string | null) {
  const isWritten = end?.archive != null;
  const place = prefix?.replace(/\/$/, "") ?? snapshot.site;
  if (end !== null) {
    const exitCode = end.exitCode as ExitCode;
    return { exitCode, todo: todoOf(exitCode, place), isWritten };
  }
  if (stopped === null) return null;
  const todo = `${stopped.reason}; \`sitelift fleet retry ${snapshot.site}\` lets it go on`;
  return { exitCode: stopped.exitCode, todo, isWritten };
}

async function startOf(store: Store, rules: string): Promise<string> {
  return storedSite(store, rules).then(
    ({ site }) => site.start,
    (error: unknown) => {
      if (error instanceof CliError) return "";
      throw error;
    },
  );
}
