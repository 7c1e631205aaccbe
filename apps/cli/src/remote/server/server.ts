import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import {
  type ApiResponse,
  createClient,
  type GloveboxClient,
  type Manifest,
  type Run,
  type RunDetail,
  type RunRequest,
  unwrap,
} from "@glovebox/client";
import type { RunEvent } from "@glovebox/core";
import { SandboxError } from "@glovebox/core/provider";
import type { Environment } from "../../terminal.ts";
import { serverError } from "./server-error.ts";
import { serverLogins } from "./server-logins.ts";

/** The most runs that are looked at: a page of the server. */
const mostRuns = 500;

type Bytes = ReadableStream<Uint8Array>;

/** What is asked of a resumed or forked run; everything else is as in the earlier run. */
export type RunChoices = Omit<RunRequest, "prompt">;

/** A server, asked with the user's token. Everything that goes wrong is a `SandboxError`. */
export class Server {
  readonly url: string;
  readonly client: GloveboxClient;

  constructor(url: string, token: string) {
    this.url = url;
    this.client = createClient({ url, token });
  }

  /** A server with the token that is saved for it. */
  static open(url: string, env: Environment): Server {
    return new Server(url, serverLogins.token(url, env));
  }

  /** The newest runs, newest first; those that `q` fits. */
  async runs(q?: string): Promise<readonly Run[]> {
    const query = { limit: mostRuns, ...(q === undefined ? {} : { q }) };
    return (await this.ask<{ runs: Run[] }>((client) => client.GET("/v1/runs", { params: { query } }))).runs;
  }

  async run(id: string): Promise<RunDetail> {
    return await this.ask<RunDetail>((client) => client.GET("/v1/runs/{id}", { params: { path: { id } } }));
  }

  /** Starts a run. The same request is never carried out twice. */
  async createRun(body: RunRequest): Promise<Run> {
    const params = { header: { "idempotency-key": randomUUID() } };
    return await this.ask<Run>((client) => client.POST("/v1/runs", { params, body }));
  }

  async resumeRun(id: string, body: { readonly prompt: string } & RunChoices): Promise<Run> {
    const params = { path: { id }, header: { "idempotency-key": randomUUID() } };
    return await this.ask<Run>((client) => client.POST("/v1/runs/{id}/resume", { params, body }));
  }

  async forkRun(id: string, body: { readonly prompts: string[] } & RunChoices): Promise<readonly Run[]> {
    const params = { path: { id }, header: { "idempotency-key": randomUUID() } };
    return (await this.ask<{ runs: Run[] }>((client) => client.POST("/v1/runs/{id}/fork", { params, body }))).runs;
  }

  async stop(id: string, force: boolean): Promise<void> {
    await this.ask((client) => client.POST("/v1/runs/{id}/stop", { params: { path: { id } }, body: { force } }));
  }

  async remove(id: string): Promise<void> {
    await this.ask((client) => client.DELETE("/v1/runs/{id}", { params: { path: { id } } }));
  }

  /** The files of a run; `undefined` for a run without any. */
  async manifest(id: string): Promise<Manifest | undefined> {
    try {
      return await this.ask<Manifest>((client) => client.GET("/v1/runs/{id}/manifest", { params: { path: { id } } }));
    } catch (error) {
      if (SandboxError.isInstance(error) && error.code === "not-found") return undefined;
      throw error;
    }
  }

  /** Everything that a run collected, as a compressed tar stream. */
  async archive(id: string, signal?: AbortSignal): Promise<Bytes> {
    const options = {
      params: { path: { id } },
      parseAs: "stream",
      ...(signal === undefined ? {} : { signal }),
    } as const;
    return await this.ask<Bytes>((client) => client.GET("/v1/runs/{id}/archive", options));
  }

  /** A file that a run collected. */
  async file(id: string, path: string): Promise<Bytes> {
    const options = { params: { path: { id, path } }, parseAs: "stream" } as const;
    return await this.ask<Bytes>((client) => client.GET("/v1/runs/{id}/files/{path}", options));
  }

  async bundle(id: string, signal?: AbortSignal): Promise<Bytes> {
    const options = {
      params: { path: { id } },
      parseAs: "stream",
      ...(signal === undefined ? {} : { signal }),
    } as const;
    return await this.ask<Bytes>((client) => client.GET("/v1/runs/{id}/bundle", options));
  }

  /** The events of a run after one, to the run's end. A connection that breaks is resumed. */
  async *events(id: string, { after, signal }: { readonly after: number; readonly signal?: AbortSignal }) {
    try {
      const options = { after, ...(signal === undefined ? {} : { signal }) };
      for await (const event of this.client.events(id, options)) yield event as RunEvent;
    } catch (error) {
      if (!signal?.aborted) throw serverError(error, this.url);
    }
  }

  /** Uploads a project's archive. Resolves to the id that a run names it by. */
  async upload(archive: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<string> {
    try {
      return (await this.client.upload(gzip(archive), signal === undefined ? {} : { signal })).uploadId;
    } catch (error) {
      throw serverError(error, this.url);
    }
  }

  /** Sends a request. Throws what the server refuses it with. */
  async ask<T>(send: (client: GloveboxClient) => Promise<ApiResponse<unknown>>): Promise<T> {
    try {
      // The types of the client's responses have no lists.
      return (await unwrap(send(this.client))) as T;
    } catch (error) {
      throw serverError(error, this.url);
    }
  }
}

/** The fastest level: a project is sent over a network once. */
function gzip(archive: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const compressed = createGzip({ level: 1 });
  // Whoever reads it gets the error too.
  pipeline(Readable.from(archive), compressed).catch(() => {});
  return compressed;
}
