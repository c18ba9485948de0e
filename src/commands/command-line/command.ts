/**
 * What describes a command beside its line in `commands.ts`: options, examples, and which options have no effect. It is
 * loaded when the command is named. Commander has the types of extra-typings, so that a renamed option fails to compile.
 * At run time that package only hands Commander's classes on, and costs two modules more.
 */
import type * as typed from "@commander-js/extra-typings";
import * as commander from "commander";
import type { Needless } from "./without-effect.js";

export const { Command, Option, InvalidArgumentError, CommanderError } =
  commander as unknown as typeof typed;

export const DEFAULT_SITE = "default: sitelift.config.* in this folder";

/** A command that has no options yet. */
export type Line<Args extends unknown[] = []> = typed.Command<Args>;

export interface Description<Given extends typed.OptionValues = typed.OptionValues> {
  readonly options: (line: Line) => typed.Command<[], Given>;
  /** What its help ends with. */
  readonly examples?: readonly [string, string];
  readonly needless?: readonly Needless[];
}

/** The options of a command, as its code takes them. A flag is given or not; code may say either, or leave it out. */
export type OptionsOf<D extends Description> = Loose<ReturnType<ReturnType<D["options"]>["opts"]>>;
type Loose<Given> = Readonly<Pick<Given, Needed<Given>>> & {
  readonly [K in Exclude<keyof Given, Needed<Given>>]?: Flag<Given[K]> | undefined;
};
/** Keys of options that must be given, or have a value in any case. */
type Needed<Given> = {
  [K in keyof Given]: Partial<Pick<Given, K>> extends Pick<Given, K>
    ? never
    : Given[K] extends boolean
      ? never
      : K;
}[keyof Given];
type Flag<T> = T extends true ? boolean : T;
