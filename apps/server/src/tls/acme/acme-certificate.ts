import { X509Certificate } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { makeHostDirectory, readHostText } from "@glovebox/core/host-files";
import { SandboxUnavailableError } from "@glovebox/core/provider";
import { replaceFile } from "@glovebox/core/state";
import { axios, Client, crypto } from "acme-client";
import type { Logger } from "pino";
import { z } from "zod";
import type { ServerCertificate } from "../server-certificate.ts";
import type { AcmeSettings } from "./acme-settings.ts";
import { ChallengeListener } from "./challenge-listener.ts";

/** How long an authority may take for one certificate. */
const orderMs = 300_000;
const firstRetryMs = 60_000;
const longestRetryMs = 12 * 3_600_000;
/** The longest wait that a timer takes, and often enough for a clock that was set. */
const longestWaitMs = 24 * 3_600_000;

/** How often the authority is asked whether it is done. */
const polling = { backoffMin: 1_000, backoffMax: 15_000, backoffAttempts: 20 };
const accountFile = "account.json";
const accountSchema = z.object({ directory: z.string(), key: z.string(), url: z.string().optional() });
type Account = z.infer<typeof accountSchema>;

/** The library's own repetitions would delay an error by a minute, and this repeats the whole order anyway. */
Object.assign((axios.defaults as { acmeSettings?: object }).acmeSettings ?? {}, {
  retryMaxAttempts: 1,
  retryDefaultDelay: 1,
});

export interface AcmeCertificateOptions {
  readonly settings: AcmeSettings;
  readonly stateDir: string;
  readonly host: string;
  readonly tlsPort: number;
  readonly logger: Logger;
}

/**
 * A certificate from an ACME authority (RFC 8555), kept in the state directory with its key and the account's, readable by their
 * owner alone. It is renewed when a third of its life is left; where that fails it is kept and tried again.
 */
export class AcmeCertificate implements AsyncDisposable {
  readonly #options: AcmeCertificateOptions;
  readonly #directory: string;
  readonly #challenges: ChallengeListener;
  readonly #closing = new AbortController();
  #current: ServerCertificate;
  #renewing: Promise<void> = Promise.resolve();

  private constructor(options: AcmeCertificateOptions, challenges: ChallengeListener, directory: string) {
    this.#options = options;
    this.#challenges = challenges;
    this.#directory = directory;
    this.#current = { cert: "", key: "" };
  }

  /** Takes the kept certificate, or gets one. Rejects with `unavailable` where the authority issues none. */
  static async open(options: AcmeCertificateOptions): Promise<AcmeCertificate> {
    const { settings, host, tlsPort } = options;
    const directory = join(options.stateDir, "acme");
    await makeHostDirectory(directory, 0o700);
    const { httpPort: port, domains } = settings;
    const challenges = await ChallengeListener.open({ host, port, domains, tlsPort });
    const certificate = new AcmeCertificate(options, challenges, directory);
    try {
      const kept = await certificate.#kept();
      certificate.#current = kept ?? (await certificate.#order());
    } catch (cause) {
      await challenges[Symbol.asyncDispose]();
      throw new SandboxUnavailableError(`${settings.directory} issued no certificate: ${(cause as Error).message}`, {
        hint: `The authority must reach this server at http://${settings.domains[0]}/, port 80.`,
        cause,
      });
    }
    return certificate;
  }

  get current(): ServerCertificate {
    return this.#current;
  }

  /** Keeps it fresh until it is disposed of. Calls `use` with each certificate that follows. */
  renew(use: (certificate: ServerCertificate) => void): void {
    this.#renewing = this.#renewInTime(use).catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#renewing;
    await this.#challenges[Symbol.asyncDispose]();
  }

  async #renewInTime(use: (certificate: ServerCertificate) => void): Promise<void> {
    const { logger } = this.#options;
    for (let retryMs = firstRetryMs; ; ) {
      await this.#wait(renewalTime(this.#current) - Date.now());
      if (renewalTime(this.#current) > Date.now()) continue;
      try {
        this.#current = await this.#order();
        use(this.#current);
        retryMs = firstRetryMs;
        logger.info({ until: lifeOf(this.#current).end }, "The certificate was renewed");
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        const { end: until } = lifeOf(this.#current);
        logger.error({ reason: (error as Error).message, until }, "The certificate could not be renewed");
        await this.#wait(retryMs);
        retryMs = Math.min(2 * retryMs, longestRetryMs);
      }
    }
  }

  async #wait(ms: number): Promise<void> {
    await sleep(Math.min(Math.max(ms, 0), longestWaitMs), undefined, { signal: this.#closing.signal, ref: false });
  }

  /** The certificate of an earlier start, if it is for these names and valid: one that is due is renewed while it serves. */
  async #kept(): Promise<ServerCertificate | undefined> {
    const text = await readHostText(this.#file("certificate.pem"));
    const key = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----\n?/.exec(text ?? "")?.[0];
    if (text === undefined || key === undefined) return undefined;
    try {
      const kept = { cert: text.replace(key, ""), key };
      const { subjectAltName = "" } = new X509Certificate(kept.cert);
      const names = new Set(subjectAltName.split(", ").map((name) => name.replace(/^DNS:/, "")));
      const { domains } = this.#options.settings;
      const isForThese = domains.length === names.size && domains.every((name) => names.has(name));
      return isForThese && lifeOf(kept).end.getTime() > Date.now() ? kept : undefined;
    } catch {
      return undefined;
    }
  }

  async #order(): Promise<ServerCertificate> {
    const { domains, directory, email } = this.#options.settings;
    const { key: accountKey, url: accountUrl } = await this.#account();
    const client = new Client({
      ...{ directoryUrl: directory, accountKey, ...polling },
      ...(accountUrl !== undefined && { accountUrl }),
    });
    const [key, csr] = await crypto.createCsr(
      { commonName: domains[0] ?? "", altNames: [...domains] },
      await crypto.createPrivateEcdsaKey(),
    );
    const ordered = client.auto({
      csr,
      ...(email !== undefined && { email }),
      termsOfServiceAgreed: true,
      challengePriority: ["http-01"],
      // This machine may not reach its own public names.
      skipChallengeVerification: true,
      challengeCreateFn: async (_, { token }, answer) => this.#challenges.add(token, answer),
      challengeRemoveFn: async (_, { token }) => this.#challenges.remove(token),
    });
    const timeout = new AbortController();
    const timer = sleep(orderMs, undefined, { signal: AbortSignal.any([timeout.signal, this.#closing.signal]) }).then(
      () => {
        throw new Error(`no answer within ${orderMs / 1000} s`);
      },
    );
    const cert = await Promise.race([ordered, timer]).finally(() => timeout.abort());
    // An account that is asked for again is taken for a change of it, which authorities refuse.
    if (accountUrl === undefined) await this.#keepAccount({ key: accountKey, url: client.getAccountUrl() });
    await replaceFile(this.#file("certificate.pem"), `${cert.trimEnd()}\n${key}`);
    return { cert, key: String(key) };
  }

  /** The account with the authority, which is made once. */
  async #account(): Promise<Account> {
    const kept = await readHostText(this.#file(accountFile));
    const { directory } = this.#options.settings;
    if (kept !== undefined) {
      const account = accountSchema.parse(JSON.parse(kept));
      if (account.directory === directory) return account;
    }
    return await this.#keepAccount({ key: String(await crypto.createPrivateEcdsaKey()) });
  }

  async #keepAccount(account: Omit<Account, "directory">): Promise<Account> {
    const kept = { directory: this.#options.settings.directory, ...account };
    await replaceFile(this.#file(accountFile), `${JSON.stringify(kept)}\n`);
    return kept;
  }

  #file(name: string): string {
    return join(this.#directory, name);
  }
}

function lifeOf({ cert }: ServerCertificate): { readonly start: Date; readonly end: Date } {
  const { validFrom, validTo } = new X509Certificate(cert);
  return { start: new Date(validFrom), end: new Date(validTo) };
}

/** When a third of a certificate's life is left. */
function renewalTime(certificate: ServerCertificate): number {
  const { start, end } = lifeOf(certificate);
  return end.getTime() - (end.getTime() - start.getTime()) / 3;
}
