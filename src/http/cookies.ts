/** Cookies of one crawl, for the origins that set them alone; in memory, and gone with it. */
import type { CookieJar } from "tough-cookie";
import type { WireResponse } from "./wire/receive.js";

export class Cookies {
  readonly #jars = new Map<string, CookieJar>();

  /** Value of the Cookie header of a request; null where there is none. */
  of({ origin, href }: URL): string | null {
    return this.#jars.get(origin)?.getCookieStringSync(href) || null;
  }

  /** Keeps what a response sets. What is not a cookie, or is of another site, is passed over as browsers do. */
  async take({ origin, href }: URL, { cookies = [] }: WireResponse): Promise<void> {
    if (cookies.length === 0) return;
    const { CookieJar } = await import("tough-cookie");
    const jar = this.#jars.get(origin) ?? new CookieJar();
    this.#jars.set(origin, jar);
    for (const cookie of cookies) jar.setCookieSync(cookie, href, { ignoreError: true });
  }
}
