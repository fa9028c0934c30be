/**
 * The program: command line, settings, what a process deploys, its management, scaling. Imports
 * every module; nothing imports it.
 */
package chat.parley.app;
