import { Script } from "node:vm";

const timeoutMs = 2000;
const test = new Script("expect.test(output)");

/**
 * Whether a regular expression matches what a command printed; `undefined` where that takes more than two seconds. The agent may have
 * written the output, and a batch file the expression: together they must not stop this process.
 */
export function matchesOutput(expect: RegExp, output: string): boolean | undefined {
  try {
    return test.runInNewContext({ expect, output }, { timeout: timeoutMs }) === true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return undefined;
    throw error;
  }
}
