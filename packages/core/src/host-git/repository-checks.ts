import { checkRepository } from "./check-repository.ts";

/** A run asks git a dozen times in a row; what lies in the directory is looked at once for all of them. */
const trustedForMs = 5_000;

/** By directory and kind of check, when it was last found in order. */
const passed = new Map<string, number>();

/** As {@link checkRepository}, but takes a good answer of a moment ago. */
export async function checkRepositoryOnce(
  path: string,
  workTree: boolean,
  signal: AbortSignal | undefined,
): Promise<void> {
  const key = `${workTree ? "tree" : "directory"}:${path}`;
  for (const [other, at] of passed) if (performance.now() - at > trustedForMs) passed.delete(other);
  if (passed.has(key)) return;
  await checkRepository(path, { workTree, signal });
  passed.set(key, performance.now());
}
