import { join, resolve } from "node:path";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { type BlobStore, DiskBlobs, openStore, S3Blobs, type Store } from "@glovebox/store";
import { z } from "zod";

const dayMs = 24 * 60 * 60_000;

/** The settings of what a server keeps, in its configuration file. */
export const storeFileShape = {
  /** Where blobs are kept, if not in the state directory: a directory that all servers and workers share. */
  blobDirectory: z.string().min(1).optional(),
  /** A bucket for blobs, in place of a directory. */
  s3: z
    .strictObject({
      endpoint: z.url({ protocol: /^https?$/ }),
      region: z.string().min(1).optional(),
      prefix: z.string().optional(),
    })
    .optional(),
  /** Runs that ended longer ago are deleted. */
  keepRunsDays: z.number().positive().optional(),
};

type StoreFile = z.infer<z.ZodObject<typeof storeFileShape>>;
type Environment = Readonly<Record<string, string | undefined>>;

/** Where a server keeps what it keeps. */
export interface StoreSettings {
  readonly blobDirectory?: string;
  readonly s3?: NonNullable<StoreFile["s3"]>;
  readonly keepRunsMs?: number;
}

/** The settings of the file. Throws `invalid-options` for settings that exclude each other. */
export function resolveStore({ blobDirectory, s3, keepRunsDays }: StoreFile, cwd: string): StoreSettings {
  if (blobDirectory !== undefined && s3 !== undefined) {
    throw new InvalidOptionsError("blobDirectory and s3 cannot be used together");
  }
  return {
    ...(blobDirectory !== undefined && { blobDirectory: resolve(cwd, blobDirectory) }),
    ...(s3 !== undefined && { s3 }),
    ...(keepRunsDays !== undefined && { keepRunsMs: keepRunsDays * dayMs }),
  };
}

/** Opens the store of a state directory: on PostgreSQL if the environment has `DATABASE_URL`, else embedded. */
export async function openServerStore(stateDir: string, settings: StoreSettings, env: Environment): Promise<Store> {
  const blobs = blobsOf(settings, env);
  return await openStore({
    directory: join(stateDir, "store"),
    ...(env.DATABASE_URL && { databaseUrl: env.DATABASE_URL }),
    ...(blobs && { blobs }),
  });
}

function blobsOf({ blobDirectory, s3 }: StoreSettings, env: Environment): BlobStore | undefined {
  if (s3 === undefined) return blobDirectory === undefined ? undefined : new DiskBlobs(blobDirectory);
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (!accessKeyId || !secretAccessKey) {
    throw new InvalidOptionsError("The bucket for blobs needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
  }
  const { endpoint, region, prefix } = s3;
  return new S3Blobs({
    ...{ endpoint, accessKeyId, secretAccessKey },
    ...(region !== undefined && { region }),
    ...(prefix !== undefined && { prefix }),
  });
}
