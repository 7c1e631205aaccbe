import type { CallOptions, SandboxError } from "@glovebox/core/provider";
import { retry, withDeadline } from "@glovebox/provider-kit";
import type { V1Pod } from "@kubernetes/client-node";
import { type ClusterApis, clusterApis } from "./cluster-apis.ts";
import { mapClusterError, statusOf, wasNeverSent } from "./cluster-errors.ts";
import { clusterIdentity } from "./cluster-identity.ts";
import { ClusterTransport } from "./cluster-transport.ts";
import { type KubeconfigOptions, type LoadedKubeconfig, loadKubeconfig } from "./load-kubeconfig.ts";
import { type PodName, watchPod } from "./watch-pod.ts";

const defaultTimeoutMs = 30_000;
const attempts = 4;
const pauseMs = 300;

export interface ClusterOptions extends KubeconfigOptions {
  /** How long one call may take. Default: 30 seconds. */
  readonly requestTimeoutMs?: number | undefined;
}

/** What the kubeconfig, or the pod that this process runs in, leads to. */
export interface ClusterAccess {
  readonly server: string;
  readonly context: string | undefined;
  readonly namespace: string;
  /** The paths of the kubeconfig, or `in-cluster`. */
  readonly source: string;
}

export interface ClusterCall extends CallOptions {
  /** How long one attempt may take. Default: `requestTimeoutMs`. */
  readonly timeoutMs?: number | undefined;
}

type Work<T> = (apis: ClusterApis, options: { readonly signal: AbortSignal }) => Promise<T>;

interface Opened {
  readonly loaded: LoadedKubeconfig;
  readonly transport: ClusterTransport;
}

/** Calls the API server of a cluster. Every failure is a `SandboxError`; nothing here keeps the process alive. */
export class Cluster {
  readonly #options: ClusterOptions;
  #opened: Promise<Opened> | undefined;

  constructor(options: ClusterOptions = {}) {
    this.#options = options;
  }

  /** Contacts nothing. Rejects with `invalid-options` when no cluster is configured. */
  async access(): Promise<ClusterAccess> {
    const { server, context, namespace, source } = (await this.#open()).loaded;
    return { server: server.origin + server.pathname.replace(/\/$/, ""), context, namespace, source };
  }

  /**
   * Makes one call. `operation` completes "Kubernetes failed while …". It is repeated only where it certainly had no effect:
   * the API server asked to wait, could not be reached, or refused credentials that have been renewed.
   */
  async call<T>(operation: string, call: ClusterCall, work: Work<T>): Promise<T> {
    return this.#retry(operation, call, work, (error) => error.code === "rate-limited" || isUnreached(error));
  }

  /** Makes a call that changes nothing, and repeats it when it fails for a reason that may pass. */
  async read<T>(operation: string, call: ClusterCall, work: Work<T>): Promise<T> {
    return this.#retry(operation, call, work, (error) => error.retryable && !wasUnanswered(error));
  }

  /**
   * The pod as it is, and again whenever it changes; `undefined` as the last, once it does not exist. It can miss states
   * that do not last, and never gives an older one after a newer one. Rejects with what a read rejects with.
   */
  watchPod(pod: PodName, call: CallOptions = {}): AsyncGenerator<V1Pod | undefined, void> {
    return watchPod(this, pod, call);
  }

  /** Runs with the connections to the API server; tries again, once, with renewed credentials when they are refused. */
  async withTransport<T>(
    operation: string,
    { signal, timeoutMs = this.#options.requestTimeoutMs ?? defaultTimeoutMs }: ClusterCall,
    run: (transport: ClusterTransport, signal: AbortSignal, loaded: LoadedKubeconfig) => Promise<T>,
  ): Promise<T> {
    const deadline = { provider: clusterIdentity, operation, timeoutMs, signal, retryable: true };
    const attempt = (): Promise<T> =>
      withDeadline(deadline, async (cancelled) => {
        const { transport, loaded } = await this.#open();
        return run(transport, cancelled, loaded);
      });
    try {
      return await attempt().catch((error) => {
        if (statusOf(error) !== 401) throw error;
        this.close();
        return attempt();
      });
    } catch (error) {
      throw mapClusterError(error, operation) ?? error;
    }
  }

  /** Closes the connections that nothing uses. The next call reads the kubeconfig again. */
  close(): void {
    const opened = this.#opened;
    this.#opened = undefined;
    void opened?.then(({ transport }) => transport.close()).catch(() => {});
  }

  #retry<T>(operation: string, call: ClusterCall, work: Work<T>, shouldRetry: (error: SandboxError) => boolean) {
    const attempt = (): Promise<T> =>
      this.withTransport(operation, call, async (transport, signal, { library }) =>
        work(clusterApis(library, transport, signal), { signal }),
      );
    const { signal } = call;
    return retry(attempt, { provider: clusterIdentity, operation, attempts, pauseMs, shouldRetry, signal });
  }

  #open(): Promise<Opened> {
    if (this.#opened !== undefined) return this.#opened;
    const opening = loadKubeconfig(this.#options).then((loaded) => ({
      loaded,
      transport: new ClusterTransport(loaded),
    }));
    this.#opened = opening;
    opening.catch(() => {
      if (this.#opened === opening) this.#opened = undefined;
    });
    return opening;
  }
}

/** A call that nobody answered has taken its time already. */
function wasUnanswered(error: SandboxError): boolean {
  return error.code === "timeout" && statusOf(error) === undefined;
}

function isUnreached(error: SandboxError): boolean {
  return error.retryable && statusOf(error) === undefined && wasNeverSent(error);
}
