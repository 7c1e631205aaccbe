import type { User } from "../users/user.ts";

/** What is about whoever started envd, and nobody else's. */
const personal = /^(HOME|USER|LOGNAME|MAIL|SHELL|TERM|PWD|OLDPWD|SHLVL|_|NODE_OPTIONS|SUDO_.*|GLOVEBOX_.*)$/;

const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * The environment of a process: the sandbox's base variables (its egress proxy, the certificates to trust), the user's, the
 * sandbox's own variables, the request's. Later ones win.
 */
export function processEnvironment(
  user: User,
  envVars: ReadonlyMap<string, string>,
  envs: Readonly<Record<string, string>>,
): Record<string, string> {
  const inherited = Object.entries(process.env).filter(([name]) => !personal.test(name)) as [string, string][];
  const userVars = { HOME: user.home, USER: user.name, LOGNAME: user.name };
  return { PATH: defaultPath, ...Object.fromEntries(inherited), ...userVars, ...Object.fromEntries(envVars), ...envs };
}
