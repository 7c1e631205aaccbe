import { createHash, randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { newRunId, type RunEvent } from "@glovebox/core";
import { openStore, type Role, type Store } from "@glovebox/store";
import { createSecretText, hashSecret, shownPrefix } from "../../../src/access/secret-text.ts";
import { runServer } from "../../support/server-process.ts";

/** Text that a browser, a terminal or a log could obey, wherever it is shown. */
export const hostileText = `<script>alert(1)</script><img src=x onerror=alert(2)>\u001b]0;owned\u0007\u001b[2J\u202e`;
export const hostileFile = 'page"><script>alert(1)</script>.html';
export const hostileContent = "<script>alert(document.cookie)</script>";

/** A server process with users, runs and links in its store. It carries no runs: what is queued stays queued. */
export interface AttackedServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly home: string;
  readonly stderr: () => string;
  readonly stdout: () => string;
  /** The texts of tokens, by user. `expired`, `revoked` and `disabled` are wrong ones. */
  readonly tokens: Readonly<Record<TokenName, string>>;
  /** The texts of share links: two of runs, and wrong ones. */
  readonly links: Readonly<Record<"ann" | "bob" | "expired" | "revoked", string>>;
  /** The ids of runs: Ann's has ended, Bob's is queued. */
  readonly runs: Readonly<Record<"ann" | "bob", string>>;
  /** A user, a token of Ann's, a link of her run, and a batch of hers. */
  readonly ids: Readonly<Record<"user" | "token" | "link" | "batch", string>>;
  /** Tokens of many admins, since requests of one user are limited. */
  readonly admins: readonly string[];
  /** A one-time link for Ann, one for Bob, and an expired one. */
  readonly logins: Readonly<Record<"ann" | "bob" | "expired", string>>;
  /** What signs the tokens of previews: nobody outside knows it. */
  readonly previewKey: string;
}

export type TokenName = "admin" | "ann" | "bob" | "viewer" | "narrowed" | "expired" | "revoked" | "disabled";

export interface AttackedServerOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts one. */
export async function startAttackedServer({
  args = [],
  env = {},
}: AttackedServerOptions = {}): Promise<AttackedServer> {
  const home = mkdtempSync(join(tmpdir(), "glovebox-attacks-"));
  const store = await openStore({ directory: join(home, "server", "store") });
  const known = await fill(store);
  await store.close();
  const server = runServer(["--port", "0", "--no-e2b", "--max-runs", "0", ...args], { GLOVEBOX_HOME: home, ...env });
  const url = await new Promise<string>((resolve, reject) => {
    server.process.stdout?.on("data", () => {
      const found = /https?:\/\/127\.0\.0\.1:\d+/.exec(server.stdout())?.[0];
      if (found !== undefined) resolve(found);
    });
    void server.ended.then((code) => reject(new Error(`the server ended with ${code}: ${server.stderr()}`)));
  });
  return {
    ...known,
    url,
    port: Number(new URL(url).port),
    home,
    stderr: server.stderr,
    stdout: server.stdout,
    async [Symbol.asyncDispose]() {
      server.process.kill("SIGTERM");
      await server.ended;
      rmSync(home, { recursive: true, force: true });
    },
  };
}

type Known = Pick<AttackedServer, "tokens" | "links" | "runs" | "ids" | "logins" | "previewKey" | "admins">;

async function fill(store: Store): Promise<Known> {
  const user = async (name: string, role: Role): Promise<string> => (await store.users.create({ name, role })).id;
  const users = {
    admin: await user("admin", "admin"),
    ann: await user("ann", "runner"),
    bob: await user("bob", "runner"),
    viewer: await user("viewer", "viewer"),
    disabled: await user("disabled", "admin"),
  };
  await store.users.update(users.disabled, { disabledAt: new Date() });
  const past = new Date(Date.now() - 1_000);
  const token = async (
    userId: string,
    more: { role?: Role; expiresAt?: Date } = {},
    kind: "token" | "login" = "token",
  ) => {
    const text = createSecretText(kind);
    const parts = { userId, name: hostileText, prefix: shownPrefix(text), hash: hashSecret(text) };
    return { text, id: (await store.tokens.create({ ...parts, ...more })).id };
  };
  const revoked = await token(users.admin);
  await store.tokens.revoke(revoked.id, new Date());
  const ann = await token(users.ann);
  const soon = new Date(Date.now() + 3_600_000);
  const runs = { ann: await endedRun(store, users.ann), bob: await queuedRun(store, users.bob) };
  const links = await fillLinks(store, runs, users.ann);
  const batch = await store.batches.create({ id: randomUUID(), userId: users.ann, request: {}, name: hostileText });
  const admins: string[] = [];
  for (let at = 0; at < 20; at += 1) admins.push((await token(await user(`admin ${at}`, "admin"))).text);
  return {
    tokens: {
      admin: (await token(users.admin)).text,
      ann: ann.text,
      bob: (await token(users.bob)).text,
      viewer: (await token(users.viewer)).text,
      narrowed: (await token(users.admin, { role: "viewer" })).text,
      expired: (await token(users.admin, { expiresAt: past })).text,
      revoked: revoked.text,
      disabled: (await token(users.disabled)).text,
    },
    links: links.texts,
    runs,
    ids: { user: users.bob, token: ann.id, link: links.id, batch: batch.id },
    admins,
    logins: {
      ann: (await token(users.ann, { expiresAt: soon }, "login")).text,
      bob: (await token(users.bob, { expiresAt: soon }, "login")).text,
      expired: (await token(users.admin, { expiresAt: past }, "login")).text,
    },
    previewKey: await store.secrets.getOrCreate("preview-key", () => randomBytes(32).toString("base64url")),
  };
}

async function fillLinks(store: Store, runs: AttackedServer["runs"], createdBy: string) {
  const link = async (runId: string, expiresAt = new Date(Date.now() + 60_000)) => {
    const text = createSecretText("link");
    return { text, id: (await store.links.create({ runId, secretHash: hashSecret(text), createdBy, expiresAt })).id };
  };
  const [ann, bob, revoked] = [await link(runs.ann), await link(runs.bob), await link(runs.ann)];
  const expired = await link(runs.ann, new Date(Date.now() - 1_000));
  await store.links.revoke(revoked.id, new Date());
  return { id: ann.id, texts: { ann: ann.text, bob: bob.text, expired: expired.text, revoked: revoked.text } };
}

async function queuedRun(store: Store, userId: string): Promise<string> {
  const id = newRunId();
  const request = { prompt: hostileText };
  const run = { id, userId, request, promptPreview: hostileText, harness: "claude-code", provider: "docker" };
  await store.runs.create({ ...run, name: hostileText, labels: { [hostileText]: hostileText } });
  return id;
}

/** A run that an agent has filled with what it could, and that has ended. */
async function endedRun(store: Store, userId: string): Promise<string> {
  const id = await queuedRun(store, userId);
  const claimant = { workerId: "attacks", providers: ["docker"], leaseMs: 60_000 };
  await store.workers.register({ id: "attacks", host: hostileText, providers: ["docker"], capacity: 1 });
  const [run] = await store.queue.claim(claimant, 1);
  if (run === undefined) throw new Error("the run was not claimed");
  const base = { v: 1, time: new Date().toISOString(), runId: id } as const;
  const events: readonly RunEvent[] = [
    { ...base, seq: 1, type: "run.state", to: "running" },
    { ...base, seq: 2, type: "tool.start", callId: "1", name: hostileText, input: { command: hostileText } },
    { ...base, seq: 3, type: "tool.end", callId: "1", status: "ok", output: hostileText },
    {
      ...base,
      seq: 4,
      type: "run.end",
      outcome: "succeeded",
      reason: hostileText,
      exitCode: 0,
      cleanup: { state: "clean" },
    },
  ];
  await store.events.append(id, run.epoch, events);
  const sha256 = createHash("sha256").update(hostileContent).digest("hex");
  await store.blobs.put(Readable.from([Buffer.from(hostileContent)]));
  const entry = {
    path: hostileFile,
    kind: "file",
    mode: "0644",
    size: hostileContent.length,
    sha256,
    change: "created",
  } as const;
  await store.queue.end(id, run.epoch, {
    outcome: "succeeded",
    reason: hostileText,
    exitCode: 0,
    files: {
      manifest: {
        directory: "",
        complete: true,
        bytes: hostileContent.length,
        manifest: [entry],
        skipped: [],
        executable: [],
      },
      contents: [{ kind: "file", path: hostileFile, sha256, bytes: hostileContent.length }],
      count: 1,
      bytes: hostileContent.length,
    },
  });
  return id;
}
