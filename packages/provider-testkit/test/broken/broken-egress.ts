import type { CreateOptions, EgressPolicy } from "@glovebox/core/provider";
import type { BrokenVariant } from "./broken-variant.ts";
import { changed, changedSpec } from "./changed.ts";

const observedWith =
  (change: (options: CreateOptions) => CreateOptions): BrokenVariant["breaks"] =>
  (provider) =>
    changed(provider, { create: (spec, options = {}) => provider.create(spec, change(options)) });

export const brokenEgress: readonly BrokenVariant[] = [
  {
    name: "lets the hosts of the rules out in the mode none",
    caughtBy: "egress/none-is-shut",
    breaks: (provider) =>
      changedSpec(provider, ({ egress }) => ({
        egress: { ...egress, mode: egress.mode === "none" ? "standard" : egress.mode },
      })),
  },
  {
    name: "takes the credential inside",
    caughtBy: "egress/model-route",
    breaks: (provider) =>
      changedSpec(provider, ({ env, egress: { models } }) => ({
        env: {
          ...env,
          ...Object.fromEntries(
            models.flatMap(({ id, credential }) =>
              "secret" in credential ? [[`KEY_${id}`, credential.secret.reveal()]] : [],
            ),
          ),
        },
      })),
  },
  {
    name: "lets every path of a model pass",
    caughtBy: "egress/model-route",
    breaks: (provider) =>
      changedSpec(provider, ({ egress }) => {
        const paths = ["/", "/v1/files", "/v1/messages"].map((path) => ({ method: "POST", path }) as const);
        return { egress: { ...egress, models: egress.models.map((route) => ({ ...route, paths })) } };
      }),
  },
  {
    name: "lets a host's every port pass",
    caughtBy: "egress/hosts",
    breaks: (provider) =>
      changedSpec(provider, ({ egress }) => {
        const { allow = [] } = egress;
        const ports = Array.from({ length: 32_768 }, (_, at) => 32_768 + at);
        const rules = allow.flatMap((rule) => ports.map((port) => ({ ...rule, port })));
        return { egress: { ...egress, allow: rules } };
      }),
  },
  {
    name: "tells nothing of what was refused",
    caughtBy: "egress/audit",
    breaks: observedWith(({ egressObserver, ...options }) => ({
      ...options,
      ...(egressObserver && {
        egressObserver: {
          ...egressObserver,
          onRequest: (event) => event.decision === "allowed" && egressObserver.onRequest?.(event),
        },
      }),
    })),
  },
  {
    name: "serves whoever connects by the policy that it remembers",
    caughtBy: "egress/taken-over",
    breaks: (provider) =>
      changed(provider, {
        create: (spec, options) => {
          remembered = spec.egress;
          return provider.create(spec, options);
        },
        connect: (id, options) => provider.connect(id, { ...(remembered && { egress: remembered }), ...options }),
      }),
  },
  {
    name: "forgets the limit of cost",
    caughtBy: "egress/metering",
    breaks: (provider) =>
      changedSpec(provider, ({ egress }) => {
        const { budget: _, ...rest } = egress;
        return { egress: rest };
      }),
  },
];

let remembered: EgressPolicy | undefined;
