import { existsSync } from "node:fs";
import { readHostText } from "@glovebox/core/host-files";
import { proxyVariables } from "@glovebox/core/host-proxy";
import { SandboxError } from "@glovebox/core/provider";
import { execa } from "execa";
import { outputTail } from "./output-tail.ts";

/** Whether this machine is a Debian or an Ubuntu, or made from one. */
export async function isDebianFamily(file = "/etc/os-release"): Promise<boolean> {
  const text = (await readHostText(file).catch(() => undefined)) ?? "";
  const words = [...text.matchAll(/^(?:ID|ID_LIKE)="?([^"\n]*)"?$/gm)].flatMap((match) =>
    (match[1] ?? "").split(/\s+/),
  );
  return words.includes("debian") || words.includes("ubuntu");
}

/** What stands before a command that needs root: nothing as root, else sudo; `undefined` where there is no way. */
export async function rootPrefix(): Promise<readonly string[] | undefined> {
  if (process.getuid?.() === 0) return [];
  const silent = await execa("sudo", ["-n", "true"], { reject: false, stdio: "ignore" });
  if (!silent.failed) return ["sudo", "-n"];
  // A password can only be typed at a terminal.
  return silent.code !== "ENOENT" && process.stdin.isTTY === true ? ["sudo"] : undefined;
}

export interface InstallPackagesOptions {
  readonly prefix: readonly string[];
  readonly onProgress?: (message: string) => void;
  readonly signal?: AbortSignal;
}

/** Installs packages by apt. Rejects with `unavailable`; the message ends with the end of apt's own output. */
export async function installPackages(packages: readonly string[], options: InstallPackagesOptions): Promise<void> {
  const { prefix, onProgress, signal } = options;
  const lists = ["apt-get", "update", "-q"];
  const install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", ...packages];
  for (const [message, command] of [
    ["reading the package lists", lists],
    [`installing ${packages.join(", ")}`, install],
  ] as const) {
    onProgress?.(message);
    // Without systemd, a package would start its service through init scripts, unknown to anything that stops it.
    const [program = "", ...args] = [
      ...prefix,
      "env",
      "DEBIAN_FRONTEND=noninteractive",
      ...(existsSync("/run/systemd/system") ? [] : ["RUNLEVEL=1"]),
      ...command,
    ];
    const result = await execa(program, args, {
      reject: false,
      all: true,
      env: proxyVariables(process.env),
      // apt is given the time to end in order; a killed dpkg leaves packages half installed.
      ...(signal && { cancelSignal: signal, forceKillAfterDelay: 60_000 }),
      stdin: prefix.at(-1) === "sudo" ? "inherit" : "ignore",
    });
    if (result.isCanceled) throw new SandboxError("aborted", `Stopped while ${message}`);
    // Lists that are partly out of date are often enough; what is missing shows when installing.
    if (result.failed && command === install) {
      throw new SandboxError("unavailable", `Failed while ${message}:\n${outputTail(result)}`, {
        retryable: false,
        hint: `Install by hand: apt-get install ${packages.join(" ")}`,
      });
    }
  }
}
