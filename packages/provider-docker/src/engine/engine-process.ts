import { proxyVariables } from "@glovebox/core/host-proxy";
import { SandboxError, SandboxUnavailableError } from "@glovebox/core/provider";
import { outputTail } from "@glovebox/image-builder";
import { execa } from "execa";
import { engineState } from "./engine-script.ts";

/** What an engine may see of this process's environment: nothing that could be a secret of the user's. */
const passedOn = /^(PATH|HOME|LANG|SSL_CERT_(FILE|DIR)|(https?|no|all|HTTPS?|NO|ALL)_(proxy|PROXY))$/;

/** Runs one of the engine's scripts as root and gives what it printed. */
export async function runEngineScript(
  script: string,
  prefix: readonly string[],
  operation: string,
  signal?: AbortSignal,
): Promise<string> {
  const kept = Object.entries({ ...process.env, ...proxyVariables(process.env) }).filter(([name]) =>
    passedOn.test(name),
  );
  const env = kept.map(([name, value]) => [name, name === "PATH" ? `${value}:/usr/sbin:/sbin` : value] as const);
  // sudo passes no variables on. Without it they stay out of the arguments, which everybody can read.
  const bySudo = prefix.length === 0 ? [] : [...prefix, "env", "-i", ...env.map((pair) => pair.join("="))];
  const [program = "", ...args] = [...bySudo, "sh", "-c", script, "glovebox", engineState];
  const result = await execa(program, args, {
    ...(prefix.length === 0 && { env: Object.fromEntries(env), extendEnv: false }),
    reject: false,
    all: true,
    stdin: prefix.at(-1) === "sudo" ? "inherit" : "ignore",
    ...(signal && { cancelSignal: signal }),
  });
  if (result.isCanceled) throw new SandboxError("aborted", `Stopped while ${operation}`, { providerId: "docker" });
  if (result.failed) {
    throw new SandboxUnavailableError(`Failed while ${operation}: ${outputTail(result)}`, {
      providerId: "docker",
      retryable: false,
      cause: result,
    });
  }
  return result.stdout;
}
