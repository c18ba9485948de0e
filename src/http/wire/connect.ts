/** Opens connections, and only to IP addresses that are allowed. */
import { lookup as systemLookup } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import { buildConnector } from "undici";
import { FetchError } from "../fetch-error.js";
import { isPublicAddress } from "./ip-address.js";

interface Address {
  readonly address: string;
  readonly family: number;
}

/** Host names that are served elsewhere, without a name server: for tests and the demonstration. */
export type Hosts = Readonly<Record<string, { readonly address: string; readonly port: number }>>;

export interface ConnectOptions {
  /** Where the crawl begins: when that is on a private network, the crawl may go there. */
  readonly start: string;
  readonly hosts?: Hosts | undefined;
  /** Milliseconds to wait for a connection. */
  readonly timeout: number;
  /** Every address of a host name; by default the system's resolver. */
  readonly lookup?: ((hostname: string) => Promise<readonly Address[]>) | undefined;
}

/**
 * Makes a connector that resolves names itself and connects to the very addresses that it checked:
 * a name that changes its address between check and use gains nothing.
 */
export function createConnector(options: ConnectOptions): buildConnector.connector {
  const { hosts = {}, timeout } = options;
  const lookup = options.lookup ?? ((hostname) => systemLookup(hostname, { all: true }));
  const seed = new URL(options.start).hostname.replace(/^\[|\]$/g, "");
  let seedIsPrivate: boolean | null = null;

  const askSeed = async (): Promise<boolean> => {
    const known = hosts[seed]?.address ?? (isIP(seed) ? seed : null);
    if (known !== null) return !isPublicAddress(known);
    return (await lookup(seed)).every(({ address }) => !isPublicAddress(address));
  };
  /** The addresses of a name that may be connected to. */
  const allowedOf = async (hostname: string): Promise<readonly Address[]> => {
    seedIsPrivate ??= await askSeed();
    const family = isIP(hostname);
    const all = family ? [{ address: hostname, family }] : await lookup(hostname);
    const allowed = seedIsPrivate ? all : all.filter(({ address }) => isPublicAddress(address));
    if (allowed.length > 0) return allowed;
    const shown = all.map(({ address }) => address).join(", ") || "no address";
    throw new FetchError(`scope: ${hostname} resolves to ${shown}, which is not public`, {
      state: "excluded",
    });
  };
  const checked: LookupFunction = (hostname, { all }, callback) => {
    allowedOf(hostname).then(
      (found) => {
        const [first] = found;
        if (all || first === undefined) callback(null, [...found]);
        else callback(null, first.address, first.family);
      },
      (error) => callback(error, []),
    );
  };
  const connect = buildConnector({ timeout, lookup: checked });
  return (target, callback) => {
    const mapped = hosts[target.hostname];
    if (mapped !== undefined)
      return connect({ ...target, hostname: mapped.address, port: String(mapped.port) }, callback);
    if (!isIP(target.hostname)) return connect(target, callback);
    // Node does not resolve an IP address, so it is checked here.
    allowedOf(target.hostname).then(
      () => connect(target, callback),
      (error) => callback(error, null),
    );
  };
}
