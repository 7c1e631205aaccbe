import { readFileSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { CapabilityUnsupportedError, sandboxUser } from "@glovebox/core/provider";
import { execa } from "execa";

/** Of no person and no service: inside the range that systemd leaves to containers. */
const rootsAgentId = 0x60000000;

/**
 * Gives the user namespace of a process its two users: its root is whoever runs this, and the agent somebody who owns
 * nothing on this host. The supervisor, as root, can so start processes as the agent; the agent can reach neither it nor,
 * should it ever get out, anything of the person's.
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

/** The agent's ids on this host. Throws `capability-unsupported` where this user was given none. */
export function agentIds(): { readonly uid: number; readonly gid: number } {
  if (userInfo().uid === 0) return { uid: rootsAgentId, gid: rootsAgentId };
  return { uid: lastOf("/etc/subuid"), gid: lastOf("/etc/subgid") };
}

/** The last id that a file gives this user: the one that other tools take last. */
function lastOf(file: string): number {
  const { username, uid } = userInfo();
  for (const line of readLines(file)) {
    const [who, start, count] = line.split(":");
    if ((who === username || who === `${uid}`) && Number(count) > 0) return Number(start) + Number(count) - 1;
  }
  throw new CapabilityUnsupportedError(`${file} gives ${username} no second user to run the agent as`, {
    providerId: "bubblewrap",
    hint: `As root: usermod --add-subuids 200000-265535 --add-subgids 200000-265535 ${username}`,
  });
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n");
  } catch {
    // Not there: it gives nobody anything.
    return [];
  }
}
