/** What the command line says of a fleet on many machines. */
import { Option, type Command } from "@commander-js/extra-typings";
import { duration, whole } from "../option-values.js";

const on = () =>
  new Option("--on <redis>", "the Redis of the queue, such as redis://host:6379").makeOptionMandatory();
const store = () =>
  new Option(
    "--store <place>",
    "where workers leave what they fetch: a folder that all share, or s3://bucket/prefix?endpoint=https://…",
  ).makeOptionMandatory();
const json = () => new Option("--json", "JSON Lines on standard output, everything else on standard error");

/** @param fleet the command that these are added to */
export function machineCommands<A extends unknown[], O extends object, G extends object>(
  program: Command,
  fleet: Command<A, O, G>,
) {
  const worker = program
    .command("worker")
    .description("work on the sites of a fleet, beside the workers of other machines")
    .addOption(on())
    .addOption(store())
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
  const status = fleet
    .command("status")
    .description("show how far each site is, and what waits for a person")
    .addOption(on())
    .addOption(store())
    .addOption(json());
  const retry = fleet
    .command("retry")
    .description("let sites go on that wait for a person: parked, failed, or of a stopped host")
    .argument("[site...]", "names of sites (default: all that wait)")
    .addOption(on())
    .addOption(store())
    .addOption(json());
  return { worker, status, retry };
}
