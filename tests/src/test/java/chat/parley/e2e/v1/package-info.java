/**
 * The v1 wire, line by line. {@code V1-CONFORMANCE.md} of this module says which test checks which
 * statement.
 */
package chat.parley.e2e.v1;
