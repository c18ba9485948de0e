/** Options that do nothing beside others: who gave them is to know. */

type Given = Readonly<Record<string, unknown>>;

/** What switches others off: its name, whether it is given, and the options that it makes needless. */
const SWITCHES: readonly [name: string, isOn: (given: Given) => boolean, off: readonly string[]][] =
  [
    ["--no-media", ({ media }) => media === false, ["refetchMedia", "maxFailedMedia"]],
    [
      "--dry-run",
      ({ dryRun }) => dryRun === true,
      ["selfContained", "refetchMedia", "maxFailedMedia", "requisites"],
    ],
  ];

/** One sentence for each option that has no effect. @param given the options of a command */
export function withoutEffect(given: object): string[] {
  const options = given as Given;
  return SWITCHES.filter(([, isOn]) => isOn(options)).flatMap(([name, , off]) =>
    off
      .filter((key) => options[key] !== undefined && options[key] !== false)
      .map(
        (key) =>
          `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} has no effect with ${name}`,
      ),
  );
}
