import type { Kysely } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { firstSchema } from "./first-schema.ts";
import type { Tables } from "./tables.ts";

/** In the order of their names. A migration that was released is never changed. */
const migrations: Readonly<Record<string, Migration>> = {
  "2026-12-01-first-schema": { up: firstSchema },
};

/** Brings the database to this version's schema. Processes that start at the same time wait for each other. */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableName: "glovebox_migrations",
    migrationLockTableName: "glovebox_migration_lock",
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}
