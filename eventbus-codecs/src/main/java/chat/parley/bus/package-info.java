/**
 * The contract of the mesh: addresses, codec, errors and clients of what crosses the event bus. The
 * messages themselves are in {@code src/main/proto}. Knows nothing of who serves an address.
 */
package chat.parley.bus;
