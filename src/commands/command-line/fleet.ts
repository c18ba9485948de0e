/** How the commands of a fleet are typed. */
import type { Description, Line, OptionsOf } from "./command.js";
import { json, notify, on, store } from "./options.js";
import { duration, names, whole } from "./values.js";

export const fleet = {
  options: (line: Line) =>
    line
      .option("--out <dir>", "folder of the archives (default: that of the fleet file, or output)")
      .option("--all", "crawl every site, whether it is due or not")
      .option("--only <names>", "crawl these sites, due or not: names or patterns", names)
      .option(
        "--at-once <n>",
        "sites at a time (default: that of the fleet file, or 8)",
        whole(1, 256),
      )
      .option("--dry-run", "say what would be asked of each host, ask nothing and write nothing")
      .addOption(notify())
      .addOption(on().conflicts(["out", "atOnce"]))
      .addOption(store())
      .addOption(json()),
  examples: ["fleet fleet.yaml --dry-run", "fleet fleet.yaml --only unesco-beijing,unesco-j*"],
} satisfies Description;
export type FleetOptions = OptionsOf<typeof fleet>;

/** A command of a fleet on many machines. */
const onMachines = (line: Line) =>
  line.addOption(on().makeOptionMandatory()).addOption(store().makeOptionMandatory());

export const worker = {
  options: (line: Line) =>
    onMachines(line)
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
      .addOption(json()),
  examples: [
    "worker --on redis://10.0.0.5:6379 --store /mnt/fleet",
    "worker --on redis://localhost:6379 --store s3://bucket/fleet --at-once 8",
  ],
} satisfies Description;
export type WorkerOptions = OptionsOf<typeof worker>;

export const fleetStatus = {
  options: (line: Line) => onMachines(line).addOption(json()),
} satisfies Description;
export type FleetStatusOptions = OptionsOf<typeof fleetStatus>;

export const fleetRetry = {
  options: (line: Line) =>
    onMachines(line)
      .option("--anew", "begin a new snapshot of each, without what the store has lost")
      .addOption(json()),
} satisfies Description;
export type FleetRetryOptions = OptionsOf<typeof fleetRetry>;
