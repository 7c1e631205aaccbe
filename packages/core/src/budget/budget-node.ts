import { InvalidOptionsError } from "../errors/index.ts";
import type {
  BudgetKind,
  BudgetNodeOptions,
  BudgetTotals,
  CostBudget,
  ExceededBudget,
  ExpectedSpend,
  KnownSpend,
} from "../provider/cost-budget.ts";
import { dropUndefined } from "../provider/drop-undefined.ts";
import type { Spend } from "../provider/spend.ts";
import { BudgetQueue } from "./budget-queue.ts";

/** What is set aside for a request in flight. */
interface Reservation {
  readonly amount: Spend;
  /** What it may come to before its response has reported its input. */
  readonly most: Spend;
  readonly isKnown: boolean;
}

const nothing: Spend = { usd: 0, tokens: 0 };
const units = ["usd", "tokens"] as const;
/** Whoever is inside chooses the names of agents. */
const mostAgents = 1000;

/**
 * A node of a tree of budgets. A request is reserved at its node and at every one above, and settled there with what it has
 * used. It holds in this process.
 *
 * A strict node reserves the most that a request can use. Another one reserves what it is expected to use, which grows while
 * the response passes: requests whose input is not known yet run together only while the most that they may use fits, beyond
 * that one at a time.
 */
export class BudgetNode implements CostBudget {
  readonly kind: BudgetKind;
  readonly name: string;
  readonly strict: boolean;
  /** This node, then those above it. */
  readonly path: readonly BudgetNode[];
  readonly #limits: Partial<Spend>;
  readonly #perAgent: BudgetNodeOptions["perAgent"];
  readonly #onSpend: BudgetNodeOptions["onSpend"];
  readonly #queue: BudgetQueue;
  readonly #reserved = new Map<object, Reservation>();
  readonly #agents = new Map<string, BudgetNode>();
  #spent: Spend;
  /** The least that a request could have used so far. */
  #smallest: Spend | undefined;

  /** Throws `invalid-options` for a limit that is not a number of at least 0. */
  constructor(options: BudgetNodeOptions, parent?: BudgetNode) {
    const { usd, tokens, perAgent, spent = nothing } = options;
    for (const amount of [usd, tokens, perAgent?.usd, perAgent?.tokens, spent.usd, spent.tokens]) {
      if (amount !== undefined && !(amount >= 0)) throw new InvalidOptionsError("A limit of a budget is not an amount");
    }
    this.kind = options.kind;
    this.name = options.name;
    this.strict = options.strict ?? false;
    this.path = [this, ...(parent?.path ?? [])];
    this.#limits = dropUndefined({ usd, tokens });
    this.#perAgent = perAgent;
    this.#onSpend = options.onSpend;
    this.#queue = parent === undefined ? new BudgetQueue() : parent.#queue;
    this.#spent = spent;
  }

  get spentUsd(): number {
    return this.#spent.usd;
  }

  get spentTokens(): number {
    return this.#spent.tokens;
  }

  /** What is reserved for requests in flight, in US dollars. */
  get reservedUsd(): number {
    return this.#sum("usd", "amount");
  }

  /** What no request has spent or reserved, in US dollars. Infinite without a limit. */
  get remainingUsd(): number {
    return Math.max(0, (this.#limits.usd ?? Number.POSITIVE_INFINITY) - this.spentUsd - this.reservedUsd);
  }

  get limitsCost(): boolean {
    return this.path.some((node) => node.#limits.usd !== undefined || node.#perAgent?.usd !== undefined);
  }

  get isStrict(): boolean {
    return this.path.some(({ strict }) => strict);
  }

  get totals(): readonly BudgetTotals[] {
    return this.path.map((node) => node.#totals());
  }

  get exhausted(): ExceededBudget | undefined {
    for (const node of this.path) {
      const smallest = node.#smallest ?? nothing;
      const isSpent = (unit: keyof Spend) => node.#spent[unit] >= (node.#limits[unit] ?? Number.POSITIVE_INFINITY);
      const unit = units.find((one) => isSpent(one) || node.#isOver(one, smallest[one]));
      if (unit !== undefined) return { ...node.#totals(), unit };
    }
    return undefined;
  }

  child(options: BudgetNodeOptions): BudgetNode {
    return new BudgetNode(options, this);
  }

  forAgent(agentId: string): BudgetNode {
    if (this.#perAgent === undefined) return this;
    const name = this.#agents.has(agentId) || this.#agents.size < mostAgents ? agentId : "others";
    const node = this.#agents.get(name) ?? this.child({ kind: "agent", name, strict: this.strict, ...this.#perAgent });
    this.#agents.set(name, node);
    return node;
  }

  admit(request: object, spend: ExpectedSpend, signal: AbortSignal): Promise<ExceededBudget | undefined> {
    for (const node of this.path) node.#smallest = lesser(node.#smallest, node.#expected(spend));
    return this.#queue.enter({ node: this, request, spend }, signal);
  }

  reserve(request: object, spend: KnownSpend): ExceededBudget | undefined {
    for (const node of this.path) {
      const unit = units.find((one) => node.#isPastLimit(one, request, node.#settled(spend)));
      if (unit !== undefined) return { ...node.#totals(spend.spent), unit };
    }
    for (const node of this.path) node.#replace(request, spend);
    this.#queue.admitNext();
    return undefined;
  }

  reconcile(request: object, spend?: Omit<KnownSpend, "isKnown">): void {
    for (const node of this.path) node.#conclude(request, spend);
    this.#queue.admitNext();
  }

  /** Why a request can never be reserved here. */
  refusal(spend: ExpectedSpend): ExceededBudget | undefined {
    const amount = this.#expected(spend);
    const unit = units.find((one) => this.#isOver(one, amount[one]));
    return unit === undefined ? undefined : { ...this.#totals(), unit };
  }

  /** Whether a request fits beside those in flight. */
  hasRoom(spend: ExpectedSpend): boolean {
    const amount = this.#expected(spend);
    const isAlone = [...this.#reserved.values()].every(({ isKnown }) => isKnown);
    return units.every(
      (unit) =>
        !this.#isOver(unit, this.#sum(unit, "amount") + amount[unit]) &&
        (isAlone || !this.#isOver(unit, this.#sum(unit, "most") + this.#most(spend)[unit])),
    );
  }

  /** Sets a request's amount aside. Only the queue calls it, which has asked every node before. */
  hold(request: object, spend: ExpectedSpend): void {
    this.#reserved.set(request, { amount: this.#expected(spend), most: this.#most(spend), isKnown: false });
  }

  #expected({ expected, worst }: ExpectedSpend): Spend {
    return this.strict ? worst : expected;
  }

  #most({ most, worst }: ExpectedSpend): Spend {
    return this.strict ? worst : most;
  }

  #settled({ spent, worst }: Omit<KnownSpend, "isKnown">): Spend {
    return this.strict ? worst : spent;
  }

  #isOver(unit: keyof Spend, amount: number): boolean {
    const limit = this.#limits[unit];
    return limit !== undefined && this.#spent[unit] + amount > limit;
  }

  /** Whether a reservation has grown over the limit. */
  #isPastLimit(unit: keyof Spend, request: object, amount: Spend): boolean {
    const before = this.#reserved.get(request)?.amount[unit] ?? 0;
    return amount[unit] > before && this.#isOver(unit, this.#sum(unit, "amount") - before + amount[unit]);
  }

  #replace(request: object, spend: KnownSpend): void {
    const amount = this.#settled(spend);
    const before = this.#reserved.get(request);
    const most = spend.isKnown || before === undefined ? amount : greater(before.most, amount);
    this.#reserved.set(request, { amount, most, isKnown: spend.isKnown });
  }

  #conclude(request: object, spend: Omit<KnownSpend, "isKnown"> | undefined): void {
    const reservation = this.#reserved.get(request);
    if (reservation === undefined) return;
    this.#reserved.delete(request);
    const { usd, tokens } = spend === undefined ? reservation.amount : this.#settled(spend);
    this.#spent = { usd: this.#spent.usd + usd, tokens: this.#spent.tokens + tokens };
    this.#onSpend?.(this.#totals());
  }

  #sum(unit: keyof Spend, part: "amount" | "most"): number {
    let total = 0;
    // Summed up again each time: a running total would drift by what floating point rounds.
    for (const reservation of this.#reserved.values()) total += reservation[part][unit];
    return total;
  }

  #totals(more: Spend = nothing): BudgetTotals {
    return {
      kind: this.kind,
      name: this.name,
      spentUsd: this.#spent.usd + more.usd,
      spentTokens: this.#spent.tokens + more.tokens,
      ...dropUndefined({ maxUsd: this.#limits.usd, maxTokens: this.#limits.tokens }),
    };
  }
}

function lesser(one: Spend | undefined, other: Spend): Spend {
  return one === undefined ? other : { usd: Math.min(one.usd, other.usd), tokens: Math.min(one.tokens, other.tokens) };
}

function greater(one: Spend, other: Spend): Spend {
  return { usd: Math.max(one.usd, other.usd), tokens: Math.max(one.tokens, other.tokens) };
}
