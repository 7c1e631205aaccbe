import { type Selectable, sql, type Transaction } from "kysely";
import type { Tables } from "../schema/tables.ts";
import type { Claimant } from "./run-queue.ts";

/**
 * Claims queued runs for a worker. Nobody else may claim at the same time. A run waits while its user or its batch runs as many as
 * allowed, or has used up its budget; one that starts may cost what is left of the budgets.
 */
export async function claimQueued(
  transaction: Transaction<Tables>,
  { workerId, providers, leaseMs }: Claimant,
  count: number,
): Promise<readonly Selectable<Tables["runs"]>[]> {
  const { rows } = await sql<Selectable<Tables["runs"]>>`
    with active as (
      select user_id, batch_id from runs where state = 'running'
    ), user_room as (
      select users.id,
        (limits->>'concurrentRuns')::integer - (select count(*) from active where active.user_id = users.id) as runs,
        (limits->>'budgetUsdPerDay')::double precision - coalesce((
          select sum(cost_usd) from runs where user_id = users.id
            and started_at >= date_trunc('day', now() at time zone 'utc') at time zone 'utc'), 0) as usd
      from users where id in (select user_id from runs where state = 'queued')
    ), batch_room as (
      select batches.id,
        concurrency - (select count(*) from active where active.batch_id = batches.id) as runs,
        max_cost_usd - coalesce((select sum(cost_usd) from runs where batch_id = batches.id), 0) as usd
      from batches where id in (select batch_id from runs where state = 'queued')
    ), in_turn as (
      select runs.id, runs.user_id, runs.priority, runs.created_at, user_room.runs as user_runs, batch_room.runs as batch_runs,
        least(user_room.usd, batch_room.usd) as usd,
        row_number() over (partition by runs.batch_id order by runs.priority desc, runs.created_at, runs.id) as turn
      from runs
        join user_room on user_room.id = runs.user_id
        left join batch_room on batch_room.id = runs.batch_id
      where runs.state = 'queued' and runs.provider in (${sql.join(providers)})
        and coalesce(least(user_room.usd, batch_room.usd), 1) > 0
    ), startable as (
      select *, row_number() over (partition by user_id order by priority desc, created_at, id) as turn_of_user
      from in_turn where batch_runs is null or turn <= batch_runs
    ), chosen as (
      select id, usd from startable where user_runs is null or turn_of_user <= user_runs
      order by priority desc, created_at, id limit ${count}
    )
    update runs set state = 'running', epoch = epoch + 1, worker_id = ${workerId}, has_begun = false,
      started_at = coalesce(started_at, clock_timestamp()), phase = 'preparing',
      lease_until = clock_timestamp() + make_interval(secs => ${leaseMs / 1000}::double precision),
      max_cost_usd = least(max_cost_usd, chosen.usd)
    from chosen where runs.id = chosen.id and runs.state = 'queued'
    returning runs.*
  `.execute(transaction);
  return rows;
}
