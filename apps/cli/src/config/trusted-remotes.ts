import { mkdirSync, realpathSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { readSmallFile } from "./read-small-file.ts";

/** By the workspace's path and the host, what the person answered. */
const schema = z.record(z.string(), z.record(z.string(), z.boolean()));

/** Which git hosts a person has allowed to the sandboxes of a workspace, in the state folder. */
export interface TrustedRemotes {
  /** `undefined` where nobody was asked. */
  answer(host: string): boolean | undefined;
  remember(host: string, answer: boolean): void;
}

export async function openTrustedRemotes(home: string, workspace: string): Promise<TrustedRemotes> {
  const file = join(home, "trusted-remotes.json");
  const known = parse(await readSmallFile(file));
  const place = realpathSync(workspace);
  const answers = new Map(Object.entries(known[place] ?? {}));
  return {
    answer: (host) => answers.get(host),
    remember(host, answer) {
      answers.set(host, answer);
      mkdirSync(home, { recursive: true, mode: 0o700 });
      const temporary = `${file}.${process.pid}.tmp`;
      const text = JSON.stringify({ ...known, [place]: Object.fromEntries(answers) }, undefined, 2);
      writeFileSync(temporary, `${text}\n`, { mode: 0o600 });
      renameSync(temporary, file);
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
