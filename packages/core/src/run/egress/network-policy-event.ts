import type { RunEventBody } from "../../events/run-event.ts";
import type { EgressPolicy } from "../../provider/egress-policy.ts";

/** What a sandbox may reach, as the journal keeps it: without any secret. */
export function networkPolicyEvent(policy: EgressPolicy): Extract<RunEventBody, { type: "network.policy" }> {
  const { mode, models, allow = [], credentials = [], budget } = policy;
  const maxCostUsd = budget?.totals.find(({ kind }) => kind === "run")?.maxUsd;
  return {
    type: "network.policy",
    mode,
    models: models.map(({ id, upstream }) => ({ id, upstream })),
    allow: allow.map(({ host, port, mayBePrivate, source }) => ({
      host,
      ...(port === undefined ? {} : { port }),
      ...(mayBePrivate === undefined ? {} : { mayBePrivate }),
      source,
    })),
    credentials: credentials.map(({ host, port, header, scheme, source, secret }) => ({
      host,
      ...(port === undefined ? {} : { port }),
      header,
      ...(scheme === undefined ? {} : { scheme }),
      secret: secret.name,
      source,
    })),
    ...(maxCostUsd === undefined ? {} : { maxCostUsd }),
    ...(budget === undefined ? {} : { budget: [...budget.totals] }),
  };
}
