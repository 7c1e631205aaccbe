import { inCi, isOn } from "../in-ci.ts";
import type { Terminal } from "../terminal.ts";

/** The output of some is for programs, and a shell reads that of others when it starts. */
const silencing = /^(--json(=.*)?|--quiet|-q|__complete|completion)$/;

/** Whether a notice could be shown after this command line: somebody reads stderr, and nothing forbids it. */
export function wantsUpdateCheck(argv: readonly string[], { env, stderr }: Terminal): boolean {
  if (!stderr.isTTY || inCi(env) || isOn(env.GLOVEBOX_NO_UPDATE_CHECK)) return false;
  // In a checkout, which `git pull` updates.
  if (env.GLOVEBOX_COMMAND) return false;
  const end = argv.indexOf("--");
  return !argv.slice(0, end === -1 ? argv.length : end).some((argument) => silencing.test(argument));
}
