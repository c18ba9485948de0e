/** Instructions that go with a WordPress export. */
export const WORDPRESS_README = `# Import into WordPress

1. Settings > Permalinks: \`/%postname%/\`. For several languages install Polylang first, add the languages, and show
   the language in every address: the posts then stand at \`/<language>/<name>/\`, as the links between them say.
2. Tools > Import > WordPress: choose \`articles.xml\`, assign the author \`archive\`, and tick "Download and import file
   attachments". WordPress fetches each file from its old address, so the old site must still be up.
3. Posts without a date come in as drafts: give them a date, then publish them.
4. \`redirects.json\` holds the old addresses; \`sitelift redirects --permalink "/:language/:slug/" --format nginx\` (or
   \`apache\`) renders them for the server.

The importer takes two posts with one title and one date for one: the export warned of such.
`;
