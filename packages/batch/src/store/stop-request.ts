import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const pollMs = 500;
const names = { cancel: "cancel", abort: "abort" } as const;

/** Asks the process that holds a batch to cancel it, or with `force` to drop everything. It looks twice a second. */
export function requestBatchStop(directory: string, { force = false }: { readonly force?: boolean } = {}): void {
  writeFileSync(join(directory, force ? names.abort : names.cancel), "", { mode: 0o600 });
}

/** Passes on what other processes ask of a batch, and forgets what was asked of an earlier process. */
export function watchBatchStop(
  directory: string,
  { cancel, abort }: { readonly cancel: () => void; readonly abort: () => void },
): Disposable {
  for (const name of Object.values(names)) rmSync(join(directory, name), { force: true });
  const timer = setInterval(() => {
    if (existsSync(join(directory, names.abort))) abort();
    else if (existsSync(join(directory, names.cancel))) cancel();
  }, pollMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
