/**
 * Sandboxes as pods of a Kubernetes cluster.
 *
 * @module @glovebox/provider-kubernetes
 */
export {};
