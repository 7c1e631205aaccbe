/** The command of a runner process: no user types it. */
export const runnerCommand = "__runner";
