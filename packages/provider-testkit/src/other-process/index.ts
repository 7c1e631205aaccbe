import { connectAndLook } from "./connect-and-look.ts";
import { createAndStay } from "./create-and-stay.ts";
import type { Program } from "./program.ts";
import { wholeRun } from "./whole-run.ts";

/** The programs that cases run in another process, by name. */
export const programs: Readonly<Record<string, Program>> = {
  "connect-and-look": connectAndLook,
  "create-and-stay": createAndStay,
  "whole-run": wholeRun,
};
