package chat.parley.bench;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * What a round is run against: the server, or the yardstick.
 *
 * @param name as the results have it
 * @param wire that the members speak
 * @param addresses of the members' connections, taken in turn
 * @param http where to log in, and where v1 posts
 * @param counters what it counts itself
 */
record Target(
    String name,
    Wire wire,
    List<InetSocketAddress> addresses,
    Http http,
    Accounts accounts,
    Processes processes,
    Counters counters) {}
