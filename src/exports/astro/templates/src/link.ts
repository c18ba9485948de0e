import site from "./site.json";

/** A path of this site as a link has it. */
export function link(address: string): string {
  return encodeURI(site.base.replace(/\/$/, "") + address);
}
