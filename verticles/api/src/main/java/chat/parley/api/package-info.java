/** HTTP: the API of v1, and the site. Knows logic by its addresses only. */
package chat.parley.api;
