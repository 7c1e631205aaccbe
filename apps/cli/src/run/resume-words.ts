import type { RunOptions } from "../config/run-options.ts";

/** What was typed after `glovebox resume`. */
export type ResumeWords = readonly [first: string | undefined, second: string | undefined];

/** One word is the prompt, unless the prompt is elsewhere or it can only be a run. */
export function readResumeWords([first, second]: ResumeWords, options: RunOptions) {
  if (second !== undefined) return { reference: first, prompt: second };
  const isElsewhere = options.prompt !== undefined || options.promptFile !== undefined;
  const isReference = first !== undefined && /^(\d{1,4}|\d{8}-\d{6}-[a-z0-9]{6})$/.test(first);
  return isElsewhere || isReference ? { reference: first, prompt: undefined } : { reference: undefined, prompt: first };
}
