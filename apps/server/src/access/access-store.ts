/** What a user may do: a viewer reads, a runner also starts runs and changes its own, an admin does everything. */
export type Role = "viewer" | "runner" | "admin";

export interface User {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly limits: { readonly concurrentRuns?: number; readonly budgetUsdPerDay?: number };
  readonly oidcSubject?: string;
  readonly createdAt: Date;
  readonly disabledAt?: Date;
}

export interface Token {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  /** The start of the text, which may be shown. */
  readonly prefix: string;
  /** SHA-256 of the text, in hexadecimal. */
  readonly hash: string;
  /** Narrows the role of the user. */
  readonly role?: Role;
  readonly createdAt: Date;
  readonly lastUsedAt?: Date;
  readonly expiresAt?: Date;
  readonly revokedAt?: Date;
}

export interface Session {
  readonly idHash: string;
  readonly userId: string;
  readonly csrf: string;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly expiresAt: Date;
}

export interface ShareLink {
  readonly id: string;
  readonly runId: string;
  readonly secretHash: string;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt?: Date;
}

export interface AuditEntry {
  readonly id: string;
  readonly at: Date;
  readonly userId?: string;
  readonly tokenId?: string;
  readonly action: string;
  readonly target?: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly address: string;
  readonly requestId: string;
}

export interface UserPatch {
  readonly role?: Role;
  readonly limits?: User["limits"];
  readonly oidcSubject?: string;
  readonly disabledAt?: Date | null;
}

/** The part of the store that access works with. */
export interface AccessStore {
  readonly users: {
    create(user: User): Promise<User>;
    get(id: string): Promise<User | undefined>;
    byName(name: string): Promise<User | undefined>;
    byOidcSubject(subject: string): Promise<User | undefined>;
    list(): Promise<readonly User[]>;
    update(id: string, patch: UserPatch): Promise<User | undefined>;
  };
  readonly tokens: {
    create(token: Token): Promise<Token>;
    byHash(hash: string): Promise<Token | undefined>;
    get(id: string): Promise<Token | undefined>;
    list(filter?: { readonly userId?: string }): Promise<readonly Token[]>;
    touch(id: string, at: Date): Promise<void>;
    /** True only for the one call that revokes it. */
    revoke(id: string, at: Date): Promise<boolean>;
  };
  readonly sessions: {
    create(session: Session): Promise<void>;
    get(idHash: string): Promise<Session | undefined>;
    touch(idHash: string, at: Date): Promise<void>;
    shorten(idHash: string, expiresAt: Date): Promise<void>;
    delete(idHash: string): Promise<boolean>;
    deleteOfUser(userId: string): Promise<void>;
    deleteExpired(now: Date, idleSince: Date): Promise<void>;
  };
  readonly links: {
    create(link: ShareLink): Promise<ShareLink>;
    bySecretHash(hash: string): Promise<ShareLink | undefined>;
    get(id: string): Promise<ShareLink | undefined>;
    list(runId: string): Promise<readonly ShareLink[]>;
    revoke(id: string, at: Date): Promise<boolean>;
  };
  readonly audit: { append(entry: Omit<AuditEntry, "id">): Promise<void> };
  readonly secrets: { getOrCreate(name: string, create: () => string): Promise<string> };
}
