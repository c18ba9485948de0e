/** Writes a small archive to the folder that it is given: run in a process of its own, under another time zone and locale. */
import process from "node:process";
import { openArchive } from "../../src/archive/write/archive.js";
import { entry, OPTIONS, rejection, runOf } from "./samples.js";

const given = [
  entry("istanbul", { title: "I \u0131 \u0130" }, { slug: "ISTANBUL" }),
  entry("other", {}, { slug: "istanbul" }),
  entry("first", { date: "2021-01-01" }, { slug: "\u00e9t\u00e9" }),
  entry("undated", { date: null }, { slug: "zeta" }),
  rejection("gamma"),
];
const archive = await openArchive(process.argv[2] ?? "", OPTIONS);
for (const one of given) await ("issues" in one ? archive.rejection(one) : archive.entry(one));
await archive.commit(runOf(given));
await archive.close();
