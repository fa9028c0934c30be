/** The faults that a soak chooses from. */
package chat.parley.chaos.faults;
