import { SandboxError, SandboxUnavailableError } from "@glovebox/core/provider";
import { execa } from "execa";
import { engineState } from "./engine-script.ts";
import { outputTail } from "./output-tail.ts";

/** What an engine may see of this process's environment: nothing that could be a secret of the user's. */
const passedOn = /^(PATH|HOME|LANG|SSL_CERT_(FILE|DIR)|(https?|no|all|HTTPS?|NO|ALL)_(proxy|PROXY))$/;

/** Runs one of the engine's scripts as root and gives what it printed. */
export async function runEngineScript(
  script: string,
  prefix: readonly string[],
  doing: string,
  signal?: AbortSignal,
): Promise<string> {
  const kept = Object.entries(process.env).filter(([name]) => passedOn.test(name));
  const env = kept.map(([name, value]) => (name === "PATH" ? `PATH=${value}:/usr/sbin:/sbin` : `${name}=${value}`));
  const [program = "", ...args] = [...prefix, "env", "-i", ...env, "sh", "-c", script, "glovebox", engineState];
  const result = await execa(program, args, {
    reject: false,
    all: true,
    stdin: prefix.at(-1) === "sudo" ? "inherit" : "ignore",
    ...(signal && { cancelSignal: signal }),
  });
  if (result.isCanceled) throw new SandboxError("aborted", `Stopped while ${doing}`, { providerId: "docker" });
  if (result.failed) {
    throw new SandboxUnavailableError(`Failed while ${doing}: ${outputTail(result)}`, {
      providerId: "docker",
      retryable: false,
      cause: result,
    });
  }
  return result.stdout;
}
