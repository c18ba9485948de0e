/** An exchange without a network and a clock: every request is answered from what is stored, or fails. */
import type { Site } from "../site/site.js";
import type { Clock } from "./clock.js";
import { Exchange, type ExchangeOptions } from "./exchange.js";
import type { Wire } from "./wire/transport.js";

/** Nothing is waited for. */
export const NO_CLOCK: Clock = { now: () => 0, sleep: async () => {} };

const NO_WIRE: Wire = {
  get: async () => {
    throw new Error("an exchange without a network makes no request");
  },
  close: async () => {},
};

export function offlineExchange(
  { start, origins, media }: Pick<Site, "start" | "origins"> & Partial<Pick<Site, "media">>,
  options: Omit<ExchangeOptions, "start" | "origins" | "mediaOrigins" | "delay" | "clock" | "wire">,
): Exchange {
  const mediaOrigins = media?.origins ?? [];
  const offline = { delay: 0, clock: NO_CLOCK, wire: NO_WIRE };
  return new Exchange({ ...options, start, origins, mediaOrigins, ...offline });
}
