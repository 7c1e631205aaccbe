import type { Sandbox } from "@glovebox/core/provider";
import type { Terminal } from "../../terminal.ts";
import { readHostKey } from "./host-key.ts";
import { serveSsh } from "./serve-ssh.ts";
import { stdioDuplex } from "./stdio-duplex.ts";

/** Serves the ssh that has started this process, over standard input and output, until it leaves. */
export async function proxySsh(
  sandbox: Sandbox,
  options: { readonly home: string; readonly terminal: Terminal; readonly signal: AbortSignal },
): Promise<number> {
  const { home, terminal, signal } = options;
  const { privateKey } = readHostKey(home);
  await serveSsh({ sandbox, stream: stdioDuplex(terminal), hostKey: privateKey, signal });
  return 0;
}
