/** Code of the warning that a page names a canonical URL which is not its own: it leads nobody there. */
export const CANONICAL_SHARED = "canonical-shared";
