import type { SandboxProcess } from "@glovebox/core/provider";
import type { SupervisorConnection } from "@glovebox/supervisor";
import { beforeAll } from "vitest";
import { createDockerProvider } from "../../src/index.ts";
import { UnprivilegedGuest, type UnprivilegedGuestOptions } from "./unprivileged-guest.ts";

export type StartGuest = (options?: Omit<UnprivilegedGuestOptions, "image">) => Promise<UnprivilegedGuest>;

/** Returns what starts a container from the default image. */
export function guestFixture(): StartGuest {
  let image = "";
  beforeAll(async () => {
    image = (await createDockerProvider().prepare({ base: { kind: "default" }, layers: [] })).reference;
  });
  return (options) => UnprivilegedGuest.start({ image, ...options });
}

/** Runs a program to its end and returns what it printed. */
export async function run(connection: SupervisorConnection, ...argv: [string, ...string[]]): Promise<string> {
  return outputOf(await connection.spawn(argv));
}

export async function outputOf(process: SandboxProcess): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const chunk of process.output) if ("bytes" in chunk) pieces.push(chunk.bytes);
  return Buffer.concat(pieces).toString("utf8").trim();
}
