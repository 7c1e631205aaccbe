/**
 * A module for `node --import`, before the supervisor: closes whatever the process that started it had inherited from its own parent, which the agent would inherit. What Node opens itself is closed on exec, and recognized by that.
 */
export const closeInherited = `import { closeSync, readdirSync, readFileSync } from "node:fs";

const closeOnExec = 0o2000000;
for (const name of readdirSync("/proc/self/fd")) {
  if (Number(name) < 3) continue;
  try {
    const flags = /^flags:\\s+([0-7]+)/m.exec(readFileSync("/proc/self/fdinfo/" + name, "utf8"))[1];
    if ((Number.parseInt(flags, 8) & closeOnExec) === 0) closeSync(Number(name));
  } catch {
    // It was the one that listed them.
  }
}
`;
