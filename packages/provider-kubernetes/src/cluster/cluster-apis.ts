import type {
  ApiType,
  AppsV1Api,
  AuthorizationV1Api,
  Configuration,
  CoreV1Api,
  CustomObjectsApi,
  HttpLibrary,
  NetworkingV1Api,
  NodeV1Api,
  RequestContext,
  StorageV1Api,
  VersionApi,
} from "@kubernetes/client-node";
import type { ClientLibrary } from "./client-library.ts";
import type { ClusterTransport } from "./cluster-transport.ts";
import { readBody } from "./read-body.ts";

/** The parts of the API that are used here. */
export interface ClusterApis {
  readonly core: CoreV1Api;
  readonly apps: AppsV1Api;
  readonly auth: AuthorizationV1Api;
  readonly networking: NetworkingV1Api;
  readonly storage: StorageV1Api;
  readonly node: NodeV1Api;
  readonly version: VersionApi;
  readonly custom: CustomObjectsApi;
}

/** The library's clients over our own connections. The signal ends whatever is requested by them. */
export function clusterApis(library: ClientLibrary, transport: ClusterTransport, signal: AbortSignal): ClusterApis {
  const configuration = library.createConfiguration({
    baseServer: new library.ServerConfiguration(transport.server.href.replace(/\/$/, ""), {}),
    httpApi: httpLibrary(library, transport, signal),
  });
  const make = <T extends ApiType>(Api: new (configuration: Configuration) => T): T => new Api(configuration);
  // Made when asked for: most calls need one.
  return {
    get core() {
      return make(library.CoreV1Api);
    },
    get apps() {
      return make(library.AppsV1Api);
    },
    get auth() {
      return make(library.AuthorizationV1Api);
    },
    get networking() {
      return make(library.NetworkingV1Api);
    },
    get storage() {
      return make(library.StorageV1Api);
    },
    get node() {
      return make(library.NodeV1Api);
    },
    get version() {
      return make(library.VersionApi);
    },
    get custom() {
      return make(library.CustomObjectsApi);
    },
  };
}

function httpLibrary(library: ClientLibrary, transport: ClusterTransport, signal: AbortSignal): HttpLibrary {
  return library.wrapHttpLibrary({
    async send(request) {
      const { pathname, search } = new URL(request.getUrl());
      const response = await transport.send({
        method: request.getHttpMethod(),
        path: pathname.slice(transport.server.pathname.replace(/\/$/, "").length) + search,
        headers: headersOf(request),
        body: bodyOf(request),
        signal,
      });
      const body = await readBody(response);
      const headers = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
      return new library.ResponseContext(response.statusCode ?? 0, Object.fromEntries(headers), {
        text: async () => body,
        binary: async () => Buffer.from(body),
        stream: () => null,
      });
    },
  });
}

function bodyOf(request: RequestContext): string | undefined {
  const body = request.getBody();
  return typeof body === "string" ? body : undefined;
}

/** The library calls every patch a JSON patch, unless the caller names its type: an object is one that is merged. */
function headersOf(request: RequestContext): Record<string, string> {
  const headers = request.getHeaders();
  const isMerge = headers["Content-Type"] === "application/json-patch+json" && bodyOf(request)?.startsWith("{");
  return isMerge ? { ...headers, "Content-Type": "application/merge-patch+json" } : headers;
}
