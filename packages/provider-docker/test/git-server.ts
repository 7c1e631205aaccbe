import { spawn } from "node:child_process";
import type { RequestListener } from "node:http";
import { join } from "node:path";
import { execa } from "execa";

/** Makes a bare repository `name` with one commit, whose file `readme` says hello; anyone may push to it. */
export async function makeRepository(directory: string, name: string): Promise<void> {
  const work = join(directory, `${name}-work`);
  const env = { GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null" };
  const identity = ["-c", "user.name=A", "-c", "user.email=a@example.com"];
  await execa("git", ["init", "-q", "-b", "main", work], { env });
  await execa("sh", ["-c", 'echo hello > "$0/readme"', work]);
  await execa("git", ["-C", work, "add", "."], { env });
  await execa("git", ["-C", work, ...identity, "commit", "-q", "-m", "First"], { env });
  await execa("git", ["clone", "-q", "--bare", work, join(directory, name)], { env });
  await execa("git", ["-C", join(directory, name), "config", "http.receivepack", "true"], { env });
}

/** Serves the repositories of a directory by git's own program, to requests that `admits` lets in. */
export function gitServer(directory: string, admits: (authorization: string | undefined) => boolean): RequestListener {
  return (request, response) => {
    if (!admits(request.headers.authorization)) {
      response.writeHead(401, { "www-authenticate": 'Basic realm="git"' }).end();
      return;
    }
    const url = new URL(request.url ?? "/", "http://server");
    const { "content-type": type = "", "content-encoding": coding = "", "content-length": length } = request.headers;
    const backend = spawn("git", ["http-backend"], {
      stdio: ["pipe", "pipe", "ignore"],
      env: {
        PATH: process.env.PATH,
        GIT_PROJECT_ROOT: directory,
        GIT_HTTP_EXPORT_ALL: "1",
        REQUEST_METHOD: request.method,
        PATH_INFO: url.pathname,
        QUERY_STRING: url.search.slice(1),
        CONTENT_TYPE: type,
        HTTP_CONTENT_ENCODING: coding,
        GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
        ...(length === undefined ? {} : { CONTENT_LENGTH: length }),
      },
    });
    request.pipe(backend.stdin).on("error", () => {});
    const chunks: Buffer[] = [];
    backend.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    backend.once("close", () => {
      const all = Buffer.concat(chunks);
      const end = all.indexOf("\r\n\r\n");
      const headers = all
        .toString("latin1", 0, end)
        .split("\r\n")
        .map((line) => line.split(": ") as [string, string]);
      const status = headers.find(([name]) => name === "Status")?.[1];
      for (const [name, value] of headers) if (name !== "Status") response.setHeader(name, value);
      response.writeHead(status === undefined ? 200 : Number.parseInt(status, 10)).end(all.subarray(end + 4));
    });
  };
}
