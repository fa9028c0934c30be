/** What every HTTP server here has: a clear start, bounds against silence, a stop that drains. */
package chat.parley.api.http;
