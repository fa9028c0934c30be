/**
 * Connect: sockets, sessions, delivery. One verticle instance is one event loop is one {@link
 * chat.parley.connect.Bucket}; a process has one {@link chat.parley.connect.ConnectNode}, which
 * hands what arrives for it to its buckets by reference.
 */
package chat.parley.connect;
