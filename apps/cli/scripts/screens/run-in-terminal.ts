import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { execa } from "execa";

/** What a user types after a text has appeared. */
export interface TypedAnswer {
  readonly after: string;
  readonly keys: readonly string[];
}

/** The machine on which the commands run. */
export interface WindowSettings {
  readonly columns: number;
  readonly cwd: string;
  /** The whole environment, except `TERM`. */
  readonly env: Readonly<Record<string, string>>;
}

const target = ["-t", "screens"];

/**
 * Runs a command in a shell in a window of tmux as if typed, gives the answers, and returns what the terminal then
 * shows, with its colors.
 */
export async function runInTerminal(
  command: string,
  answers: readonly TypedAnswer[],
  settings: WindowSettings,
): Promise<string> {
  // A server of its own: one that is about to end after its last session refuses the next.
  const socket = `glovebox-screens-${randomUUID()}`;
  const tmux = async (...args: string[]) => {
    const { stdout } = await execa("tmux", ["-L", socket, "-f", "/dev/null", ...args]);
    return stdout;
  };
  const capture = (...options: string[]) => tmux("capture-pane", "-p", ...options, "-S", "-", ...target);
  const waitFor = async (isThere: (text: string) => boolean) => {
    const end = Date.now() + 120_000;
    while (!isThere(await capture())) {
      if (Date.now() > end) throw new Error(`The terminal does not show what it should:\n${await capture()}`);
      await setTimeout(50);
    }
  };
  const variables = Object.entries(settings.env).map(([name, value]) => `${name}=${value}`);
  await tmux(
    ...["new-session", "-d", "-s", "screens", "-x", String(settings.columns), "-y", "100", "-c", settings.cwd],
    ...["env", "-i", ...variables, "TERM=xterm-256color", "bash", "--noprofile", "--norc"],
  );
  try {
    await waitFor((text) => text.trim() === "$");
    await tmux("send-keys", ...target, "-l", command);
    await tmux("send-keys", ...target, "Enter");
    for (const { after, keys } of answers) {
      await waitFor((text) => text.includes(after));
      await tmux("send-keys", ...target, ...keys);
    }
    await waitFor((text) => /\n\$$/u.test(text.trimEnd()));
    return (await capture("-e")).trimEnd().replace(/\n[^\n]*$/u, "");
  } finally {
    await tmux("kill-server");
  }
}
