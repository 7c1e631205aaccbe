import { ApiError } from "../http/api-error.ts";
import { supervisorDirectory, supervisorPort } from "./supervisor-facts.ts";
import { supervisorSource } from "./supervisor-source.ts";

/** Includes the pull of a large image. */
const startTimeoutMs = 240_000;
/** Usually enough for a container whose image has the right supervisor. */
const gracePeriodMs = 1000;
const longestPauseMs = 500;

/** Turns any image with Node into a sandbox. Writes the supervisor last, because the container waits for that file. */
const installScript = `set -e
home=/home/agent
mkdir -p ${supervisorDirectory} /workspace $home/.npm-global $home/.local
cat > ${supervisorDirectory}/supervisor.cjs.part
shell=/bin/sh
[ ! -x /bin/bash ] || shell=/bin/bash
first() {
  grep -v ^agent: "$1" > "$1.part" || :
  { printf '%s\\n' "$2"; cat "$1.part"; } > "$1.new"
  cat "$1.new" > "$1"
  rm "$1.part" "$1.new"
}
first /etc/passwd "agent:x:1000:1000:Glovebox agent:$home:$shell"
first /etc/group agent:x:1000:
[ ! -e /etc/shadow ] || first /etc/shadow 'agent:*:19000:0:99999:7:::'
[ -e $home/.npmrc ] || echo "prefix=$home/.npm-global" > $home/.npmrc
[ -e /output ] || ln -s /workspace /output
chown 1000:1000 $home $home/.npm-global $home/.local $home/.npmrc
chown -R 1000:1000 /workspace
mv ${supervisorDirectory}/supervisor.cjs.part ${supervisorDirectory}/supervisor.cjs
`;

/**
 * Resolves when the supervisor answers, and installs it if the image lacks it. Rejects with the reason of `ended` if the
 * container ends first.
 */
export async function waitUntilReady(container: Container, ended: Promise<void>, signal: AbortSignal): Promise<void> {
  let end: { reason: unknown } | undefined;
  ended.then(
    () => (end = { reason: new Error("its first process has exited") }),
    (reason) => (end = { reason }),
  );
  const startedAt = Date.now();
  for (let pause = 20; ; pause = Math.min(pause * 1.5, longestPauseMs)) {
    if (signal.aborted) throw new ApiError("not-found", "The sandbox was removed while it was starting.");
    if (await isServing(container)) return;
    if (end !== undefined) throw end.reason;
    const waited = Date.now() - startedAt;
    if (waited > startTimeoutMs) {
      throw new ApiError("unavailable", `The supervisor did not answer within ${startTimeoutMs / 1000} seconds.`, {
        hint: "The image needs Node 20.19 or newer.",
      });
    }
    if (waited > gracePeriodMs) await installSupervisor(container);
    await scheduler.wait(pause);
  }
}

async function isServing(container: Container): Promise<boolean> {
  try {
    const response = await container.getTcpPort(supervisorPort).fetch("http://sandbox/health");
    await response.body?.cancel();
    return response.status === 204;
  } catch {
    // Nothing listens yet.
    return false;
  }
}

/** Writes the supervisor if the container waits for it. */
async function installSupervisor(container: Container): Promise<void> {
  const root = { user: "0:0", cwd: "/", env: { PATH: "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" } };
  try {
    const test = await container.exec(["test", "-e", `${supervisorDirectory}/wanted`], root);
    if ((await test.exitCode) !== 0) return;
    const stdin = new Blob([supervisorSource]).stream();
    const install = await container.exec(["/bin/sh", "-c", installScript], { ...root, stdin, stderr: "combined" });
    const { exitCode, stdout } = await install.output();
    if (exitCode !== 0) console.error("Cannot install the supervisor:", new TextDecoder().decode(stdout));
  } catch (error) {
    // The container may not be ready for exec yet; the next iteration retries.
    console.warn("Cannot exec in the container yet:", error);
  }
}
