/**
 * Commander with the types of extra-typings, so that a renamed option fails to compile. At run time that package only
 * hands Commander's classes on, and costs two modules more.
 */
import type * as typed from "@commander-js/extra-typings";
import * as commander from "commander";

export const { Command, Option, InvalidArgumentError, CommanderError } =
  commander as unknown as typeof typed;
