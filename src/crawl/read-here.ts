/** All that reading and converting a page takes: the parser, the converter, the proof. Loaded for the first page that nothing was kept of. */
export { readArticle } from "../extract/article.js";
export { furtherOf } from "../extract/further.js";
export { readListing } from "../extract/listing.js";
export { parsePage } from "../extract/tree.js";
export { openArticle } from "./article.js";
