import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { checkAccess } from "./access.ts";
import { authenticatedUser } from "./authenticated-user.ts";
import { ConnectFailure } from "./connect/connect-failure.ts";
import type { RpcTable } from "./connect/rpc.ts";
import { serveRpc } from "./connect/serve-rpc.ts";
import type { EnvdState } from "./envd-state.ts";
import { composeFiles } from "./files/compose-files.ts";
import { FileMetadata } from "./files/file-metadata.ts";
import { readFilesRequest } from "./files/files-request.ts";
import { serveDownload } from "./files/serve-download.ts";
import { serveUpload } from "./files/serve-upload.ts";
import { filesystemService } from "./filesystem/filesystem-service.ts";
import { HttpFailure } from "./http-failure.ts";
import { initialize } from "./initialize.ts";
import { MetricsReader } from "./metrics.ts";
import { processService } from "./processes/process-service.ts";
import { discardBody, readBody } from "./request-body.ts";
import { describeError } from "./system-error.ts";

const maxComposeBytes = 1024 * 1024;
/** Longer than clients keep an idle connection, so that the client closes it. */
const keepAliveMs = 640_000;
const headersMs = 60_000;
const maxHeaderBytes = 64 * 1024;

/** Serves everything but calls; those are in a table. */
type Route = (request: IncomingMessage, response: ServerResponse, query: URLSearchParams) => Promise<void> | void;

/** The server that E2B's clients speak to inside a sandbox. Nothing that a client sends ends it. */
export function createEnvdServer(state: EnvdState): Server {
  const kept = new FileMetadata();
  const rpcs = { ...processService(state), ...filesystemService(state, kept) };
  const routes = httpRoutes(state, kept);
  const server = createServer({ maxHeaderSize: maxHeaderBytes }, (request, response) => {
    // A client that goes away in the middle is no failure here.
    for (const side of [request, response]) side.on("error", () => {});
    void serve(request, response, { state, rpcs, routes });
  });
  // Uploads and streams may take as long as they need.
  server.requestTimeout = 0;
  server.headersTimeout = headersMs;
  server.keepAliveTimeout = keepAliveMs;
  return server;
}

interface Service {
  readonly state: EnvdState;
  readonly rpcs: RpcTable;
  readonly routes: Readonly<Record<string, Route>>;
}

/** Files have a check of their own, for signed URLs; so has what sets the token. */
const selfChecked: ReadonlySet<string> = new Set(["GET /health", "GET /files", "POST /files", "POST /init"]);

async function serve(request: IncomingMessage, response: ServerResponse, service: Service): Promise<void> {
  try {
    allowBrowsers(request, response);
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://envd");
    const name = `${request.method} ${pathname}`;
    if (request.method === "OPTIONS") return void response.writeHead(204).end();
    if (!selfChecked.has(name)) checkAccess(request, service.state);
    const rpc = Object.hasOwn(service.rpcs, pathname) ? service.rpcs[pathname] : undefined;
    if (rpc !== undefined && request.method === "POST") {
      const user = (): ReturnType<typeof authenticatedUser> => authenticatedUser(request, service.state);
      return await serveRpc(rpc, { request, response, user });
    }
    const route = Object.hasOwn(service.routes, name) ? service.routes[name] : undefined;
    if (route === undefined) throw new HttpFailure(404, `there is no ${name}`);
    await route(request, response, searchParams);
  } catch (error) {
    fail(request, response, error);
  }
}

function httpRoutes(state: EnvdState, kept: FileMetadata): Record<string, Route> {
  const metrics = new MetricsReader();
  return {
    "GET /health": (_request, response) => void response.writeHead(204, { "cache-control": "no-store" }).end(),
    "GET /envs": (_request, response) => sendJson(response, 200, Object.fromEntries(state.envVars)),
    "GET /metrics": (_request, response) => sendJson(response, 200, metrics.read()),
    "POST /init": async (request, response) => {
      await initialize(request, state);
      response.writeHead(204, { "cache-control": "no-store" }).end();
    },
    "GET /files": (request, response, query) =>
      serveDownload(request, response, readFilesRequest(request, query, "read", state)),
    "POST /files": async (request, response, query) =>
      sendJson(response, 200, await serveUpload(request, readFilesRequest(request, query, "write", state), kept)),
    "POST /files/compose": async (request, response) =>
      sendJson(response, 200, await composeFiles((await readBody(request, maxComposeBytes)).toString("utf8"), state)),
  };
}

/** Any page may ask, as with E2B: what protects a sandbox is its token. */
function allowBrowsers(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader("access-control-allow-origin", "*");
  response.setHeader("access-control-allow-methods", "GET, HEAD, POST, PUT, PATCH, DELETE");
  response.setHeader("access-control-allow-headers", request.headers["access-control-request-headers"] ?? "*");
  response.setHeader("access-control-max-age", "7200");
}

function sendJson(response: ServerResponse, status: number, value: object): void {
  const json = JSON.stringify(value);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(json) });
  response.end(json);
}

function fail(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) {
    // A response that was cut must not look complete.
    response.destroy();
    return;
  }
  discardBody(request);
  for (const name of ["content-length", "content-type", "last-modified"]) response.removeHeader(name);
  const status = error instanceof HttpFailure || error instanceof ConnectFailure ? error.status : 500;
  sendJson(response, status, { code: status, message: describeError(error) });
}
