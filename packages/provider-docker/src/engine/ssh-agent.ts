import { spawn } from "node:child_process";
import { Agent } from "node:http";
import { Duplex } from "node:stream";

/**
 * Reaches an engine through the `ssh` program and `docker system dial-stdio`, as the docker CLI does, so that the
 * user's own ssh configuration, keys and known hosts decide.
 */
export class SshAgent extends Agent {
  readonly argv: readonly string[];

  constructor(url: URL) {
    super({ keepAlive: false });
    const user = url.username ? ["-l", decodeURIComponent(url.username)] : [];
    const port = url.port ? ["-p", url.port] : [];
    const socket = url.pathname.length > 1 ? ["--host", `unix://${url.pathname}`] : [];
    const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
    this.argv = [
      "-T",
      "-o",
      "ConnectTimeout=30",
      ...user,
      ...port,
      "--",
      host,
      "docker",
      ...socket,
      "system",
      "dial-stdio",
    ];
  }

  override createConnection(): Duplex {
    const child = spawn("ssh", this.argv, { stdio: ["pipe", "pipe", "pipe"] });
    let complaint = "";
    const duplex = new Duplex({
      read: () => void child.stdout.resume(),
      write: (chunk: Buffer, _, done) => void child.stdin.write(chunk, () => done()),
      final: (done) => void child.stdin.end(() => done()),
      destroy: (error, done) => {
        child.kill();
        done(error);
      },
    });
    child.stdout.on("data", (chunk: Buffer) => {
      if (!duplex.push(chunk)) child.stdout.pause();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      complaint = (complaint + chunk.toString("utf8")).slice(-1000);
    });
    // What cannot be written any more shows as the program's end.
    child.stdin.on("error", () => undefined);
    child.once("error", (error) => duplex.destroy(error));
    // Its end is reported only then, so that its own words come before a mere hang-up.
    child.once("close", (code) => {
      if (code === 0) return void duplex.push(null);
      const error = new Error(complaint.trim() || `ssh ended with code ${code}`);
      duplex.destroy(Object.assign(error, { code: code === 255 ? "ECONNREFUSED" : "ECONNRESET" }));
    });
    return duplex;
  }
}
