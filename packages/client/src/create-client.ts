import createFetchClient, { type Client } from "openapi-fetch";
import type { paths } from "./api-types.ts";
import { type FollowOptions, followEvents } from "./events/follow-events.ts";
import type { RunEvent, Upload } from "./models.ts";
import { openTerminal } from "./terminal/open-terminal.ts";
import type { AttachOptions, Terminal } from "./terminal/terminal.ts";
import { type ArchiveBody, type UploadOptions, uploadArchive } from "./upload-archive.ts";

/** How a server is reached. */
export interface ClientOptions {
  /** The server's address: `https://glovebox.example.com`. */
  readonly url: string;
  /** A token or a share link's secret. Without one, a browser's session cookie is used. */
  readonly token?: string;
  /** The CSRF token of the session, which changes need that a cookie authenticates. */
  readonly csrf?: () => string | undefined;
  /** Default: the platform's. */
  readonly fetch?: typeof fetch;
  /** Sent as `User-Agent`. Browsers ignore it. */
  readonly userAgent?: string;
}

/**
 * A client of one server. `GET`, `POST`, `PATCH` and `DELETE` take the paths of the API, and resolve to `{ data, error,
 * response }`; `unwrap` makes an exception of `error`.
 */
export interface GloveboxClient extends Pick<Client<paths>, "GET" | "POST" | "PATCH" | "DELETE"> {
  /** The events of a run, each once and in order, to its end. A connection that breaks is made again. */
  events(runId: string, options?: FollowOptions): AsyncIterable<RunEvent>;
  /** Uploads a project as a tar archive, for `workspace: { upload }` of a run. */
  upload(archive: ArchiveBody, options?: UploadOptions): Promise<Upload>;
  /** Attaches to the terminal of an interactive run. */
  terminal(runId: string, options?: AttachOptions): Promise<Terminal>;
}

/**
 * Makes a client. It does no I/O.
 *
 *     const client = createClient({ url: "http://127.0.0.1:3210", token });
 *     const run = await unwrap(client.POST("/v1/runs", { body: { prompt: "Build a todo app" } }));
 *     for await (const event of client.events(run.id)) console.log(event.type);
 */
export function createClient({ url, token, csrf, fetch = globalThis.fetch, userAgent }: ClientOptions): GloveboxClient {
  const baseUrl = url.replace(/\/+$/, "");
  const request = async (input: Request): Promise<Response> => {
    if (token !== undefined) input.headers.set("authorization", `Bearer ${token}`);
    if (userAgent !== undefined) input.headers.set("user-agent", userAgent);
    const csrfToken = input.method === "GET" ? undefined : csrf?.();
    if (csrfToken !== undefined) input.headers.set("x-csrf-token", csrfToken);
    return await fetch(input);
  };
  const send = async (path: string, init?: RequestInit): Promise<Response> =>
    await request(new Request(`${baseUrl}${path}`, init));
  const { GET, POST, PATCH, DELETE } = createFetchClient<paths>({ baseUrl, fetch: request, pathSerializer: fillPath });
  return {
    ...{ GET, POST, PATCH, DELETE },
    events: (runId, options) => followEvents(send, runId, options),
    upload: (archive, options) => uploadArchive(send, archive, options),
    terminal: (runId, options) => openTerminal({ ...options, url: baseUrl, token, runId, send }),
  };
}

/** Fills the parameters of a path in. A file's path keeps its slashes. */
function fillPath(path: string, parameters: Record<string, unknown>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = encodeURIComponent(String(parameters[name]));
    return name === "path" ? value.replaceAll("%2F", "/") : value;
  });
}
