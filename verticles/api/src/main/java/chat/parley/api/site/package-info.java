/** The static chat site: files read once, served from memory. */
package chat.parley.api.site;
