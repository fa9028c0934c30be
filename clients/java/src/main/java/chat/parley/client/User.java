package chat.parley.client;

/**
 * A user, seen by another.
 *
 * @param userId the user
 * @param userName the user's name
 * @param conversation the direct conversation with this user
 */
public record User(long userId, String userName, String conversation) {}
