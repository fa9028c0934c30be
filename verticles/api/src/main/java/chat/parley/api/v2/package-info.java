/**
 * The HTTP API of v2, for services: resources, status codes, {@code application/problem+json}.
 * Described in docs/api-v2.md.
 */
package chat.parley.api.v2;
