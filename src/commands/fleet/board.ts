/** What a fleet shows on the way: one line for each host, and what its sites have to say. */
import type { Row } from "../../fleet/rows.js";
import type { FleetSite } from "../../fleet/sites.js";
import { count } from "../../text.js";
import { Terminal } from "../terminal.js";

/** What was said by one site is not said by the next: a Crawl-delay is that of the host. */
const MOST_SAID = 10_000;

interface HostLine {
  readonly sites: number;
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
    for (const { host } of sites) {
      const line = this.#hosts.get(host) ?? { sites: 0, done: 0, inHand: 0, last: () => "" };
      this.#hosts.set(host, { ...line, sites: line.sites + 1 });
    }
  }

  /** The terminal of one site, from its beginning to its end. */
  open({ name: site, host }: FleetSite): Terminal & Disposable {
    const line = this.#hosts.get(host);
    if (line !== undefined) line.inHand++;
    return new SiteTerminal(this.#terminal, {
      site,
      progress: (words) => {
        if (line !== undefined) line.last = () => `${site}: ${words()}`;
        this.#terminal.progress(() => this.#lines());
      },
      isNew: (words) => {
        if (this.#said.has(words)) return false;
        if (this.#said.size < MOST_SAID) this.#said.add(words);
        return true;
      },
      close: () => {
        if (line === undefined) return;
        line.inHand--;
        line.done++;
        if (line.inHand === 0) line.last = () => "";
      },
    });
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

interface Speaker {
  readonly site: string;
  readonly progress: (words: () => string) => void;
  readonly isNew: (words: string) => boolean;
  readonly close: () => void;
}

/** Passes on what one of many sites says, with its name. Its report is in its archive. */
class SiteTerminal extends Terminal implements Disposable {
  readonly #all: Terminal;
  readonly #speaker: Speaker;

  constructor(all: Terminal, speaker: Speaker) {
    super({ json: all.json });
    this.#all = all;
    this.#speaker = speaker;
  }

  override print(): void {}

  override warn(line: string): void {
    if (this.#speaker.isNew(line)) this.#all.warn(`${this.#speaker.site}: ${line}`);
  }

  /** The last event is that of the fleet. */
  override event(value: Parameters<Terminal["event"]>[0]): void {
    const { site } = this.#speaker;
    this.#all.event({ ...value, event: value.event === "end" ? "site" : value.event, site });
  }

  override progress(words: () => string): void {
    this.#speaker.progress(words);
  }

  [Symbol.dispose](): void {
    this.#speaker.close();
  }
}
