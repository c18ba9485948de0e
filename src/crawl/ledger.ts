/** The ledger of a walk: what became of every URL that a row named. */
import type { Row, State, TriedMemento } from "../model.js";
import type { RunOutcome } from "../schema/run-report.js";
import { entryId } from "../url.js";

export interface Listed {
  readonly url: string;
  readonly listedOn: string[];
  /** Lists that named it, of several. */
  readonly lists: string[];
  /** Kept until the article has been read. */
  row: Row | null;
  /** Captures of web archives that were tried for it. */
  mementos?: readonly TriedMemento[] | undefined;
  /** Null until then. */
  outcome: ({ readonly state: State } & OutcomeDetails) | null;
}

/** What is known of an outcome beside its state. */
export type OutcomeDetails = Omit<RunOutcome, "url" | "listedOn" | "lists" | "mementos" | "state">;

export class Ledger {
  /** By the id that the URL gives: it is short, and one is kept for every article. */
  readonly #listed = new Map<string, Listed>();

  /** Distinct URLs that rows named. */
  get listed(): number {
    return this.#listed.size;
  }

  /** Notes a row. @returns null when an earlier row named the same article; its place is noted all the same. @param from name of the list, of several */
  list(row: Row, url: string, from: string | null = null): Listed | null {
    const id = entryId(url);
    // Joined, since V8 keeps the parts of a text that was put together by a template.
    const at = row.memento === undefined ? [] : ["@", row.memento.time.replace(/\D/g, "")];
    const place = [row.listing, "#", row.position, ...at].join("");
    const known = this.#listed.get(id);
    if (known !== undefined && from !== null && !known.lists.includes(from)) known.lists.push(from);
    if (known !== undefined) {
      // Another pass through a list that moved may find a row where it was before.
      if (!known.listedOn.includes(place)) known.listedOn.push(place);
      return null;
    }
    const listed: Listed = {
      url,
      listedOn: [place],
      lists: from === null ? [] : [from],
      row,
      outcome: null,
    };
    this.#listed.set(id, listed);
    return listed;
  }

  find(url: string): Listed | undefined {
    return this.#listed.get(entryId(url));
  }

  settle(listed: Listed, state: State, details: OutcomeDetails): void {
    listed.row = null;
    listed.outcome = isBare(details) ? { state, entry: details.entry } : { state, ...details };
  }

  /** One outcome for each listed URL, in the order met; what was never settled was not reached. */
  outcomes(): RunOutcome[] {
    return [...this.#listed.values()].map(({ url, outcome, listedOn, lists, mementos }) => {
      if (outcome !== null && isBare(outcome) && lists.length === 0 && mementos === undefined)
        return { url, state: outcome.state, entry: outcome.entry, listedOn };
      return {
        url,
        ...(outcome ?? { state: "not-reached" as const, reason: "the run was stopped" }),
        ...(lists.length === 0 ? {} : { lists }),
        listedOn,
        ...(mementos === undefined ? {} : { mementos }),
      };
    });
  }
}

/** True for an outcome that names its entry and says no more, as most do: it is written out, since one that is spread takes three times the memory. */
function isBare(details: OutcomeDetails): details is { readonly entry: string } {
  return (
    details.entry !== undefined &&
    Object.keys(details).every((key) => key === "entry" || key === "state")
  );
}
