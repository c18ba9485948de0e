/** Opens connections, and only to IP addresses that are allowed. */
import { lookup as systemLookup } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import { buildConnector } from "undici";
import { originsOf } from "../../url/url.js";
import { FetchError } from "../fetch-error.js";
import { isPrivateAddress, isPublicAddress } from "./ip-address.js";

interface Address {
  readonly address: string;
  readonly family: number;
}

/** Host names that are served elsewhere, without a name server: for tests and the demonstration. */
export type Hosts = Readonly<Record<string, { readonly address: string; readonly port: number }>>;

export interface ConnectOptions {
  /**
   * URLs that the user typed, on the command line or in the site file: their hosts may be on a private network.
   * What a page, a redirect or a saved case names is not among them.
   */
  readonly typed: readonly string[];
  readonly hosts?: Hosts | undefined;
  /** Milliseconds to wait for a connection. */
  readonly timeout: number;
  /** Every address of a host name; by default the system's resolver. */
  readonly lookup?: ((hostname: string) => Promise<readonly Address[]>) | undefined;
}

/**
 * Makes a connector that resolves names itself and connects to the very addresses that it checked:
 * a name that changes its address between check and use gains nothing.
 *
 * A host that the user typed may be on a private network: by its IP address, or by a name, which then
 * stays with the private addresses that it had when it was looked up first.
 */
export function createConnector(options: ConnectOptions): buildConnector.connector {
  const { hosts = {}, timeout } = options;
  const lookup = options.lookup ?? ((hostname) => systemLookup(hostname, { all: true }));
  const typed = new Set(options.typed.flatMap(originsOf).map(placeOf));
  /** Of each typed name, the private addresses that it had at first. */
  const pinned = new Map<string, ReadonlySet<string>>();

  /** The addresses of a host that may be connected to. */
  const allowedOf = async (hostname: string, isTyped: boolean): Promise<readonly Address[]> => {
    const family = isIP(hostname);
    const all = family ? [{ address: hostname, family }] : await lookup(hostname);
    const addresses = all.map(({ address }) => address);
    if (isTyped && !pinned.has(hostname)) {
      // A name with public addresses too is one of the open network, where anyone may say what it resolves to.
      const isPrivate = family !== 0 || addresses.every(isPrivateAddress);
      pinned.set(hostname, new Set(isPrivate ? addresses : []));
    }
    const isAllowed = (address: string) =>
      isPublicAddress(address) || (isTyped && pinned.get(hostname)?.has(address) === true);
    const allowed = all.filter(({ address }) => isAllowed(address));
    if (allowed.length > 0) return allowed;
    const shown = addresses.join(", ") || "no address";
    const resolves = family ? `${hostname} is an address` : `${hostname} resolves to ${shown},`;
    throw new FetchError(`scope: ${resolves} which is not public`, { state: "excluded" });
  };
  const connectorOf = (isTyped: boolean) => {
    const checked: LookupFunction = (hostname, { all }, callback) => {
      allowedOf(hostname, isTyped).then(
        (found) => {
          const [first] = found;
          if (all || first === undefined) callback(null, [...found]);
          else callback(null, first.address, first.family);
        },
        (error) => callback(error, []),
      );
    };
    return buildConnector({ timeout, lookup: checked });
  };
  const connectors = { typed: connectorOf(true), other: connectorOf(false) };
  return (target, callback) => {
    const isTyped = typed.has(placeOf(target));
    const connect = isTyped ? connectors.typed : connectors.other;
    const mapped = hosts[target.hostname];
    if (mapped !== undefined)
      return connectors.typed(
        { ...target, hostname: mapped.address, port: String(mapped.port) },
        callback,
      );
    if (!isIP(target.hostname)) return connect(target, callback);
    // Node does not resolve an IP address, so it is checked here.
    allowedOf(target.hostname, isTyped).then(
      () => connect(target, callback),
      (error) => callback(error, null),
    );
  };
}

/** Host and port, of a URL or as undici names them: an IPv6 address without its brackets. */
function placeOf(target: string | { hostname: string; port: string; protocol: string }): string {
  const { hostname, port, protocol } = typeof target === "string" ? new URL(target) : target;
  return `${hostname.replace(/^\[|\]$/g, "")} ${port || (protocol === "https:" ? "443" : "80")}`;
}
