/** Signs tokens that a registry takes. */
export interface TokenIssuer {
    /** The certificate that the registry has to trust. */
    readonly certificateFile: string;
    /** A token for scopes, `repository:NAME:pull,push`, several with spaces between them. */
    token(scopes: string): string;
}
/** Makes a key and a certificate in a directory. */
export declare function tokenIssuer(directory: string): Promise<TokenIssuer>;
//# sourceMappingURL=token-issuer.d.ts.map