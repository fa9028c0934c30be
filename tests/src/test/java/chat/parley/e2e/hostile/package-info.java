/** What one bad client does to the others: nothing. */
package chat.parley.e2e.hostile;
