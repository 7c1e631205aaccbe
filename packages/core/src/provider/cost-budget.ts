import type { Spend } from "./spend.ts";

/**
 * A limit of what requests to models may use, as a gateway enforces it: a node of a tree, whose requests count for every node
 * above it too. `budget({ usd })` in `@glovebox/core` creates one.
 *
 * A request is any object that represents one request to a model, from before it leaves until its response has ended.
 */
export interface CostBudget {
  /** Whether this node or one above it limits US dollars: then every model needs a price. */
  readonly limitsCost: boolean;
  /** Whether this node or one above it is strict: then nothing leaves without a known maximum of what it can use. */
  readonly isStrict: boolean;
  /** This node, then those above it. */
  readonly totals: readonly BudgetTotals[];
  /** A node that has too little left for any request that is to be expected: a new run would be refused. */
  readonly exhausted: ExceededBudget | undefined;
  /** Returns a node below this one. Its limits hold beside those above it. */
  child(options: BudgetNodeOptions): CostBudget;
  /**
   * Returns the node that counts the requests of one of the harness's agents: below this one where this one limits each
   * agent, else this one.
   */
  forAgent(agentId: string): CostBudget;
  /**
   * Reserves a request at this node and at every one above, at all or at none, and waits while requests in flight hold what
   * it needs. Resolves to the node that it does not fit into, or to `undefined` once it is reserved. Rejects with the
   * signal's reason.
   */
  admit(request: object, spend: ExpectedSpend, signal: AbortSignal): Promise<ExceededBudget | undefined>;
  /** Replaces a reservation when more is known. Returns the node that it does not fit into: then the request must stop. */
  reserve(request: object, spend: KnownSpend): ExceededBudget | undefined;
  /** Ends a request. Without an amount, what is reserved for it counts as spent. Idempotent. */
  reconcile(request: object, spend?: Omit<KnownSpend, "isKnown">): void;
}

/** What a node of a budget limits. */
export interface BudgetNodeOptions {
  readonly kind: BudgetKind;
  /** For users: `batch 20261130-a1`. */
  readonly name: string;
  /** In US dollars. Default: no limit. */
  readonly usd?: number | undefined;
  /** Input, output, and what is written to the cache. Default: no limit. */
  readonly tokens?: number | undefined;
  /** Reserves the most that a request can use, so that the limits are never exceeded. Default: false. */
  readonly strict?: boolean | undefined;
  /** Of the limits, what was spent before. Default: nothing. */
  readonly spent?: Spend | undefined;
  /** What each of the harness's agents below this node may use. Default: no limit. */
  readonly perAgent?: { readonly usd?: number | undefined; readonly tokens?: number | undefined } | undefined;
  /** Called when a request has ended, with the node's totals. */
  readonly onSpend?: ((totals: BudgetTotals) => void) | undefined;
}

/** What a node of a budget is for: runs that share it, one run, or one of the harness's agents in it. */
export type BudgetKind = "shared" | "run" | "agent";

/** A node's limits, and what of them is spent. */
export interface BudgetTotals {
  readonly kind: BudgetKind;
  readonly name: string;
  readonly spentUsd: number;
  /** Absent without a limit. */
  readonly maxUsd?: number;
  readonly spentTokens: number;
  /** Absent without a limit. */
  readonly maxTokens?: number;
}

/** A node that refused or cut a request, with what is spent including that request. */
export interface ExceededBudget extends BudgetTotals {
  /** Which of its limits. */
  readonly unit: keyof Spend;
}

/** What a request may come to, before its response says. */
export interface ExpectedSpend {
  readonly expected: Spend;
  /** The most before its output begins to pass, where it can be cut. */
  readonly most: Spend;
  /** The most in all, with every token of output that it asks for. */
  readonly worst: Spend;
}

/** What a request has come to so far. */
export interface KnownSpend {
  readonly spent: Spend;
  /** What it may still come to. */
  readonly worst: Spend;
  /** Whether the response has reported what its input costs. */
  readonly isKnown: boolean;
}
