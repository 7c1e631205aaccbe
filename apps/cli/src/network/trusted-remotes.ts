import { realpathSync } from "node:fs";
import { join } from "node:path";
import { makeHostDirectorySync, readHostText } from "@glovebox/core/host-files";
import { replaceFileSync } from "@glovebox/core/state";
import { z } from "zod";

/** By the workspace's path and the host, what the user answered. */
const schema = z.record(z.string(), z.record(z.string(), z.boolean()));

/** Which git hosts the user has allowed to the sandboxes of a workspace, in the state directory. */
export interface TrustedRemotes {
  /** `undefined` where nobody was asked. */
  answer(host: string): boolean | undefined;
  remember(host: string, answer: boolean): void;
}

export async function openTrustedRemotes(home: string, workspace: string): Promise<TrustedRemotes> {
  const file = join(home, "trusted-remotes.json");
  const known = parse(await readHostText(file));
  const place = realpathSync(workspace);
  const answers = new Map(Object.entries(known[place] ?? {}));
  return {
    answer: (host) => answers.get(host),
    remember(host, answer) {
      answers.set(host, answer);
      makeHostDirectorySync(home, 0o700);
      const text = JSON.stringify({ ...known, [place]: Object.fromEntries(answers) }, undefined, 2);
      replaceFileSync(file, `${text}\n`);
    },
  };
}

function parse(text: string | undefined): z.infer<typeof schema> {
  try {
    return schema.parse(JSON.parse(text ?? "{}"));
  } catch {
    // Cut short or written by another hand: what cannot be read was never answered.
    return {};
  }
}
