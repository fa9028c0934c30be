/** HTTP: the APIs of v1 and v2, and the site. Knows logic by its addresses only. */
package chat.parley.api;
