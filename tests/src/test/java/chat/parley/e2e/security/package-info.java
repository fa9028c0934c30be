/** Who may do what, and what strangers may not, on every wire. */
package chat.parley.e2e.security;
