import { InvalidArgumentError, type Option } from "commander";
import { didYouMean } from "../config/did-you-mean.ts";

/** Makes an option that has a list of values name the nearest one when it gets another. */
export function suggestChoices(option: Option): void {
  const { argChoices, parseArg } = option;
  if (argChoices === undefined) return;
  option.argParser((text: string, before: unknown) => {
    if (argChoices.includes(text)) return parseArg === undefined ? text : parseArg(text, before);
    const meant = didYouMean(text, argChoices);
    const suggestion = meant === undefined ? "" : `Did you mean ${meant}? `;
    throw new InvalidArgumentError(`${suggestion}Allowed choices are ${argChoices.join(", ")}.`);
  });
}
