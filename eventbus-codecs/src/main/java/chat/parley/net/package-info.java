/** Who is at the other end of a connection, as limits count it. */
package chat.parley.net;
