import { type ChildProcess, spawn } from "node:child_process";
import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Duplex } from "node:stream";
import {
  connectSupervisor,
  type HeartbeatOptions,
  type SupervisorConfig,
  type SupervisorConnection,
  supervisorConfigVariable,
  supervisorFile,
} from "../src/index.ts";
import { makeControlGroups, removeControlGroup } from "./control-groups.ts";

export interface Guest {
  readonly connection: SupervisorConnection;
  /** The sandbox's workspace as the host sees it; the user's own. */
  readonly workspace: string;
  readonly process: ChildProcess;
  /** Sends a signal to the supervisor itself. */
  signal(name: NodeJS.Signals): void;
  readonly exited: Promise<number | null>;
  /** A second connection, as a second host process has it. */
  connectAgain(): Promise<SupervisorConnection>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface GuestOptions {
  readonly config?: Partial<SupervisorConfig>;
  readonly pidsLimit?: number;
  readonly memoryMiB?: number;
  readonly heartbeat?: HeartbeatOptions;
  /** Stands between the guest and the connection. */
  readonly line?: (duplex: Duplex) => Duplex;
}

/**
 * What an engine does for a sandbox, without one: processes, mounts and network of its own, an init, and a supervisor
 * that is root with three capabilities. Everything that it ends lies in here.
 */
const script = `
set -e
for group in $GROUPS_TO_JOIN; do echo $$ > $group/cgroup.procs; done
exec unshare --mount --net --pid --fork --kill-child -- sh -c '
  set -e
  mount -t proc proc /proc
  mount -t tmpfs -o mode=755 tmpfs /run
  mkdir /run/app && touch /run/app/node && mount --bind "$NODE_FILE" /run/app/node && cp "$SUPERVISOR_FILE" /run/app/supervisor.cjs
  ip link set lo up
  unset NODE_FILE SUPERVISOR_FILE GROUPS_TO_JOIN
  setpriv --bounding-set=-all,+setuid,+setgid,+kill --inh-caps=-all --no-new-privs /run/app/node /run/app/supervisor.cjs serve
  exit $?
'`;

export async function startGuest(options: GuestOptions = {}): Promise<Guest> {
  const directory = mkdtempSync(join(tmpdir(), "glovebox-supervisor-"));
  const workspace = join(directory, "workspace");
  const home = join(directory, "home");
  for (const own of [directory, workspace, home]) {
    mkdirSync(own, { recursive: true });
    chownSync(own, 1000, 1000);
  }
  const groups = makeControlGroups({ pids: options.pidsLimit, memoryMiB: options.memoryMiB });
  const config: SupervisorConfig = { ttlMs: 300_000, workspaceDir: workspace, home, ...options.config };
  const guest = spawn("sh", ["-c", script], {
    stdio: ["pipe", "pipe", "inherit"],
    env: {
      PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      IMAGE_VARIABLE: "from the image",
      NODE_OPTIONS: "",
      GLOVEBOX_NODE_OPTIONS: "--no-deprecation",
      NODE_FILE: process.execPath,
      SUPERVISOR_FILE: supervisorFile,
      GROUPS_TO_JOIN: groups.join(" "),
      [supervisorConfigVariable]: JSON.stringify(config),
    },
  });
  const exited = new Promise<number | null>((resolve) => guest.once("exit", resolve));
  const { heartbeat, line = (duplex) => duplex } = options;
  const connection = await connectSupervisor(line(duplexOf(guest)), {
    providerId: "test",
    ...(heartbeat === undefined ? {} : { heartbeat }),
  });
  await connection.configure({ env: { CONFIGURED: "by the host" } });
  const bridges: ChildProcess[] = [];
  return {
    connection,
    workspace,
    process: guest,
    exited,
    signal: (name) => void process.kill(supervisorPid(guest), name),
    connectAgain: async () => {
      const bridge = spawn(
        "nsenter",
        ["--mount", "--pid", "--target", initPid(guest), "/run/app/node", "/run/app/supervisor.cjs", "connect"],
        {
          stdio: ["pipe", "pipe", "inherit"],
        },
      );
      bridges.push(bridge);
      return connectSupervisor(duplexOf(bridge), { providerId: "test" });
    },
    [Symbol.asyncDispose]: async () => {
      await connection.close();
      for (const bridge of bridges) bridge.kill("SIGKILL");
      guest.kill("SIGKILL");
      await exited;
      for (const group of groups) await removeControlGroup(group);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The init of the guest's own process tree, as this machine counts it. */
function initPid(guest: ChildProcess): string {
  return readFileSync(`/proc/${guest.pid}/task/${guest.pid}/children`, "utf8").trim();
}

/** The supervisor, the only child of that init's shell. */
function supervisorPid(guest: ChildProcess): number {
  const init = initPid(guest);
  return Number(readFileSync(`/proc/${init}/task/${init}/children`, "utf8").trim().split(" ")[0]);
}

function duplexOf(child: ChildProcess): Duplex {
  if (child.stdin === null || child.stdout === null) throw new Error("The process has no pipes.");
  const { stdin, stdout } = child;
  const duplex = new Duplex({
    read: () => void stdout.resume(),
    write: (chunk, _encoding, done) => void stdin.write(chunk, done),
    final: (done) => void stdin.end(done),
    destroy: (error, done) => {
      stdin.destroy();
      stdout.destroy();
      done(error);
    },
  });
  stdout.on("data", (chunk) => {
    if (!duplex.push(chunk)) stdout.pause();
  });
  stdout.once("end", () => duplex.push(null)).once("close", () => duplex.destroy());
  stdin.on("error", (error) => duplex.destroy(error));
  return duplex;
}
