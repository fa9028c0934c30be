/** Starting, stopping, being killed and being refused: what {@code up} promises its operator. */
package chat.parley.e2e.lifecycle;
