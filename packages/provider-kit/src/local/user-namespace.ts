import { readFileSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { CapabilityUnsupportedError, sandboxUser } from "@glovebox/core/provider";
import { execa } from "execa";

/** Of no user and no service: inside the range that systemd leaves to containers. */
const rootsAgentId = 0x60000000;

/**
 * Gives the user namespace of a process its two users: its root is the user of this process, and the sandbox's user is an id
 * that owns nothing on this host. The supervisor, as root, can then start processes as the sandbox's user, who can reach
 * neither the supervisor nor, after an escape, anything of the host's users.
 */
export async function mapUsers(pid: number): Promise<void> {
  const { uid, gid } = userInfo();
  if (uid === 0) {
    for (const kind of ["uid", "gid"]) {
      writeFileSync(`/proc/${pid}/${kind}_map`, `0 0 1\n${sandboxUser.uid} ${rootsAgentId} 1\n`);
    }
    return;
  }
  const ids = agentIds();
  await execa("newuidmap", [`${pid}`, "0", `${uid}`, "1", `${sandboxUser.uid}`, `${ids.uid}`, "1"]);
  await execa("newgidmap", [`${pid}`, "0", `${gid}`, "1", `${sandboxUser.gid}`, `${ids.gid}`, "1"]);
}

/** The ids of the sandbox's user on this host. Throws `capability-unsupported` where this process's user has none to give. */
export function agentIds(): { readonly uid: number; readonly gid: number } {
  if (userInfo().uid === 0) return { uid: rootsAgentId, gid: rootsAgentId };
  return { uid: lastOf("/etc/subuid"), gid: lastOf("/etc/subgid") };
}

/** The last id that a file gives this user: the one that other tools use last. */
function lastOf(file: string): number {
  const { username, uid } = userInfo();
  for (const line of readLines(file)) {
    const [who, start, count] = line.split(":");
    if ((who === username || who === `${uid}`) && Number(count) > 0) return Number(start) + Number(count) - 1;
  }
  throw new CapabilityUnsupportedError(`${file} gives ${username} no second id to run the agent as`, {
    hint: `As root: usermod --add-subuids 200000-265535 --add-subgids 200000-265535 ${username}`,
  });
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n");
  } catch {
    // Without the file there are no further ids.
    return [];
  }
}
