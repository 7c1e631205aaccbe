import type { Me } from "@glovebox/client";
import { readTextStream } from "@glovebox/core/host-files";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { safeLine } from "@glovebox/core/text";
import { createValueQuestion } from "../consent.ts";
import { canAsk, type Terminal } from "../terminal.ts";
import { Server } from "./server/server.ts";
import { serverLogins } from "./server/server-logins.ts";

const mostBytes = 4096;

/** `glovebox --server URL login`: saves a token for the server, once it has accepted it. Resolves to the exit code. */
export async function loginToServer(url: string, terminal: Terminal): Promise<number> {
  const { env, stdout, stderr } = terminal;
  const token = await readToken(url, terminal);
  const me = await new Server(url, token).ask<Me>((client) => client.GET("/v1/me"));
  if (me.user === undefined) {
    throw new InvalidOptionsError("This is a share link, not a token", {
      hint: "The dashboard makes tokens, under Settings.",
    });
  }
  serverLogins.save(url, token, env);
  stdout.line(`Logged in to ${url} as ${safeLine(me.user.name, 100)} (${me.role})`);
  if (env.GLOVEBOX_SERVER_TOKEN) {
    stderr.line("warning: GLOVEBOX_SERVER_TOKEN is set in your environment, and is used instead");
  }
  return 0;
}

/** `glovebox --server URL logout`. */
export function logoutFromServer(url: string, { env, stdout, stderr }: Terminal): number {
  const isRemoved = serverLogins.remove(url, env);
  if (isRemoved) stdout.line(`Removed the token for ${url}; revoke it in the dashboard`);
  else stderr.line(`No token is saved for ${url}`);
  return 0;
}

/** From a terminal without showing it, or from standard input: never from the command line. */
async function readToken(url: string, terminal: Terminal): Promise<string> {
  const { stdin, stderr } = terminal;
  if (!stdin.isTTY) return checked(await readTextStream(stdin, "The token on standard input", { maxBytes: mostBytes }));
  if (!canAsk(terminal)) {
    throw new InvalidOptionsError("No token was entered: nobody can be asked here", {
      hint: `Give it on standard input: glovebox --server ${url} login < FILE`,
    });
  }
  stderr.line(`Create a token in the dashboard, under Settings: ${url}`);
  return checked((await createValueQuestion(terminal, {})("The token")) ?? "");
}

function checked(text: string): string {
  const token = text.trim();
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new InvalidOptionsError(token === "" ? "No token was entered" : "This is not a token: it has spaces or lines", {
    hint: "Give it on standard input, or paste it when asked.",
  });
}
