package chat.parley.client;

/**
 * Someone in a room.
 *
 * @param userId the user
 * @param userName the user's name
 */
public record Member(long userId, String userName) {}
