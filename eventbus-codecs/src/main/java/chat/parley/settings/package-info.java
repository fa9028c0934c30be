/** How a verticle's deployment configuration becomes typed records that check themselves. */
package chat.parley.settings;
