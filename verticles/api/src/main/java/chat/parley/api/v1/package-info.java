/** The HTTP API that v1 clients speak: bytes to requests of logic, answers and errors to bytes. */
package chat.parley.api.v1;
