/**
 * A client of Parley for the JVM: {@link chat.parley.client.ParleyClient} connects, sends, receives
 * and goes on after every loss of its connection. Speaks the v2 wire; needs nothing of the server.
 */
package chat.parley.client;
