/**
 * {@code ./parley chaos}: a cluster of its own under load, faults from a seed, and a checker that
 * knows every acknowledged message and what every device was told.
 */
package chat.parley.chaos;
