/** What the command line says of a fleet on many machines. */
import { Command } from "@commander-js/extra-typings";
import { duration, whole } from "../option-values.js";
import { json, on, store } from "../shared-options.js";

/** `worker`, and what `fleet` has below it. */
export function machineCommands(program: Command) {
  const command = (name: string) =>
    new Command(name)
      .copyInheritedSettings(program)
      .addOption(on().makeOptionMandatory())
      .addOption(store().makeOptionMandatory());
  const worker = command("worker")
    .description("work on the sites of a fleet, beside the workers of other machines")
    .option("--at-once <n>", "slices at a time, each of another host (default: 4)", whole(1, 256))
    .option("--pages <n>", "requests of a slice at most (default: 200)", whole(1, 100_000))
    .option("--time <duration>", "time of a slice at most (default: 10m)", duration)
    .option(
      "--lock <duration>",
      "give a slice to another worker after so long a silence (default: 30s)",
      duration,
    )
    .option("--work <dir>", "folder for what is in work (default: in that of the system)")
    .option("--until-done", "end when nothing is left to do")
    .addOption(json());
  const status = command("status")
    .description("show how far each site is, and what waits for a person")
    .addOption(json());
  const retry = command("retry")
    .description("let sites go on that wait for a person: parked, failed, or of a stopped host")
    .argument("[site...]", "names of sites (default: all that wait)")
    .option("--anew", "begin a new snapshot of each, without what the store has lost")
    .addOption(json());
  return { worker, status, retry };
}
