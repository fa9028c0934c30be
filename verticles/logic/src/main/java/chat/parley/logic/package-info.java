/**
 * Accounts, rooms and the acceptance of messages. {@link chat.parley.logic.LogicVerticle} lists
 * what is served; the services decide; what is kept stands behind the ports of {@code
 * chat.parley.stores}. Everything of one verticle instance runs on its event loop, but for the
 * hashing of passwords.
 */
package chat.parley.logic;
