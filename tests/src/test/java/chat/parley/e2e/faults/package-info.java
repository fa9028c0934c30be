/**
 * Faults proved in the systems that Parley learned from; one class for each system, one test for
 * each fault that could come back here. Faults of a cluster are in {@code chat.parley.e2e.cluster}.
 */
package chat.parley.e2e.faults;
