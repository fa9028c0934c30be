/** The walls of the house: who may import whom, and how large a class may grow. */
package chat.parley.e2e.architecture;
