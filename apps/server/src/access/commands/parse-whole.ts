import { InvalidArgumentError } from "commander";

/** Parses a whole number from 1 on. */
export function parseWhole(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError("It is a whole number from 1 on.");
  return Number(text);
}
