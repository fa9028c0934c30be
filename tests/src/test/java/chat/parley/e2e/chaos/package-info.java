/** The soak itself: that it finds what it is there for, and a short one. */
package chat.parley.e2e.chaos;
