/** Who may use the registry: everybody, or one user, who logs in to it or to its token server. */
export type RegistryAccess = "open" | "password" | "token";
/** The one user whom a registry with a login knows. */
export declare const registryUser: {
    readonly username: "me";
    readonly password: "pass-of-mine";
};
export interface TestRegistry extends AsyncDisposable {
    /** `127.0.0.1:PORT`. */
    readonly host: string;
    /** What was requested, each as `HEAD /v2/…`, with the answer's status. */
    readonly requests: string[];
    /** Writes the configuration of a docker CLI that has logged in, and returns its directory: `DOCKER_CONFIG`. */
    logIn(password?: string): Promise<string>;
}
/** Starts Debian's registry on loopback, with an empty store. Fails where it is not installed: see tooling/prepare-registry. */
export declare function startRegistry(access?: RegistryAccess): Promise<TestRegistry>;
//# sourceMappingURL=start-registry.d.ts.map