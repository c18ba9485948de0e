/** Which IP addresses are public. Pure. */
import { BlockList, isIPv4, isIPv6 } from "node:net";

/**
 * IPv4 blocks that no public site has: the IANA special-purpose registry
 * (https://www.iana.org/assignments/iana-ipv4-special-registry), multicast and the reserved rest.
 */
const notPublic4 = listOf(
  "ipv4",
  "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24",
  "192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3",
);

/**
 * Blocks within global unicast (2000::/3) that are not public either: protocol assignments with
 * Teredo, documentation, and 6to4, which names an IPv4 address of its own.
 */
const notPublic6 = listOf("ipv6", "2001::/23 2001:db8::/32 2002::/16 3fff::/20");
const global6 = listOf("ipv6", "2000::/3");

function listOf(family: "ipv4" | "ipv6", ...blocks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const block of blocks.join(" ").split(" ")) {
    const [net = "", prefix] = block.split("/");
    list.addSubnet(net, Number(prefix), family);
  }
  return list;
}

/**
 * True when an address may belong to a public site. Addresses that carry an IPv4 address
 * (`::ffff:a.b.c.d` and NAT64, `64:ff9b::/96`) are judged by that one.
 *
 * @param address IPv4 or IPv6 in any notation, without brackets; anything else is not public
 */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !notPublic4.check(address, "ipv4");
  if (!isIPv6(address) || address.includes("%")) return false;
  const carried = carriedIPv4(groups(address));
  if (carried !== null) return isPublicAddress(carried);
  return global6.check(address, "ipv6") && !notPublic6.check(address, "ipv6");
}

/** Networks of one's own, which a host name may lead to where the user typed it: no link-local one, where clouds serve secrets. */
const private4 = listOf("ipv4", "10.0.0.0/8 127.0.0.0/8 172.16.0.0/12 192.168.0.0/16");
const private6 = listOf("ipv6", "fc00::/7 ::1/128");

/** True for an address of a private network or of this machine (RFC 1918, RFC 4193). */
export function isPrivateAddress(address: string): boolean {
  if (isIPv4(address)) return private4.check(address, "ipv4");
  if (!isIPv6(address) || address.includes("%")) return false;
  const carried = carriedIPv4(groups(address));
  return carried === null ? private6.check(address, "ipv6") : isPrivateAddress(carried);
}

function carriedIPv4(eight: readonly number[]): string | null {
  const prefix = eight
    .slice(0, 6)
    .map((group) => group.toString(16))
    .join(":");
  if (prefix !== "0:0:0:0:0:ffff" && prefix !== "64:ff9b:0:0:0:0") return null;
  return eight
    .slice(6)
    .flatMap((group) => [group >> 8, group & 0xff])
    .join(".");
}

/** The eight groups of an IPv6 address; the URL parser knows every notation. */
function groups(address: string): number[] {
  const [head = "", tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const read = (half: string) =>
    half === "" ? [] : half.split(":").map((hex) => parseInt(hex, 16));
  const before = read(head);
  const after = tail === undefined ? [] : read(tail);
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}
