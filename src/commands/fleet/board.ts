/** What a fleet shows on the way: one line for each host, and what its sites have to say. */
import type { Row } from "../../fleet/rows.js";
import type { FleetSite } from "../../fleet/sites.js";
import { count } from "../../text.js";
import { Silent, type Terminal } from "../terminal.js";

/** What was said by one site is not said by the next: a Crawl-delay is that of the host. */
const MOST_SAID = 10_000;

interface HostLine {
  sites: number;
  done: number;
  inHand: number;
  /** What the site said last that is in hand. */
  last: () => string;
}

export class Board {
  readonly #terminal: Terminal;
  readonly #hosts = new Map<string, HostLine>();
  readonly #said = new Set<string>();

  readonly #of: number;
  #done = 0;

  constructor(terminal: Terminal, sites: readonly FleetSite[]) {
    this.#terminal = terminal;
    this.#of = sites.length;
    for (const { host } of sites) this.#lineOf(host).sites++;
  }

  /** The terminal of one site, from its beginning to its end: its words with its name, its report in its archive. */
  open({ name: site, host }: FleetSite): Terminal & Disposable {
    const line = this.#lineOf(host);
    line.inHand++;
    const all = this.#terminal;
    const terminal = new Silent(
      {
        warn: (words) => {
          if (this.#isNew(words)) all.warn(`${site}: ${words}`);
        },
        event: (value) => all.event({ ...value, site }),
        progress: (words) => {
          line.last = () => `${site}: ${words()}`;
          all.progress(() => this.#lines());
        },
      },
      all,
    );
    const close = () => {
      line.inHand--;
      line.done++;
      if (line.inHand === 0) line.last = () => "";
    };
    return Object.assign(terminal, { [Symbol.dispose]: close });
  }

  #lineOf(host: string): HostLine {
    const line = this.#hosts.get(host) ?? { sites: 0, done: 0, inHand: 0, last: () => "" };
    this.#hosts.set(host, line);
    return line;
  }

  #isNew(words: string): boolean {
    if (this.#said.has(words)) return false;
    if (this.#said.size < MOST_SAID) this.#said.add(words);
    return true;
  }

  done({ site, verdict, entries, new: added, changed }: Row): void {
    const words = entries === null ? "" : `, ${count(entries, "entry", "entries")}`;
    const news = added === null || changed === null ? "" : ` (${added} new, ${changed} changed)`;
    this.#terminal.print(`${++this.#done} of ${this.#of}  ${site}: ${verdict}${words}${news}`);
  }

  #lines(): string[] {
    const active = [...this.#hosts].filter(([, { inHand }]) => inHand > 0);
    return active.map(([host, { sites, done, last }]) => {
      const words = last();
      return `${host}: ${done} of ${sites} done${words === "" ? "" : ` · ${words}`}`;
    });
  }
}
