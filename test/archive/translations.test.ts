import { describe, expect, it } from "vitest";
import { linkTranslations } from "../../src/archive/write/translations.js";

const entry = (id: string, translations: Record<string, string> = {}) => ({
  id,
  language: id.slice(0, 2),
  translations,
});
const link = (...entries: ReturnType<typeof entry>[]) => {
  const known = new Set(entries.map(({ id }) => id));
  const { ids, missing } = linkTranslations(entries, (address) =>
    known.has(address) ? address : null,
  );
  return { ids: Object.fromEntries(ids), missing };
};

describe("linkTranslations", () => {
  it("two translations link each other when one page names the other", () => {
    expect(link(entry("en1", { fr: "fr1" }), entry("fr1")).ids).toEqual({
      en1: { fr: "fr1" },
      fr1: { en: "en1" },
    });
  });

  it("translations link the translations of their translations", () => {
    const { ids } = link(entry("ar1", { en: "en1" }), entry("en1"), entry("fr1", { en: "en1" }));
    expect(ids.ar1).toEqual({ en: "en1", fr: "fr1" });
    expect(ids.fr1).toEqual({ ar: "ar1", en: "en1" });
  });

  it("pages keep their own translations where two entries of one language would be linked", () => {
    const { ids } = link(
      entry("en1", { fr: "fr1" }),
      entry("fr1", { ar: "ar1" }),
      entry("ar1", { fr: "fr1" }),
      entry("en2", { ar: "ar1" }),
    );
    expect(ids.en1).toEqual({ fr: "fr1" });
    expect(ids.en2).toEqual({ ar: "ar1" });
  });

  it("translations that the archive does not hold are reported", () => {
    const { ids, missing } = link(entry("en1", { fr: "nowhere", en: "en1" }));
    expect(ids).toEqual({});
    expect(missing).toEqual([{ id: "en1", language: "fr", address: "nowhere" }]);
  });

  it("links of translations do not depend on the order of the entries", () => {
    const entries = [
      entry("en1", { fr: "fr1" }),
      entry("fr1", { ar: "ar1" }),
      entry("ar1"),
      entry("fr2", { en: "en1" }),
    ];
    expect(link(...entries.toReversed())).toEqual(link(...entries));
  });
});
