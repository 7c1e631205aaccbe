import { ApiError } from "./api-error.ts";
import { doorPort, supervisorFolder } from "./supervisor-facts.ts";
import { supervisorSource } from "./supervisor-source.ts";

/** A large image may have to be fetched first. */
const startTimeoutMs = 240_000;
/** By then a container that holds the right supervisor usually serves. */
const patienceMs = 1000;
const longestPauseMs = 500;

/** Makes of any image with Node what a sandbox needs. The supervisor's file comes last: the container waits for it. */
const receive = `set -e
home=/home/agent
mkdir -p ${supervisorFolder} /workspace $home/.npm-global $home/.local
cat > ${supervisorFolder}/supervisor.cjs.part
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
mv ${supervisorFolder}/supervisor.cjs.part ${supervisorFolder}/supervisor.cjs
`;

/**
 * Resolves when the supervisor's door answers; gives it its file where the image lacks it. `ended` is the container's own end:
 * one that comes first is the reason of the failure.
 */
export async function untilServing(container: Container, ended: Promise<void>, signal: AbortSignal): Promise<void> {
  let end: { reason: unknown } | undefined;
  ended.then(
    () => (end = { reason: new Error("its first process has ended") }),
    (reason) => (end = { reason }),
  );
  const begun = Date.now();
  for (let pause = 20; ; pause = Math.min(pause * 1.5, longestPauseMs)) {
    if (signal.aborted) throw new ApiError("not-found", "The sandbox was removed while it started.");
    if (await isServing(container)) return;
    if (end !== undefined) throw end.reason;
    const waited = Date.now() - begun;
    if (waited > startTimeoutMs) {
      throw new ApiError("unavailable", `The supervisor did not answer within ${startTimeoutMs / 1000} seconds.`, {
        hint: "The image needs Node 20.19 or newer.",
      });
    }
    if (waited > patienceMs) await giveSupervisor(container);
    await scheduler.wait(pause);
  }
}

async function isServing(container: Container): Promise<boolean> {
  try {
    const answer = await container.getTcpPort(doorPort).fetch("http://box/health");
    await answer.body?.cancel();
    return answer.status === 204;
  } catch {
    // Nothing listens yet.
    return false;
  }
}

/** Writes the supervisor where the container waits for it. */
async function giveSupervisor(container: Container): Promise<void> {
  const root = { user: "0:0", cwd: "/", env: { PATH: "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" } };
  try {
    const asked = await container.exec(["test", "-e", `${supervisorFolder}/wanted`], root);
    if ((await asked.exitCode) !== 0) return;
    const stdin = new Blob([supervisorSource]).stream();
    const written = await container.exec(["/bin/sh", "-c", receive], { ...root, stdin, stderr: "combined" });
    const { exitCode, stdout } = await written.output();
    if (exitCode !== 0) console.error("The supervisor could not be written:", new TextDecoder().decode(stdout));
  } catch (error) {
    // It may not have come so far that something can be started in it; the next look tells.
    console.warn("The container cannot be looked into yet:", error);
  }
}
