import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A state directory of Glovebox for one case, with an owner of its own. */
export interface StateDirectory extends AsyncDisposable {
  readonly home: string;
  readonly owner: string;
}

export async function makeStateDirectory(): Promise<StateDirectory> {
  const home = await mkdtemp(join(tmpdir(), "glovebox-testkit-"));
  const owner = `testkit-${randomUUID()}`;
  await writeFile(join(home, "owner"), `${owner}\n`);
  return { home, owner, [Symbol.asyncDispose]: () => rm(home, { recursive: true, force: true }) };
}
