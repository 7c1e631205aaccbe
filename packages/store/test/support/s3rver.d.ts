declare module "s3rver" {
  /** The part of s3rver that the tests use; it comes without types. */
  // biome-ignore lint/style/noDefaultExport: s3rver exports it so.
  export default class S3rver {
    constructor(options: {
      readonly port: number;
      readonly address: string;
      readonly silent: boolean;
      readonly directory: string;
      readonly configureBuckets: readonly { readonly name: string }[];
    });
    run(): Promise<{ readonly port: number }>;
    close(): Promise<void>;
  }
}
