/**
 * What the end-to-end tests drive Parley with: processes, clusters and clients of the v1 wire.
 * Nothing here imports a class of the server: it is told what to do by command lines, settings and
 * sockets, as its users do.
 */
package chat.parley.e2e.support;
