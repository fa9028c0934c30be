/** The chat in a terminal, and in a pipe. */
package chat.parley.client.cli;
