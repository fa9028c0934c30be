/** The promises of v2, from the outside: the Java client, bare frames and HTTP. */
package chat.parley.e2e.v2;
