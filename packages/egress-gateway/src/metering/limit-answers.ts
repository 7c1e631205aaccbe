import type { ExceededBudget } from "@glovebox/core/provider";
import type { GatewayAnswer } from "../gateway-answer.ts";
import { printable } from "../route-decision.ts";

/** A request that cannot be read cannot be limited. */
export const unreadableRequest: GatewayAnswer = {
  status: 400,
  message: "the request cannot be read, can be read in two ways, or names no model",
  retry: false,
};

export const tooMuchAtOnce: GatewayAnswer = { status: 429, message: "too much is being sent to the model at once" };

export const unreadableAnswer: GatewayAnswer = {
  status: 502,
  message: "the answer is not in a form that can be read, so its cost cannot be limited",
  retry: false,
};

/** A strict budget refuses what it cannot set the most aside for. `field`: what bounds the output. */
export function unbounded(field: string): GatewayAnswer {
  const message = `a strict budget lets out only requests whose most cost is known: with ${field}, and without tools that the API runs itself, such as web_search`;
  return { status: 402, message, retry: false };
}

/** Whatever is inside could raise the cost by it, and nothing in the response's prices would show it. */
export function surcharged(surcharge: string): GatewayAnswer {
  const message = `the request asks for something with a surcharge that the prices do not include: ${surcharge}; leave it out, or run without a limit of cost`;
  return { status: 402, message, retry: false };
}

/** What is used where the gateway does not see it cannot be limited. */
export function unmetered(what: string): GatewayAnswer {
  return { status: 402, message: `the request asks for something that cannot be metered: ${what}`, retry: false };
}

/** 402: each API has a status for it that its clients do not retry. */
export function limitSpent({ kind, name, unit, maxUsd = 0, maxTokens = 0 }: ExceededBudget): GatewayAnswer {
  const amount = unit === "usd" ? `$${maxUsd}` : `${maxTokens} tokens`;
  const message =
    kind === "shared"
      ? `what is left of the budget of ${amount}${name === "" ? "" : ` of ${name}`} that this run shares does not cover this request`
      : `the limit of ${amount} for this ${kind === "run" ? "run" : "sub-agent"} is spent`;
  return { status: 402, message, retry: false };
}

export function withoutPrice({
  model,
  speed,
}: {
  readonly model: string;
  readonly speed: string | undefined;
}): GatewayAnswer {
  const name = `${printable(model)}${speed === undefined ? "" : ` at the speed ${printable(speed)}`}`;
  const message = `the model ${name} has no price, so its cost cannot be limited; give it one with "prices" in the configuration, or run without a limit`;
  return { status: 402, message, retry: false };
}
