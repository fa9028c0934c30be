/** The site in a real Chromium. */
package chat.parley.e2e.browser;
