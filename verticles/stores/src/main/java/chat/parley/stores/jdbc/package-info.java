/**
 * The database adapters of {@link chat.parley.stores.AccountStore} and {@link
 * chat.parley.stores.MessageStore}, on H2 and PostgreSQL, through Vert.x's JDBC client over a
 * HikariCP pool. {@link chat.parley.stores.jdbc.JdbcStores} puts them together.
 */
package chat.parley.stores.jdbc;
