import { InvalidOptionsError } from "@glovebox/core/provider";
import type { ComponentLock, LockedComponent } from "./component-lock.ts";

/** A component that is about to be used. */
export interface UsedComponent extends LockedComponent {
  readonly revision: string;
}

/** Refuses components that are not what the lock pins. What it does not name is not its concern. */
export function checkLock(lock: ComponentLock, used: readonly UsedComponent[]): void {
  for (const component of used) {
    const locked = lock.components.find((item) => isSame(item, component));
    if (locked === undefined || locked.sha256 === component.sha256) continue;
    throw new InvalidOptionsError(
      `The ${component.kind} ${component.name} of ${component.source} is not what glovebox.lock pins: ` +
        `${component.sha256.slice(0, 12)} instead of ${locked.sha256.slice(0, 12)}`,
      { hint: "Look at it with `glovebox components show`, then take it with `glovebox components update`." },
    );
  }
}

/** The lock with these components pinned as they are. What it pins beside them stays. */
export function lockComponents(lock: ComponentLock, used: readonly UsedComponent[]): ComponentLock {
  const others = lock.components.filter((item) => !used.some((component) => isSame(item, component)));
  const pinned = used.map(({ kind, name, source, sha256 }) => ({ kind, name, source, sha256 }));
  const revisions = used.map((component) => [component.source, component.revision]);
  return {
    version: 1,
    sources: { ...lock.sources, ...Object.fromEntries(revisions) },
    components: [...others, ...pinned],
  };
}

function isSame(a: LockedComponent, b: LockedComponent): boolean {
  return a.kind === b.kind && a.name === b.name && a.source === b.source;
}
