/** The ledger of a walk: what became of every URL that a row named. */
import type { Row, State, TriedMemento } from "../model.js";
import { IdTable, Texts } from "../rows.js";
import type { RunOutcome } from "../schema/run-report.js";
import { entryId } from "../url/url.js";

/** A URL whose article has no outcome yet. */
export interface Listed {
  readonly url: string;
  readonly listedOn: string[];
  /** Lists that named it, of several. */
  readonly lists: string[];
  /** Null while it waits for another pass. */
  row: Row | null;
  /** Captures of web archives that were tried for it. */
  mementos?: readonly TriedMemento[] | undefined;
}

/** What is known of an outcome beside its state. */
export type OutcomeDetails = Omit<RunOutcome, "url" | "listedOn" | "lists" | "mementos" | "state">;

export class Ledger {
  /** By the ids that URLs give, in the order met, the place of what became of them; NaN where that is open. */
  readonly #ids = new IdTable(1);
  readonly #open = new Map<number, Listed>();
  readonly #settled = new Texts();

  /** Distinct URLs that rows named. */
  get listed(): number {
    return this.#ids.length;
  }

  /** Notes a row. @returns null when an earlier row named the same article; its place is noted all the same. @param from name of the list, of several */
  list(row: Row, url: string, from: string | null = null): Listed | null {
    const id = entryId(url);
    const time = row.memento === undefined ? "" : `@${row.memento.time.replace(/\D/g, "")}`;
    const place = `${row.listing}#${row.position}${time}`;
    const at = this.#ids.rowOf(id);
    const listed = { url, listedOn: [place], lists: from === null ? [] : [from], row };
    if (at === undefined) this.#open.set(this.#ids.set(id, [Number.NaN]), listed);
    else this.#listAgain(at, listed);
    return at === undefined ? listed : null;
  }

  /** Another pass through a list that moved may find a row where it was before. */
  #listAgain(at: number, { listedOn, lists }: Pick<Listed, "listedOn" | "lists">): void {
    const open = this.#open.get(at);
    const known = open ?? this.#outcomeAt(at);
    const { lists: before = [] } = known;
    const places = listedOn.filter((place) => !known.listedOn.includes(place));
    const names = lists.filter((name) => !before.includes(name));
    if (open !== undefined) {
      open.listedOn.push(...places);
      open.lists.push(...names);
    } else if (places.length + names.length > 0)
      this.#keep(at, {
        ...(known as RunOutcome),
        ...(names.length > 0 && { lists: [...before, ...names] }),
        listedOn: [...known.listedOn, ...places],
      });
  }

  /** True for a URL that a row named. */
  has(url: string): boolean {
    return this.#ids.rowOf(entryId(url)) !== undefined;
  }

  /** What a row named, and has no outcome yet. */
  find(url: string): Listed | undefined {
    const at = this.#ids.rowOf(entryId(url));
    return at === undefined ? undefined : this.#open.get(at);
  }

  settle({ url, listedOn, lists, mementos }: Listed, state: State, details: OutcomeDetails): void {
    const at = this.#rowOf(url);
    this.#open.delete(at);
    this.#keep(at, {
      ...{ url, state, ...details },
      ...(lists.length > 0 && { lists }),
      listedOn,
      ...(mementos !== undefined && { mementos }),
    });
  }

  /** Changes the outcome of a URL that has one. */
  change(url: string, details: Partial<RunOutcome>): void {
    const at = this.#rowOf(url);
    if (!this.#open.has(at)) this.#keep(at, { ...this.#outcomeAt(at), ...details });
  }

  /** One outcome for each listed URL, in the order met; what was never settled was not reached. */
  outcomes(): RunOutcome[] {
    return Array.from({ length: this.#ids.length }, (_, at) => this.#outcomeAt(at));
  }

  #rowOf(url: string): number {
    const at = this.#ids.rowOf(entryId(url));
    if (at === undefined) throw new Error(`no row named ${url}`);
    return at;
  }

  /** As JSON; of what most come to, the URL and its place say all. */
  #keep(at: number, outcome: RunOutcome): void {
    const { url, state, entry, listedOn } = outcome;
    const [place] = listedOn;
    const id = this.#ids.idAt(at);
    const isBare = state === "written" && entry === id && listedOn.length === 1;
    const said = isBare && Object.keys(outcome).length === 4 ? [url, place] : outcome;
    this.#ids.set(id, [this.#settled.add(JSON.stringify(said))]);
  }

  #outcomeAt(at: number): RunOutcome {
    const open = this.#open.get(at);
    if (open !== undefined) {
      const { url, lists, listedOn, mementos } = open;
      return {
        ...{ url, state: "not-reached", reason: "the run was stopped" },
        ...(lists.length > 0 && { lists }),
        listedOn,
        ...(mementos !== undefined && { mementos }),
      };
    }
    const kept = this.#settled.at(this.#ids.get(at, 0));
    const said: RunOutcome | [url: string, place: string] = JSON.parse(kept);
    if (!Array.isArray(said)) return said;
    const [url, place] = said;
    return { url, state: "written", entry: this.#ids.idAt(at), listedOn: [place] };
  }
}
